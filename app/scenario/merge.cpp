#include "app/scenario/merge.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

constexpr std::size_t deepest_chain = 16;

std::vector<std::string_view> keys_of(const Node& object) {
  std::vector<std::string_view> keys;
  for (const Node& child : object.children)
    keys.push_back(child.key);
  return keys;
}

void remove(Node& object, std::string_view key) {
  std::erase_if(object.children, [&](const Node& child) { return child.key == key; });
}

std::string canonical(const std::string& path) {
  std::error_code error;
  const auto found = std::filesystem::weakly_canonical(path, error);
  return error ? path : found.string();
}

/// The file and its bases, merged. `chain` holds the files that led here.
std::optional<Node> load_with_bases(const std::string& path, std::vector<std::string>& chain,
                                    Diagnostics& diagnostics) {
  chain.push_back(canonical(path));
  std::optional<Node> node = load_document(path, diagnostics);
  if (!node) return std::nullopt;
  if (node->kind != Node::Kind::object) {
    diagnostics.error(node->place, {}, "expected an object, found " + describe(*node),
                      "a scenario is a JSON object");
    return std::nullopt;
  }
  const Node* extends = node->find("extends");
  if (!extends) return node;
  const auto refuse = [&](std::string message, std::string hint = {}) -> std::optional<Node> {
    diagnostics.error(extends->place, "/extends", std::move(message), std::move(hint));
    return std::nullopt;
  };
  if (extends->kind != Node::Kind::string)
    return refuse("expected the path of a file, found " + describe(*extends));
  const std::string base_path = diagnostics.sources.path_from(extends->place.file, extends->text);
  const std::string target = canonical(base_path);
  for (const std::string& earlier : chain)
    if (earlier == target)
      return refuse("the files extend each other in a circle",
                    "this leads back to " + extends->text);
  if (chain.size() >= deepest_chain)
    return refuse(fmt::format("more than {} files extend each other", deepest_chain));
  std::error_code ignored;
  if (!std::filesystem::exists(base_path, ignored))
    return refuse(fmt::format("there is no file \"{}\"", base_path));

  if (std::filesystem::is_directory(base_path, ignored))
    return refuse(fmt::format("\"{}\" is a directory", base_path), "name the file in it");

  std::optional<Node> base = load_with_bases(base_path, chain, diagnostics);
  if (!base) return std::nullopt;
  remove(*node, "extends");
  base->place = node->place;  // errors about the whole point into the file that was asked for
  merge_into(*base, std::move(*node), diagnostics);
  return base;
}

}  // namespace

void merge_into(Node& base, Node overlay, Diagnostics& diagnostics, const std::string& pointer) {
  for (Node& child : overlay.children) {
    const std::string at = pointer + pointer_step(child.key);
    Node* present = base.find(child.key);
    if (child.kind == Node::Kind::null) {
      const auto keys = keys_of(base);
      if (present)
        remove(base, child.key);
      else
        diagnostics.error(
            child.key_place, at,
            fmt::format("there is no \"{}\" in the file extended that null could remove",
                        child.key),
            suggestion(child.key, keys));
    } else if (present && present->kind == Node::Kind::object && child.kind == Node::Kind::object) {
      present->place = child.place;
      present->key_place = child.key_place;
      merge_into(*present, std::move(child), diagnostics, at);
    } else if (present) {
      *present = std::move(child);
    } else {
      base.children.push_back(std::move(child));
    }
  }
}

namespace {

/// Data files are named from the folder of the scenario that names them. Their paths are made
/// absolute, so that a resolved scenario means the same from anywhere.
void make_paths_absolute(Node& node, const Sources& sources, bool inside_replay) {
  const bool names_file = node.key == "empirical" || node.key == "replay" ||
                          node.key == "platform" || (inside_replay && node.key == "file");
  if (names_file && node.kind == Node::Kind::string && !node.text.empty()) {
    std::error_code failed;
    const auto path =
        std::filesystem::absolute(sources.path_from(node.place.file, node.text), failed);
    if (!failed) node.text = path.lexically_normal().string();
  }
  for (Node& child : node.children)
    make_paths_absolute(child, sources, node.key == "replay");
}

}  // namespace

std::optional<Node> load_scenario(const std::string& path, std::span<const std::string> settings,
                                  Diagnostics& diagnostics) {
  std::vector<std::string> chain;
  std::optional<Node> root = load_with_bases(path, chain, diagnostics);
  if (!root) return std::nullopt;
  for (const std::string& setting : settings)
    apply_setting(*root, setting, diagnostics);
  make_paths_absolute(*root, diagnostics.sources, false);
  return root;
}

}  // namespace headroom
