#include "app/study/network_cuts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/fault/target.hpp"
#include "models/network/analysis.hpp"

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
      cut.cut_off = behind(*sites_.topology(), target);
    }
  }

  Names behind(const Topology& topology, const FaultTarget& target) const {
    const auto residents = residents_of(plan_, sites_);
    std::vector<std::uint32_t> in_use, nodes, edges;
    for (const auto& [node, names] : residents)
      in_use.push_back(node);
    if (target.kind == FaultTarget::Kind::node)
      nodes = {topology.node(target.name)};
    else
      edges = topology.edges_between(topology.node(target.name), topology.node(target.to));
    return names_on(topology, residents, cut_off_without(topology, in_use, nodes, edges));
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

std::map<std::uint32_t, std::vector<std::string>> residents_of(const ScenarioPlan& plan,
                                                               const Sites& sites) {
  std::map<std::uint32_t, Names> residents;
  for_each_replica(plan, sites, [&](std::uint16_t site, std::string name) {
    residents[sites.nodes()[site]].push_back(std::move(name));
  });
  for (const auto& [name, workload] : plan.workloads)
    residents[sites.nodes()[sites.of_workload(name)]].push_back(name);
  return residents;
}

std::vector<std::string> names_on(
    const Topology& topology, const std::map<std::uint32_t, std::vector<std::string>>& residents,
    const std::vector<std::uint32_t>& hosts) {
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
