#include "app/scenario/document.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace headroom {

void Node::sort_members() {
  constexpr std::size_t many = 32;  // Chosen: fewer are compared as quickly one by one.
  by_key_.clear();
  if (kind != Kind::object || children.size() < many) return;
  for (std::uint32_t member = 0; member < children.size(); ++member)
    by_key_.push_back(member);
  std::stable_sort(by_key_.begin(), by_key_.end(), [&](std::uint32_t one, std::uint32_t other) {
    return children[one].key < children[other].key;
  });
}

const Node* Node::find(std::string_view wanted) const {
  if (by_key_.size() == children.size() && !by_key_.empty()) {
    const auto found = std::lower_bound(
        by_key_.begin(), by_key_.end(), wanted,
        [&](std::uint32_t member, std::string_view key) { return children[member].key < key; });
    if (found != by_key_.end() && children[*found].key == wanted) return &children[*found];
  }
  for (const Node& child : children)
    if (child.key == wanted) return &child;
  return nullptr;
}

Node* Node::find(std::string_view wanted) {
  return const_cast<Node*>(static_cast<const Node*>(this)->find(wanted));
}

std::string pointer_step(std::string_view key) {
  std::string step = "/";
  for (char c : key) {
    if (c == '~')
      step += "~0";
    else if (c == '/')
      step += "~1";
    else
      step += c;
  }
  return step;
}

std::string service_pointer(std::string_view service) {
  return "/services" + pointer_step(service);
}

namespace {

std::string unescaped(std::string_view step) {
  std::string key;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const bool escape = step[i] == '~' && i + 1 < step.size();
    key += escape ? (step[++i] == '0' ? '~' : '/') : step[i];
  }
  return key;
}

const Node* child_at(const Node& node, std::string_view step) {
  if (node.kind == Node::Kind::object) return node.find(unescaped(step));
  if (node.kind != Node::Kind::array) return nullptr;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  const bool is_index = error == std::errc() && end == step.data() + step.size();
  return is_index && index < node.children.size() ? &node.children[index] : nullptr;
}

/// Follows the pointer as far as it goes; `rest` is what is left of it.
const Node& follow(const Node& root, std::string_view pointer, std::string_view& rest) {
  const Node* node = &root;
  while (pointer.starts_with('/')) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const Node* next = child_at(*node, pointer.substr(1, end - 1));
    if (!next) break;
    node = next;
    pointer.remove_prefix(end);
  }
  rest = pointer;
  return *node;
}

nlohmann::ordered_json to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return nullptr;
    case Node::Kind::boolean:
      return node.truth;
    case Node::Kind::string:
      return node.text;
    case Node::Kind::number:
      return nlohmann::ordered_json::parse(node.text, nullptr, false);
    case Node::Kind::array: {
      auto list = nlohmann::ordered_json::array();
      for (const Node& child : node.children)
        list.push_back(to_json(child));
      return list;
    }
    case Node::Kind::object: {
      auto object = nlohmann::ordered_json::object();
      for (const Node& child : node.children)
        object[child.key] = to_json(child);
      return object;
    }
  }
  return nullptr;
}

}  // namespace

const Node* at_pointer(const Node& root, std::string_view pointer) {
  std::string_view rest;
  const Node& node = follow(root, pointer, rest);
  return rest.empty() ? &node : nullptr;
}

Place place_of(const Node& root, std::string_view pointer) {
  std::string_view rest;
  const Node& node = follow(root, pointer, rest);
  const bool is_scalar = node.kind != Node::Kind::object && node.kind != Node::Kind::array;
  return rest.empty() && is_scalar ? node.place : node.heading();
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::boolean:
      return node.truth ? "true" : "false";
    case Node::Kind::number:
      return "the number " + node.text.substr(0, 40);
    case Node::Kind::string:
      return node.text.size() <= 40 ? "the text \"" + node.text + '"'
                                    : "the text \"" + node.text.substr(0, 37) + "...\"";
    case Node::Kind::array:
      return "a list";
    case Node::Kind::object:
      return "an object";
  }
  return {};
}

std::string to_json_text(const Node& node) {
  return to_json(node).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace headroom
