#include "app/scenario/tiers.hpp"
#include "app/study/world.hpp"
#include "models/cache/local_caches.hpp"

namespace headroom {

void World::build_keys() {
  keys_.reserve(plan_.keys.size());
  for (const auto& [name, plan] : plan_.keys) {
    const auto number = static_cast<std::uint8_t>(keys_.size() + 1);
    keys_.emplace_back(plan, number, name);
  }
}

void World::build_caches() {
  for (const auto& [name, service] : plan_.services) {
    const auto* plan = std::get_if<CachePlan>(&service.kind);
    if (plan == nullptr) continue;
    const Tier tier = *tier_of(service);
    auto cache = std::make_unique<Cache>(simulation_, *plan, name, sites_.of(name), keys_,
                                         versions_, measurement_, tier.most, tier.replicas);
    Reachable reachable;
    if (plan_.members_change(name)) reachable.members = &cache->members();
    for (std::size_t index = 0; index < cache->size(); ++index) {
      CacheInstance& instance = cache->instance(index);
      reachable.instances.push_back(plan->local_to ? &instance
                                                   : reached(instance, instance.zone(), name));
      reachable.zones.push_back(instance.zone());
      reachable.faultables.push_back(&instance);
    }
    if (plan->local_to) {
      reachable.front = &in_memory_of(*servers_.at(plan->local_to->name), *cache);
    } else if (reachable.instances.size() > 1) {
      ports_.push_back(
          std::make_unique<CacheRing>(simulation_, reachable.instances, reachable.members));
      reachable.front = ports_.back().get();
    }
    make_reachable(name, std::move(reachable));
    caches_[name] = std::move(cache);
  }
}

/// How the replicas of a server ask those of a cache that they have in their memory.
Endpoint& World::in_memory_of(Server& hosts, Cache& cache) {
  auto local = std::make_unique<LocalCaches>(simulation_, cache);
  for (std::size_t index = 0; index < hosts.size(); ++index)
    hosts.instance(index).watch_life(*local);
  ports_.push_back(std::move(local));
  return *ports_.back();
}

/// Caches that write for their callers are clients of their stores.
void World::build_stores() {
  for (auto& [name, cache] : caches_) {
    const CachePlan& plan = *plan_.cache(name);
    if (plan.write == WritePolicy::aside || !plan.store) continue;
    const StorePlan& store = *plan.store;
    Endpoint& target = *reachable_.at(store.target.service).front;
    auto client = std::make_unique<Client>(simulation_, store.client, target,
                                           sim::hash_name(name + "/store"));
    watch(name, store.client, *client, name + " -> " + store.target.service);
    record(*client, store.target.service);
    ports_.push_back(std::move(client));
    const auto endpoint =
        endpoint_index(*plan_.behind(store.target.service), store_of(plan_, plan).endpoint);
    cache->set_store(*ports_.back(), static_cast<std::uint16_t>(*endpoint));
  }
}

}  // namespace headroom
