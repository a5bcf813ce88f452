#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "app/scenario/merge.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

constexpr std::pair<std::string_view, std::string_view> options_with_path[] = {
    {"--seed", "run.seed"},
    {"--replications", "run.replications"},
    {"--duration", "run.duration"},
    {"--network", "network.engine"},
};
constexpr std::pair<std::string_view, std::string_view> nouns[] = {
    {"services", "service"}, {"workloads", "workload"}, {"slos", "SLO"}, {"keys", "key space"}};

/// Reads "[12]" at the start of `text`; its length, or 0.
std::size_t parse_index(std::string_view text, std::size_t& index) {
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + 1, last, index);
  if (error != std::errc() || end == last || *end != ']') return 0;
  return static_cast<std::size_t>(end + 1 - text.data());
}

void move_places(Node& node, std::uint32_t file) {
  node.place.file = file;
  node.key_place.file = file;
  for (Node& child : node.children)
    move_places(child, file);
}

std::string pointer_of(const std::vector<PathStep>& path) {
  std::string pointer;
  for (const PathStep& step : path)
    pointer += step.index ? '/' + std::to_string(*step.index) : pointer_step(step.key);
  return pointer;
}

/// The option that was typed, the path it sets where it has one of its own, and its argument.
struct Typed {
  std::string_view option = "--set", path = {}, argument = {};
};

Typed typed_of(std::string_view setting) {
  if (!setting.starts_with("--")) return {.argument = setting};
  const std::size_t space = std::min(setting.find(' '), setting.size());
  Typed typed{.option = setting.substr(0, space)};
  typed.argument = setting.substr(std::min(space + 1, setting.size()));
  for (const auto& [option, path] : options_with_path)
    if (option == typed.option) typed.path = path;
  return typed;
}

std::string_view path_of(const Typed& typed) {
  return typed.path.empty() ? typed.argument.substr(0, find_equals(typed.argument)) : typed.path;
}

std::string_view value_of(const Typed& typed) {
  const std::size_t begin = typed.path.empty() ? path_of(typed).size() + 1 : 0;
  return typed.argument.substr(std::min(begin, typed.argument.size()));
}

/// One argument on its way into the document.
class Setting {
 public:
  Setting(const Typed& typed, Diagnostics& diagnostics)
      : diagnostics_(diagnostics),
        option_(typed.option),
        path_(typed.path),
        file_(diagnostics.sources.add(option_, std::string(typed.argument))) {}

  bool apply(Node& root);

 private:
  bool add_kill(Node& root, std::string_view target);
  bool refuse(std::size_t offset, std::size_t length, std::string message, std::string hint = {}) {
    diagnostics_.error(place(offset, length), pointer_, std::move(message), std::move(hint));
    return false;
  }
  Place place(std::size_t offset, std::size_t length) const {
    return {file_, static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length)};
  }
  Node* descend(Node& node, const PathStep& step);
  bool has_that_name(const Node& named, const std::vector<PathStep>& path);
  bool read_value(const std::vector<PathStep>& path, std::string_view text, std::size_t offset,
                  Node& value);
  bool put(Node& parent, const PathStep& step, Node value);

  bool apply_value(Node& root, const std::vector<PathStep>& path, std::string_view text,
                   std::size_t offset);

  Diagnostics& diagnostics_;
  std::string option_;
  std::string_view path_;  ///< Empty where the argument begins with one.
  std::uint32_t file_;
  std::string pointer_;
};

/// The child of that step, made an object when it is not there yet.
Node* Setting::descend(Node& node, const PathStep& step) {
  pointer_ += step.index ? '/' + std::to_string(*step.index) : pointer_step(step.key);
  if (step.index) {
    const bool in_list = node.kind == Node::Kind::array && *step.index < node.children.size();
    if (in_list) return &node.children[*step.index];
    refuse(step.offset, step.length,
           node.kind == Node::Kind::array
               ? fmt::format("the list has {} items, counted from 0", node.children.size())
               : fmt::format("an index needs a list, and here is {}", describe(node)));
    return nullptr;
  }
  if (node.kind != Node::Kind::object) {
    refuse(step.offset, step.length, fmt::format("{} has no key \"{}\"", describe(node), step.key),
           node.kind == Node::Kind::array ? "an item of a list is written [0]" : "");
    return nullptr;
  }
  if (Node* child = node.find(step.key)) return child;
  Node& child = node.children.emplace_back();
  child.kind = Node::Kind::object;
  child.key = step.key;
  child.place = child.key_place = place(step.offset, step.length);
  return &child;
}

