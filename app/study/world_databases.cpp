#include <algorithm>

#include "app/scenario/call_graph.hpp"
#include "app/scenario/tiers.hpp"
#include "app/study/world.hpp"

namespace headroom {

void World::build_databases() {
  for (const auto& [name, service] : plan_.services) {
    const auto* written = std::get_if<DatabasePlan>(&service.kind);
    if (written == nullptr) continue;
    const DatabasePlan* plan = service.autoscale ? &scaled_plan(name, service) : written;
    auto database = std::make_unique<Database>(simulation_, *plan, name, sites_.of(name), keys_,
                                               versions_, measurement_);
    database->set_zones(sites_.zones());
    const bool are_skewed =
        std::any_of(plan_.failures.begin(), plan_.failures.end(), [](const FailurePlan& failure) {
          return std::holds_alternative<ClockSkewPlan>(failure.verb);
        });
    if (are_skewed) database->expect_wrong_clocks();
    if (const KeySpace* key = keys_of(plan->shards.key)) database->set_shard_key(*key);
    Reachable reachable;
    Endpoint* front = database.get();
    if (const std::uint32_t kept = plan->kept_operations()) {
      auto& recorder = recorders_[name] =
          std::make_unique<Recorder>(simulation_, *database, name, kept, sites_.size(),
                                     measurement_, plan->replication.counts());
      front = recorder.get();
      versions_.listen(*recorder);
    }
    reachable.instances = {front};
    Port::Answers values;
    if (plan->replication.has_siblings())
      values = [store = database.get()](const Request& request, const Reply& reply) {
        return store->values_in(request, reply);
      };
    for (std::size_t index = 0; index < database->size(); ++index) {
      StoreNode& node = database->node(index);
      if (!plan->replication.legs)
        database->set_way(index, *reached(node, node.zone(), name, values));
      reachable.zones.push_back(node.zone());
      reachable.faultables.push_back(&node);
    }
    if (Rebalancer* rebalancer = database->rebalancer()) build_rebalancer(*rebalancer, name);
    make_reachable(name, std::move(reachable));
    if (service.autoscale)
      shard_pools_[name] =
          std::make_unique<ShardPool>(*database, plan->replicas, plan->shards.count);
    databases_[name] = std::move(database);
  }
}

/// The plan of a database that knows how far its autoscaler goes.
const DatabasePlan& World::scaled_plan(const std::string& name, const ServicePlan& service) {
  DatabasePlan& plan = scaled_plans_[name] = std::get<DatabasePlan>(service.kind);
  const Tier tier = *tier_of(service);
  plan.shards.count = tier.replicas / plan.replicas;
  plan.most_scaled = tier.shards;
  return plan;
}

void World::start_databases() {
  if (network_ && !databases_.empty()) courier_ = std::make_unique<NetworkCourier>(*network_);
  for (auto& [name, database] : databases_) {
    database->start(courier_.get(), log());
    if (Rebalancer* rebalancer = database->rebalancer()) rebalancer->start(measurement_.start);
    database->replication().change_members(measurement_.start, stored_bytes(name));
  }
}

/// The nodes that send each other keys: over the network, as all else.
void World::build_rebalancer(Rebalancer& rebalancer, const std::string& name) {
  const auto zones = sites_.of(name);
  for (std::uint32_t node = 0; node < zones.size(); ++node)
    rebalancer.set_way(node, *reached(rebalancer.intake(node), zones[node], name));
  rebalancer.set_log(log());
  rebalancer.set_stored(stored_in(name));
}

/// The key spaces that a store holds.
std::vector<const KeySpace*> World::stored_in(const std::string& name) const {
  std::vector<const KeySpace*> stored;
  const auto held = key_spaces_of(plan_, name);
  for (std::size_t i = 0; i < keys_.size(); ++i)
    if (held.contains(plan_.keys.entries[i].first)) stored.push_back(&keys_[i]);
  return stored;
}

/// All values that a store whose copies change holds once, counted where that is quick, else as
/// large as they are on average.
double World::stored_bytes(const std::string& name) const {
  constexpr std::uint64_t most = 100'000;  // Chosen: a hundredth of a second.
  if (std::get<DatabasePlan>(plan_.services.find(name)->kind).membership.empty()) return 0;
  double bytes = 0;
  for (const KeySpace* space : stored_in(name)) {
    Request request;
    request.key_space = space->number();
    const std::uint64_t stride = std::max<std::uint64_t>(1, space->items() / most);
    for (request.key = 0; request.key < space->items(); request.key += stride)
      bytes += static_cast<double>(std::min(stride, space->items() - request.key)) *
               static_cast<double>(space->value_size(request));
  }
  return bytes;
}

/// Who keeps books of what clients know hears of the calls that they give up.
void World::record(Client& client, const std::string& target) {
  if (const auto broker = brokers_.find(target); broker != brokers_.end())
    client.set_watcher(broker->second.get());
  const auto recorder = recorders_.find(target);
  if (recorder != recorders_.end()) client.set_watcher(recorder->second.get());
}

StoreHistory World::recorded(const Recorder& recorder, const std::string& database) const {
  StoreHistory history = recorder.result();
  databases_.at(database)->tell_held(history);
  const auto& plan = std::get<DatabasePlan>(plan_.services.find(database)->kind);
  // Of the others not known: the number of a write says when it began, not when it counts.
  const std::string& protocol = plan.replication.protocol;
  const bool goes_by_number = protocol == "quorum" && !plan.replication.has_siblings() &&
                              !databases_.at(database)->has_wrong_clocks();
  history.ordered = protocol == "none" || goes_by_number || protocol == "raft";
  return history;
}

void World::tell_recorders() {
  std::vector<const Phase*> partitions;
  for (std::size_t i = 0; i < plan_.failures.size(); ++i)
    if (std::holds_alternative<PartitionPlan>(plan_.failures[i].verb))
      partitions.push_back(phases_[1 + i].get());
  for (auto& [name, recorder] : recorders_)
    recorder->set_partitions(partitions);
}

}  // namespace headroom
