#include <algorithm>

#include "app/study/network_targets.hpp"
#include "app/study/world.hpp"
#include "models/fault/target.hpp"
#include "models/network/fabric.hpp"

namespace headroom {

namespace {

/// The link between two zones as failures see it: killed, it is cut.
class ZoneLink final : public Faultable {
 public:
  ZoneLink(Network& network, std::vector<std::vector<std::uint16_t>> groups, bool both_ways)
      : network_(network) {
    partition_.groups = std::move(groups);
    partition_.one_way = !both_ways;
  }

 private:
  void on_kill() override { network_.begin_partition(partition_); }
  void on_restart() override { network_.end_partition(partition_); }
  void on_speed(double) override {}

  Network& network_;
  Partition partition_;
};

std::vector<std::uint16_t> sites_in(const Sites& sites, std::uint16_t zone) {
  std::vector<std::uint16_t> found;
  for (std::uint16_t site = 0; site < sites.size(); ++site)
    if (sites.zone_of(site) == zone) found.push_back(site);
  return found;
}

}  // namespace

Degradation degradation_of(const ScenarioPlan& plan, const Sites& sites,
                           const DegradePlan& degrade) {
  const auto& [from, to, both_ways] = degrade.link;
  Degradation degradation;
  if (const auto& topology = sites.topology()) {
    for (const std::uint32_t hop : hops_of_link(*topology, from, to, both_ways))
      degradation.ways.emplace_back(static_cast<std::uint16_t>(topology->edges[hop].from),
                                    static_cast<std::uint16_t>(topology->edges[hop].to));
  } else {
    degradation.ways.emplace_back(plan.zone_index(from), plan.zone_index(to));
    if (both_ways) degradation.ways.emplace_back(plan.zone_index(to), plan.zone_index(from));
  }
  degradation.latency = degrade.latency;
  if (degrade.loss) degradation.loss = degrade.loss->value;
  if (degrade.bandwidth) degradation.bytes_per_s = degrade.bandwidth->bytes_per_s;
  return degradation;
}

std::vector<Faultable*> World::network_targets_of(const FaultTarget& target) {
  Fabric* fabric = network_->fabric();
  if (fabric == nullptr) {
    links_.push_back(
        std::make_unique<ZoneLink>(*network_,
                                   std::vector{sites_in(sites_, plan_.zone_index(target.name)),
                                               sites_in(sites_, plan_.zone_index(target.to))},
                                   target.both_ways));
    return {links_.back().get()};
  }
  const Topology& topology = fabric->topology();
  if (target.kind == FaultTarget::Kind::link)
    return {&fabric->power_of(hops_of_link(topology, target.name, target.to, target.both_ways))};
  const std::uint32_t node = topology.node(target.name);
  std::vector<Faultable*> targets{&fabric->power_of(topology.edges_of(node))};
  for (const auto& [name, service] : reachable_)
    for (std::size_t index = 0; index < service.faultables.size(); ++index)
      if (sites_.nodes()[service.zones[index]] == node)
        targets.push_back(service.faultables[index]);
  return targets;
}

std::vector<std::uint16_t> World::sites_named(const std::vector<std::string>& places) const {
  std::vector<std::uint16_t> found;
  for (const std::string& place : places) {
    if (const auto site = site_named(plan_, sites_, place)) found.push_back(*site);
  }
  return found;
}

void World::build_bulk() {
  if (!network_) return;
  for (const auto& [name, plan] : plan_.network->bulk) {
    const auto at = plan.at ? plan.at : plan_.failures[plan.after_failure.value_or(0)].at;
    bulk_.push_back(std::make_unique<Bulk>(*network_, plan, name, sites_named(plan.from),
                                           sites_named(plan.to),
                                           measurement_.start + *at + plan.delay));
  }
}

}  // namespace headroom
