#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/scenario/checks.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

std::vector<std::string_view> keys_of(const Node* object) {
  std::vector<std::string_view> keys;
  if (object && object->kind == Node::Kind::object)
    for (const Node& member : object->children)
      if (!member.key.starts_with("x-")) keys.push_back(member.key);
  return keys;
}

bool holds(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether a member is there that counts as a note by its name.
bool is_note(const Node* object, std::string_view name) {
  return name.starts_with("x-") && object && object->find(name);
}

/// Names of one kind, in the order of the file and sorted.
struct NameList {
  NameList() = default;
  explicit NameList(std::vector<std::string_view> in_order)
      : all(std::move(in_order)), sorted(all.begin(), all.end()) {}
  bool holds(std::string_view name) const { return sorted.contains(name); }

  std::vector<std::string_view> all;
  std::set<std::string_view> sorted;
};

/// What the document names, whether or not it reads as a plan.
class Names {
 public:
  explicit Names(const Node& document)
      : services_node_(document.find("services")),
        workloads_node_(document.find("workloads")),
        keys_node_(document.find("keys")),
        services_(keys_of(services_node_)),
        workloads_(keys_of(workloads_node_)),
        key_spaces_(keys_of(keys_node_)) {
    const Node* zones = document.find("zones");
    std::vector<std::string_view> names;
    if (!zones) names.push_back("local");
    if (zones && zones->kind == Node::Kind::array)
      for (const Node& zone : zones->children)
        names.push_back(zone.text);
    zones_ = NameList(std::move(names));
  }

  const NameList& of(RefKind kind) const {
    switch (kind) {
      case RefKind::workload:
        return workloads_;
      case RefKind::zone:
        return zones_;
      case RefKind::key_space:
        return key_spaces_;
      default:
        return services_;
    }
  }
  std::string_view noun(RefKind kind) const {
    switch (kind) {
      case RefKind::workload:
        return "workload";
      case RefKind::zone:
        return "zone";
      case RefKind::key_space:
        return "key space";
      default:
        return "service";
    }
  }

  /// Whether somebody took a note for one of them.
  bool is_noted(RefKind kind, std::string_view name) const {
    return is_note(kind == RefKind::workload    ? workloads_node_
                   : kind == RefKind::key_space ? keys_node_
                   : kind == RefKind::zone      ? nullptr
                                                : services_node_,
                   name);
  }

  /// What else has that name: `"users" is a workload`.
  std::string elsewhere(RefKind kind, std::string_view name) const {
    for (const RefKind other :
         {RefKind::service, RefKind::workload, RefKind::zone, RefKind::key_space})
      if (noun(other) != noun(kind) && of(other).holds(name))
        return fmt::format("\"{}\" is a {}", name, noun(other));
    return {};
  }

  /// The endpoints of the server that calls of the service end at; none where that is not known.
  std::vector<std::string_view> endpoints(std::string_view service) const {
    for (std::size_t steps = 0; steps <= services_.all.size(); ++steps) {
      const Node* node = services_node_ ? services_node_->find(service) : nullptr;
      if (!node || node->kind != Node::Kind::object) return {};
      const Node* kind = node->find("kind");
      if (kind && kind->text == "cache") return {"get", "set", "delete"};
      if (kind && kind->text == "database") return {"read", "write", "cas"};
      if (kind && (kind->text == "queue" || kind->text == "log")) return {"publish"};
      const Node* to = node->find("to");
      const Node* endpoints = node->find("endpoints");
      if (endpoints) return keys_of(endpoints);
      if (!to) return {"call"};
      service = to->text;
    }
    return {};
  }

 private:
  const Node *services_node_, *workloads_node_, *keys_node_;
  NameList services_, workloads_, key_spaces_, zones_;
};

void check_endpoint(const Names& names, const FoundReference& reference, Diagnostics& diagnostics) {
  const auto endpoints = names.endpoints(reference.name);
  if (reference.endpoint.empty() || endpoints.empty() || holds(endpoints, reference.endpoint))
    return;
  diagnostics.error(
      reference.place, reference.pointer,
      fmt::format("\"{}\" has no endpoint \"{}\"", reference.name, reference.endpoint),
      suggestion(reference.endpoint, endpoints));
}

}  // namespace

void check_references(const Node& document, const ReadResult& result, Diagnostics& diagnostics) {
  if (document.kind != Node::Kind::object) return;
  const Names names(document);
  for (const FoundReference& reference : result.references) {
    const NameList& valid = names.of(reference.kind);
    if (valid.holds(reference.name)) {
      if (reference.kind == RefKind::call_target) check_endpoint(names, reference, diagnostics);
      continue;
    }
    std::string hint = names.elsewhere(reference.kind, reference.name);
    if (hint.empty() || !nearest(reference.name, valid.all).empty())
      hint += (hint.empty() ? "" : "; ") + suggestion(reference.name, valid.all);
    if (names.is_noted(reference.kind, reference.name))
      hint = "keys that begin with x- are notes; give it another name";
    const auto noun = names.noun(reference.kind);
    diagnostics.error(reference.place, reference.pointer,
                      fmt::format("there is no {} \"{}\"", noun, reference.name), hint);
  }
}

}  // namespace headroom
