#include "app/study/sites.hpp"

#include <algorithm>

#include "app/scenario/tiers.hpp"

namespace headroom {

bool names_zone(const ScenarioPlan& plan, const FaultTarget& target) {
  if (target.kind == FaultTarget::Kind::zone) return true;
  const bool is_bare = !target.first && !target.share && !target.shard;
  const auto& zones = plan.zones;
  return is_bare && std::find(zones.begin(), zones.end(), target.name) != zones.end();
}

std::vector<std::uint16_t> zones_of_instances(const ScenarioPlan& plan, std::string_view service) {
  if (const std::string* host = host_of(plan, service)) return zones_of_instances(plan, *host);
  const auto tier = tier_of(plan, service);
  const BalancerPlan* balancer = plan.balancer(service);
  if (!tier && !balancer) return {};
  const auto& zones = tier ? tier->zones : balancer->zones;
  const std::size_t instances = tier ? tier->most : balancer->instances();
  const ServicePlan* behind = plan.services.find(service);
  const auto* store = behind == nullptr ? nullptr : std::get_if<DatabasePlan>(&behind->kind);
  std::vector<std::uint16_t> found;
  for (std::size_t i = 0; i < instances; ++i) {
    const std::size_t place = store != nullptr ? store->place_of(static_cast<std::uint32_t>(i)) : i;
    found.push_back(zones.empty() ? 0 : plan.zone_index(zones[place % zones.size()].name));
  }
  return found;
}

const std::string* host_of(const ScenarioPlan& plan, std::string_view service) {
  const CachePlan* cache = plan.cache(service);
  const bool is_hosted = cache && cache->local_to && plan.server(cache->local_to->name);
  return is_hosted ? &cache->local_to->name : nullptr;
}

Sites::Sites(const ScenarioPlan& plan) : plan_(plan) {
  for (const FailurePlan& failure : plan.failures)
    if (const auto* partition = std::get_if<PartitionPlan>(&failure.verb))
      partitions_.push_back(partition);
  for (std::size_t zone = 0; zone < plan.zones.size(); ++zone) {
    zone_of_.push_back(static_cast<std::uint16_t>(zone));
    names_of_.emplace_back(partitions_.size(), unnamed);
  }
  if (plan.network && !plan.network->topology.empty()) {
    topology_ = topology_of(plan.network->topology, plan.zones);
    next_host_.resize(plan.zones.size());
    for (std::size_t zone = 0; zone < plan.zones.size(); ++zone) {
      hosts_.push_back(topology_->hosts_of(static_cast<std::uint16_t>(zone)));
      node_of_.push_back(hosts_.back().empty() ? 0 : hosts_.back().front());
    }
  }
  for (std::uint16_t zone = 0; zone < plan.zones.size(); ++zone)
    numbers_[{zone, topology_ ? node_of_[zone] : 0, names_of_[zone]}] = zone;
  std::map<std::string_view, const std::vector<std::string>*> placed;
  if (topology_)
    for (const auto& [name, hosts] : plan.network->topology.placement)
      placed.emplace(name, &hosts);
  const auto hosts_named = [&](std::string_view name) {
    const auto found = placed.find(name);
    return found == placed.end() ? nullptr : found->second;
  };
  for (const auto& [name, service] : plan.services) {
    if (host_of(plan, name)) continue;
    auto zones = zones_of_instances(plan, name);
    std::vector<std::uint32_t> nodes(zones.size(), 0);
    if (topology_) put_on_hosts(hosts_named(name), zones, nodes);
    const auto instances = static_cast<std::uint32_t>(zones.size());
    auto& sites = sites_of_[name];
    if (partitions_.empty() && !topology_) {
      sites = zones;
      continue;
    }
    for (std::uint32_t instance = 0; instance < instances; ++instance)
      sites.push_back(
          site_of(zones[instance], names_of(name, instance, instances), nodes[instance]));
  }
  for (const auto& [name, service] : plan.services)
    if (const std::string* host = host_of(plan, name)) sites_of_[name] = of(*host);
  if (!topology_) return;
  for (const auto& [name, bulk] : plan.network->bulk) {
    for (const auto* places : {&bulk.from, &bulk.to}) {
      for (const std::string& place : *places) {
        const std::uint32_t node = topology_->node(place);
        if (node != Topology::none && topology_->nodes[node].is_host)
          site_of(topology_->nodes[node].zone, Names(partitions_.size(), unnamed), node);
      }
    }
  }
  for (const auto& [name, workload] : plan.workloads) {
    std::vector<std::uint16_t> zone{workload.zone ? plan.zone_index(workload.zone->name)
                                                  : std::uint16_t{0}};
    std::vector<std::uint32_t> node(1, 0);
    put_on_hosts(hosts_named(name), zone, node);
    site_of_workload_[name] =
        site_of(zone.front(), Names(partitions_.size(), unnamed), node.front());
  }
}

/// On the hosts that the placement names, or on those of their zones in turn.
void Sites::put_on_hosts(const std::vector<std::string>* placed, std::vector<std::uint16_t>& zones,
                         std::vector<std::uint32_t>& nodes) {
  for (std::size_t i = 0; i < zones.size(); ++i) {
    if (placed != nullptr && !placed->empty()) {
      const std::uint32_t node = topology_->node((*placed)[i % placed->size()]);
      if (node == Topology::none) continue;  // which is told elsewhere
      nodes[i] = node;
      zones[i] = topology_->nodes[node].zone;
    } else if (const auto& hosts = hosts_[zones[i]]; !hosts.empty()) {
      nodes[i] = hosts[next_host_[zones[i]]++ % hosts.size()];
    }
  }
}

std::uint16_t Sites::of_workload(std::string_view workload) const {
  const auto site = site_of_workload_.find(workload);
  if (site != site_of_workload_.end()) return site->second;
  const WorkloadPlan* plan = plan_.workloads.find(workload);
  return plan && plan->zone ? plan_.zone_index(plan->zone->name) : std::uint16_t{0};
}

Sites::Names Sites::names_of(std::string_view service, std::uint32_t instance,
                             std::uint32_t instances) const {
  Names names(partitions_.size(), unnamed);
  for (std::size_t partition = 0; partition < partitions_.size(); ++partition) {
    const auto& groups = partitions_[partition]->groups;
    for (std::uint32_t group = 0; group < groups.size(); ++group) {
      for (const FaultTarget& target : groups[group]) {
        if (target.name != service || names_zone(plan_, target)) continue;
        const ReplicaRange range = replicas_of(target, instances, shards_of(plan_, target.name));
        if (range.first <= instance && instance < range.end) names[partition] = group;
      }
    }
  }
  return names;
}

std::uint16_t Sites::site_of(std::uint16_t zone, const Names& names, std::uint32_t node) {
  const auto number = static_cast<std::uint16_t>(zone_of_.size());
  const auto [known, is_new] = numbers_.try_emplace({zone, topology_ ? node : 0, names}, number);
  if (!is_new) return known->second;
  zone_of_.push_back(zone);
  names_of_.push_back(names);
  if (topology_) node_of_.push_back(node);
  return number;
}

std::vector<std::uint16_t> Sites::of(std::string_view service) const {
  const auto sites = sites_of_.find(service);
  return sites == sites_of_.end() ? std::vector<std::uint16_t>() : sites->second;
}

std::vector<std::uint16_t> Sites::further() const {
  return {zone_of_.begin() + static_cast<std::ptrdiff_t>(plan_.zones.size()), zone_of_.end()};
}

std::vector<std::vector<std::uint16_t>> Sites::groups_of(const PartitionPlan& partition) const {
  const auto which = static_cast<std::size_t>(
      std::find(partitions_.begin(), partitions_.end(), &partition) - partitions_.begin());
  std::vector<std::vector<std::uint16_t>> groups(partition.groups.size());
  for (std::uint32_t group = 0; group < groups.size(); ++group) {
    std::vector<bool> holds_zone(plan_.zones.size());
    for (const FaultTarget& target : partition.groups[group])
      if (names_zone(plan_, target)) holds_zone[plan_.zone_index(target.name)] = true;
    for (std::size_t site = 0; site < zone_of_.size(); ++site) {
      const std::uint32_t named = names_of_[site][which];
      if (named == group || (named == unnamed && holds_zone[zone_of_[site]]))
        groups[group].push_back(static_cast<std::uint16_t>(site));
    }
  }
  return groups;
}

}  // namespace headroom
