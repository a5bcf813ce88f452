#include <utility>

#include "app/study/world.hpp"
#include "models/balancer/entrance.hpp"

namespace headroom {

void World::build_balancers() {
  for (const auto& [name, service] : plan_.services) {
    const auto* plan = std::get_if<BalancerPlan>(&service.kind);
    if (plan != nullptr) build_balancer(name, *plan);
  }
}

void World::build_balancer(const std::string& name, const BalancerPlan& plan) {
  if (balancers_.contains(name)) return;
  // What it spreads over may be another balancer, which then comes first.
  if (const auto* next = plan_.balancer(plan.to.name)) build_balancer(plan.to.name, *next);
  const Reachable& behind = reachable_.at(plan.to.name);
  std::vector<BackendTarget> targets;
  for (std::size_t index = 0; index < behind.instances.size(); ++index)
    targets.push_back({behind.instances[index], sites_.zone_of(behind.zones[index])});
  const auto sites = sites_.of(name);
  std::vector<BalancerSite> stands;
  for (const std::uint16_t site : sites)
    stands.push_back({{}, site, sites_.zone_of(site), behind.members, log()});
  auto balancer = std::make_unique<BalancerService>(simulation_, plan, name, std::move(stands),
                                                    targets, measurement_);
  Reachable reachable;
  std::vector<BackendTarget> instances;
  for (std::size_t index = 0; index < sites.size(); ++index) {
    reachable.instances.push_back(reached(balancer->instance(index), sites[index], name));
    reachable.zones.push_back(sites[index]);
    reachable.faultables.push_back(&balancer->instance(index));
    instances.push_back({reachable.instances.back(), sites_.zone_of(sites[index])});
  }
  if (instances.size() > 1) {
    ports_.push_back(std::make_unique<Entrance>(simulation_, std::move(instances),
                                                plan_.zones.size(), sites_.further()));
    reachable.front = ports_.back().get();
  }
  make_reachable(name, std::move(reachable));
  balancers_[name] = std::move(balancer);
}

/// What an autoscaler scales where it scales that service.
Scalable& World::scaled(const std::string& name) {
  if (const auto pool = pools_.find(name); pool != pools_.end()) return *pool->second;
  if (const auto cache = caches_.find(name); cache != caches_.end()) return *cache->second;
  if (const auto shards = shard_pools_.find(name); shards != shard_pools_.end())
    return *shards->second;
  return *servers_.at(name);
}

void World::build_autoscalers() {
  for (const auto& [name, service] : plan_.services) {
    if (!service.autoscale) continue;
    autoscalers_[name] = std::make_unique<Autoscaler>(simulation_, *service.autoscale, name,
                                                      scaled(name), measurement_, log());
  }
}

Deploy World::deploy_of(const DeployPlan& plan) {
  Deploy deploy;
  deploy.instances = targets_of(plan.target);
  deploy.batch = plan.batch;
  deploy.pause = plan.wait;
  deploy.drain = plan.drain;
  deploy.error_rate = plan.error_rate ? plan.error_rate->value : 0;
  deploy.factor = plan.factor.value_or(1);
  deploy.rollback_after = plan.rollback_after;
  return deploy;
}

}  // namespace headroom
