#include "app/study/network_cuts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/study/network_targets.hpp"
#include "models/fault/target.hpp"
#include "models/network/analysis.hpp"
#include "models/network/platform_map.hpp"

namespace headroom {

namespace {

using Names = std::vector<std::string>;

/// Calls `tell` with the site and the name of each replica: "db", or "db[1]" of several.
void for_each_replica(const ScenarioPlan& plan, const Sites& sites, auto tell) {
  for (const auto& [name, service] : plan.services) {
    const auto of = sites.of(name);
    for (std::size_t i = 0; i < of.size(); ++i)
      tell(of[i], of.size() == 1 ? name : fmt::format("{}[{}]", name, i));
  }
}

class FailureCuts {
 public:
  FailureCuts(const ScenarioPlan& plan, const Sites& sites) : plan_(plan), sites_(sites) {}

  /// Adds what the failure cuts off, where it is one that cuts.
  void follow(std::size_t number, const FailurePlan& failure, std::vector<CutOff>& found) const {
    CutOff cut{number, "partition", {}, {}};
    if (const auto* partition = std::get_if<PartitionPlan>(&failure.verb)) {
      for (const auto& group : sites_.groups_of(*partition))
        cut.sides.push_back(standing_at(group));
      cut.is_one_way = partition->one_way;
      found.push_back(std::move(cut));
    } else if (const auto* kill = std::get_if<KillPlan>(&failure.verb)) {
      if (kill->target.kind == FaultTarget::Kind::service) return;
      cut.verb = "kill";
      cut.target = print_target(kill->target);
      follow_kill(kill->target, cut);
      found.push_back(std::move(cut));
    }
  }

 private:
  void follow_kill(const FaultTarget& target, CutOff& cut) const {
    if (target.kind == FaultTarget::Kind::zone) {
      // Replicas die; clients and the network of the zone go on.
      const std::uint16_t zone = plan_.zone_index(target.name);
      for_each_replica(plan_, sites_, [&](std::uint16_t site, std::string name) {
        if (sites_.zone_of(site) == zone) cut.cut_off.push_back(std::move(name));
      });
    } else if (!sites_.topology()) {
      for (const std::string& zone : {target.name, target.to})
        cut.sides.push_back(standing_in_zone(plan_.zone_index(zone)));
      cut.is_one_way = !target.both_ways;
    } else {
      cut.cut_off = behind(target);
    }
  }

  Names behind(const FaultTarget& target) const {
    const DrawnTopology drawn = drawn_topology(plan_, sites_);
    const Topology& topology = drawn.topology;
    std::vector<std::uint32_t> nodes, edges;
    if (target.kind == FaultTarget::Kind::node)
      nodes = {topology.node(target.name)};
    else
      edges = hops_of_link(topology, target.name, target.to, target.both_ways);
    // The link that joins all at one place is that place.
    for (const std::uint32_t edge : edges)
      if (topology.edges[edge].from == topology.edges[edge].to)
        nodes.push_back(topology.edges[edge].from);
    return drawn.names_on(cut_off_without(topology, drawn.in_use(), nodes, edges));
  }

  Names standing_in_zone(std::uint16_t zone) const {
    std::vector<std::uint16_t> found;
    for (std::uint16_t site = 0; site < sites_.size(); ++site)
      if (sites_.zone_of(site) == zone) found.push_back(site);
    return standing_at(found);
  }

  /// Clients, then replicas.
  Names standing_at(const std::vector<std::uint16_t>& places) const {
    const auto holds = [&](std::uint16_t site) {
      return std::find(places.begin(), places.end(), site) != places.end();
    };
    Names names;
    for (const auto& [name, workload] : plan_.workloads)
      if (holds(sites_.of_workload(name))) names.push_back(name);
    for_each_replica(plan_, sites_, [&](std::uint16_t site, std::string name) {
      if (holds(site)) names.push_back(std::move(name));
    });
    return names;
  }

  const ScenarioPlan& plan_;
  const Sites& sites_;
};

}  // namespace

DrawnTopology drawn_topology(const ScenarioPlan& plan, const Sites& sites) {
  DrawnTopology drawn{map_of(plan.network->topology, plan.zones), {}};
  const auto on_host_of = [&](std::uint16_t site) -> Names& {
    return drawn.residents[drawn.topology.node(sites.topology()->nodes[sites.nodes()[site]].name)];
  };
  for_each_replica(plan, sites, [&](std::uint16_t site, std::string name) {
    on_host_of(site).push_back(std::move(name));
  });
  for (const auto& [name, workload] : plan.workloads)
    on_host_of(sites.of_workload(name)).push_back(name);
  return drawn;
}

std::vector<std::uint32_t> DrawnTopology::in_use() const {
  std::vector<std::uint32_t> nodes;
  for (const auto& [node, names] : residents)
    nodes.push_back(node);
  return nodes;
}

std::vector<std::string> DrawnTopology::names_on(const std::vector<std::uint32_t>& hosts) const {
  Names names;
  for (const std::uint32_t host : hosts) {
    const auto here = residents.find(host);
    if (here == residents.end())
      names.push_back(topology.nodes[host].name);
    else
      names.insert(names.end(), here->second.begin(), here->second.end());
  }
  return names;
}

std::vector<CutOff> cut_off_by_failures(const ScenarioPlan& plan, const Sites& sites) {
  const FailureCuts cuts(plan, sites);
  std::vector<CutOff> found;
  for (std::size_t number = 0; number < plan.failures.size(); ++number)
    cuts.follow(number, plan.failures[number], found);
  return found;
}

}  // namespace headroom