bool Setting::read_value(const std::vector<PathStep>& path, std::string_view text,
                         std::size_t offset, Node& value) {
  const std::size_t mark = diagnostics_.mark();
  // Places are those of the whole argument: what is before the value is blank.
  const std::uint32_t scratch =
      diagnostics_.sources.add(option_, std::string(offset, ' ') + std::string(text));
  std::optional<Node> parsed = parse_document(scratch, diagnostics_);
  std::vector<Diagnostic> errors = diagnostics_.take_since(mark);
  const bool means_json =
      !text.empty() && std::string_view("{[\"").find(text[0]) != std::string_view::npos;
  if (!errors.empty() && means_json) {
    for (Diagnostic& error : errors) {
      error.place.file = file_;
      if (!error.pointer.empty()) error.pointer.insert(0, pointer_of(path));
    }
    diagnostics_.put_back(std::move(errors));
    return false;
  }
  if (parsed) {
    value = std::move(*parsed);
    move_places(value, file_);
  } else {
    value.kind = Node::Kind::string;
    value.text = text;
    value.place = place(offset, text.size());
  }
  return true;
}

bool Setting::put(Node& parent, const PathStep& step, Node value) {
  const bool removes = value.kind == Node::Kind::null;
  if (removes && !step.index && parent.kind == Node::Kind::object && !parent.find(step.key)) {
    std::vector<std::string_view> keys;
    for (const Node& child : parent.children)
      keys.push_back(child.key);
    return refuse(step.offset, step.length, fmt::format("there is no \"{}\" to remove", step.key),
                  suggestion(step.key, keys));
  }
  Node* target = descend(parent, step);
  if (!target) return false;
  if (removes) {
    parent.children.erase(parent.children.begin() + (target - parent.children.data()));
    return true;
  }
  value.key = std::move(target->key);
  value.key_place = place(step.offset, step.length);
  *target = std::move(value);
  return true;
}

bool Setting::apply(Node& root) {
  const std::string_view argument = diagnostics_.sources.text(file_);
  if (option_ == "--without") return add_kill(root, argument);
  std::string why;
  if (!path_.empty()) {
    auto path = *parse_path(path_, why);
    for (PathStep& step : path)
      step.offset = step.length = 0;  // nobody has typed it
    return apply_value(root, path, argument, 0);
  }
  const std::size_t equals = find_equals(argument);
  if (equals == std::string_view::npos)
    return refuse(0, argument.size(), option_ + " needs PATH=VALUE",
                  "for example --set run.seed=7");
  const auto path = parse_path(argument.substr(0, equals), why);
  if (!path) return refuse(0, equals, why, "for example failures[0].at");
  if (path->front().key == "extends")
    return refuse(0, equals, "what a scenario extends is read before it is set",
                  "write \"extends\" into a file");
  return apply_value(root, *path, argument.substr(equals + 1), equals + 1);
}

/// A failure of that target from the start of the measurement on.
bool Setting::add_kill(Node& root, std::string_view target) {
  Node* failures = descend(root, {"failures", {}, 0, target.size()});
  if (!failures) return false;
  if (failures->children.empty()) failures->kind = Node::Kind::array;
  Node& failure = failures->children.emplace_back();
  failure.kind = Node::Kind::object;
  for (const auto& [key, text] :
       {std::pair<std::string, std::string_view>{"at", "0s"}, {"kill", target}}) {
    Node& member = failure.children.emplace_back();
    member.kind = Node::Kind::string;
    member.key = key;
    member.text = text;
    member.place = member.key_place = place(0, target.size());
  }
  failure.place = place(0, target.size());
  return true;
}

