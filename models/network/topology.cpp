#include "models/network/topology.hpp"

#include <algorithm>

namespace headroom {

namespace {

std::uint16_t zone_index(std::span<const std::string> zones, const std::optional<std::string>& of) {
  if (!of) return 0;
  const auto found = std::find(zones.begin(), zones.end(), *of);
  return found == zones.end() ? 0 : static_cast<std::uint16_t>(found - zones.begin());
}

}  // namespace

std::uint32_t Topology::add_node(std::string name, bool is_host, std::uint16_t zone) {
  const auto number = static_cast<std::uint32_t>(nodes.size());
  node_by_name.emplace(name, number);
  nodes.push_back({std::move(name), is_host, zone});
  return number;
}

std::uint32_t Topology::add_link(std::string name, const LinkPlan& plan) {
  links.push_back({std::move(name), plan});
  return static_cast<std::uint32_t>(links.size() - 1);
}

void Topology::connect(std::uint32_t one, std::uint32_t other, const LinkPlan& plan) {
  const std::string &a = nodes[one].name, &b = nodes[other].name;
  if (!plan.duplex) {
    const std::uint32_t both = add_link(a + " <-> " + b, plan);
    add_edge(one, other, both);
    add_edge(other, one, both);
    return;
  }
  add_edge(one, other, add_link(a + " -> " + b, plan));
  add_edge(other, one, add_link(b + " -> " + a, plan));
}

std::vector<std::uint32_t> Topology::edges_between(std::uint32_t from, std::uint32_t to) const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t edge = 0; edge < edges.size(); ++edge)
    if (edges[edge].from == from && edges[edge].to == to) found.push_back(edge);
  return found;
}

std::vector<std::uint32_t> Topology::edges_of(std::uint32_t node) const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t edge = 0; edge < edges.size(); ++edge)
    if (edges[edge].from == node || edges[edge].to == node) found.push_back(edge);
  return found;
}

std::vector<std::uint32_t> Topology::hosts_of(std::uint16_t zone) const {
  std::vector<std::uint32_t> hosts;
  for (std::uint32_t node = 0; node < nodes.size(); ++node)
    if (nodes[node].is_host && nodes[node].zone == zone) hosts.push_back(node);
  return hosts;
}

Topology topology_of(const TopologyPlan& plan, std::span<const std::string> zones) {
  Topology topology;
  for (const auto& node : plan.drawn.nodes)
    topology.add_node(node.name, node.is_host, zone_index(zones, node.zone));
  for (const auto& link : plan.drawn.links)
    topology.add_link(link.name, link.plan);
  for (const auto& hop : plan.drawn.hops)
    topology.add_edge(hop.from, hop.to, hop.link);
  add_written(plan, zones, topology);
  return topology;
}

void add_written(const TopologyPlan& plan, std::span<const std::string> zones, Topology& topology) {
  if (plan.generate) generate(*plan.generate, zones, topology);
  for (const auto& [name, host] : plan.hosts)
    if (topology.node(name) == Topology::none)
      topology.add_node(name, true, zone_index(zones, host.zone));
  for (const std::string& name : plan.switches)
    if (topology.node(name) == Topology::none) topology.add_node(name, false);
  for (const auto& [name, link] : plan.links) {
    const auto key = parse_link_key(name);
    if (!key) continue;
    const std::uint32_t from = topology.node(key->from), to = topology.node(key->to);
    if (from == Topology::none || to == Topology::none || from == to) continue;
    if (key->both_ways)
      topology.connect(from, to, link);
    else
      topology.add_edge(from, to, topology.add_link(key->from + " -> " + key->to, link));
  }
}

}  // namespace headroom
