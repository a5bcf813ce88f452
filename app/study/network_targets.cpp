#include "app/study/network_targets.hpp"

#include <algorithm>

#include "models/fault/target.hpp"

namespace headroom {

std::vector<std::uint32_t> hops_of_link(const Topology& topology, const std::string& from,
                                        const std::string& to, bool both_ways) {
  std::vector<std::uint32_t> hops;
  if (to.empty()) {
    for (std::uint32_t hop = 0; hop < topology.edges.size(); ++hop) {
      const std::string& name = topology.links[topology.edges[hop].link].name;
      if (name == from || name == from + "_UP" || name == from + "_DOWN") hops.push_back(hop);
    }
    return hops;
  }
  const std::uint32_t one = topology.node(from), other = topology.node(to);
  hops = topology.edges_between(one, other);
  if (both_ways)
    for (const std::uint32_t back : topology.edges_between(other, one))
      hops.push_back(back);
  return hops;
}

std::optional<std::uint16_t> site_named(const ScenarioPlan& plan, const Sites& sites,
                                        const std::string& place) {
  FaultTarget target;
  std::string why;
  if (!parse_target(place, target, why)) return std::nullopt;
  if (target.kind == FaultTarget::Kind::link) return std::nullopt;
  if (sites.topology()) {
    const std::uint32_t node = sites.topology()->node(target.name);
    const auto& nodes = sites.nodes();
    const auto here = std::find(nodes.begin(), nodes.end(), node);
    const bool is_host = node != Topology::none && sites.topology()->nodes[node].is_host;
    if (is_host && target.kind != FaultTarget::Kind::zone && here != nodes.end())
      return static_cast<std::uint16_t>(here - nodes.begin());
  }
  if (names_zone(plan, target)) {
    const auto zone = std::find(plan.zones.begin(), plan.zones.end(), target.name);
    if (zone == plan.zones.end()) return std::nullopt;
    return static_cast<std::uint16_t>(zone - plan.zones.begin());
  }
  const auto of_service = sites.of(target.name);
  const std::uint32_t replica = target.first.value_or(0);
  if (replica >= of_service.size()) return std::nullopt;
  return of_service[replica];
}

}  // namespace headroom