bool Setting::apply_value(Node& root, const std::vector<PathStep>& path, std::string_view text,
                          std::size_t offset) {
  Node value;
  if (!read_value(path, text, offset, value)) return false;
  Node* node = &root;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    if (i == 1 && !has_that_name(*node, path)) return false;
    node = descend(*node, path[i]);
    if (!node) return false;
  }
  return put(*node, path.back(), std::move(value));
}

/// A deeper path into a service (a workload, ...) that the file does not have is a slip of the pen.
bool Setting::has_that_name(const Node& named, const std::vector<PathStep>& path) {
  const std::string& section = path[0].key;
  const auto noun = std::find_if(std::begin(nouns), std::end(nouns),
                                 [&](const auto& each) { return each.first == section; });
  if (noun == std::end(nouns) || named.kind != Node::Kind::object || path[1].index ||
      named.find(path[1].key))
    return true;
  std::vector<std::string_view> names;
  for (const Node& child : named.children)
    names.push_back(child.key);
  pointer_ += pointer_step(path[1].key);
  return refuse(path[1].offset, path[1].length,
                fmt::format("there is no {} \"{}\"", noun->second, path[1].key),
                suggestion(path[1].key, names));
}

}  // namespace

std::size_t find_equals(std::string_view argument) {
  for (std::size_t i = 0; i < argument.size(); ++i) {
    if (argument[i] == '\\')
      ++i;
    else if (argument[i] == '=')
      return i;
  }
  return std::string_view::npos;
}

std::optional<std::vector<PathStep>> parse_path(std::string_view path, std::string& why) {
  std::vector<PathStep> steps;
  std::size_t at = 0;
  while (at < path.size()) {
    PathStep step;
    step.offset = at;
    if (path[at] == '[' && !steps.empty()) {
      std::size_t index = 0;
      step.length = parse_index(path.substr(at), index);
      if (step.length == 0) {
        why = "an index is a number in brackets";
        return std::nullopt;
      }
      step.index = index;
      at += step.length;
    } else {
      while (at < path.size() && path[at] != '.' && path[at] != '[') {
        if (path[at] == '\\' && at + 1 < path.size()) ++at;
        step.key += path[at++];
      }
      step.length = at - step.offset;
    }
    if (!step.index && step.key.empty()) {
      why = "the path has an empty step";
      return std::nullopt;
    }
    steps.push_back(std::move(step));
    if (at < path.size() && path[at] == '.') {
      ++at;
      if (at == path.size()) steps.clear();
    }
  }
  if (steps.empty()) {
    why = "the path ends where a key should follow";
    return std::nullopt;
  }
  return steps;
}

std::optional<std::pair<std::string, std::string>> contradiction(
    std::span<const std::string> settings) {
  std::map<std::string_view, Typed> by_path;
  for (const std::string& setting : settings) {
    const Typed typed = typed_of(setting);
    const auto [before, is_new] = by_path.try_emplace(path_of(typed), typed);
    if (is_new || value_of(before->second) == value_of(typed)) continue;
    return std::pair(fmt::format("{} {}", before->second.option, before->second.argument),
                     fmt::format("{} {}", typed.option, typed.argument));
  }
  return std::nullopt;
}

std::optional<std::string> setting_of(std::string_view path,
                                      std::span<const std::string> settings) {
  for (const std::string& setting : settings) {
    const Typed typed = typed_of(setting);
    if (path_of(typed) == path) return fmt::format("{} {}", typed.option, typed.argument);
  }
  return std::nullopt;
}

std::string as_path(std::string_view setting) {
  const Typed typed = typed_of(setting);
  return fmt::format("{}={}", path_of(typed), value_of(typed));
}

bool apply_setting(Node& root, const std::string& argument, Diagnostics& diagnostics) {
  return Setting(typed_of(argument), diagnostics).apply(root);
}

}  // namespace headroom
