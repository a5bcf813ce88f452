#include "app/scenario/tiers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "app/scenario/call_graph.hpp"

namespace headroom {

namespace {

constexpr std::array<std::string_view, 3> cache_operations{"get", "set", "delete"};
constexpr std::array<std::string_view, 3> store_operations{"read", "write", "cas"};

}  // namespace

std::optional<Tier> tier_of(const ServicePlan& service) {
  const auto scaled = [&](const auto& plan) {
    std::uint32_t replicas = plan.replicas, most = plan.replicas;
    if (const auto& scale = service.autoscale) {
      replicas = std::min(std::max(replicas, scale->min), scale->max);
      most = std::max(replicas, scale->most());
    }
    return Tier{plan.zones, replicas, most, plan.concurrency, plan.queue_limit};
  };
  if (const auto* server = server_of(service)) return scaled(*server);
  if (const auto* cache = std::get_if<CachePlan>(&service.kind)) return scaled(*cache);
  if (const auto* store = std::get_if<DatabasePlan>(&service.kind)) {
    std::uint32_t shards = store->shards.count, most = store->most_shards();
    if (const auto& scale = service.autoscale) {
      shards = std::max(shards, scale->min);
      most = std::max(shards, scale->most());
    }
    return Tier{store->zones,       shards * store->replicas, most * store->copies(),
                store->concurrency, store->queue_limit,       most};
  }
  if (const auto* queue = std::get_if<QueuePlan>(&service.kind))
    return Tier{queue->zones, queue->replicas, queue->replicas, queue->concurrency,
                queue->queue_limit};
  if (const auto* log = std::get_if<LogPlan>(&service.kind))
    return Tier{log->zones, log->nodes(), log->nodes(), log->concurrency, log->queue_limit};
  return std::nullopt;
}

std::optional<Tier> tier_of(const ScenarioPlan& plan, std::string_view service) {
  const ServicePlan* found = plan.services.find(service);
  return found == nullptr ? std::nullopt : tier_of(*found);
}

std::uint32_t shards_of(const ScenarioPlan& plan, std::string_view service) {
  const auto tier = tier_of(plan, service);
  return tier ? tier->shards : 1;
}

std::vector<std::string_view> endpoint_names(const ServicePlan& service) {
  if (std::holds_alternative<CachePlan>(service.kind))
    return {cache_operations.begin(), cache_operations.end()};
  if (const auto* store = std::get_if<DatabasePlan>(&service.kind))
    return {store_operations.begin(),
            store_operations.end() -
                (store->replication.has_cas() || store->replication.protocol == "none" ? 0 : 1)};
  if (is_broker(service)) return {"publish"};
  std::vector<std::string_view> names;
  const auto* server = server_of(service);
  if (server == nullptr) return names;
  for (const auto& [name, steps] : server->endpoints)
    names.push_back(name);
  if (names.empty()) names.push_back("call");
  return names;
}

std::optional<std::uint32_t> endpoint_index(const ServicePlan& service, std::string_view endpoint) {
  const auto names = endpoint_names(service);
  if (endpoint.empty() && names.size() == 1) return 0;
  const std::string_view wanted = endpoint.empty() ? "call" : endpoint;
  for (std::uint32_t index = 0; index < names.size(); ++index)
    if (names[index] == wanted) return index;
  return std::nullopt;
}

namespace {

/// What a request brings along on its way through the services.
struct KeyWalk {
  const ScenarioPlan& plan;
  const ServicePlan* wanted;
  std::set<std::string> found{};
  std::set<const ServicePlan*> bare{};  ///< Somebody asks these about no key.
  std::set<std::pair<const ServicePlan*, std::string>> seen{};

  void call(const std::string& service, const std::string& key) {
    const ServicePlan* target = plan.behind(service);
    if (target == nullptr || !seen.insert({target, key}).second) return;
    if (target == wanted && !key.empty()) found.insert(key);
    if (key.empty()) bare.insert(target);
    if (const auto* cache = std::get_if<CachePlan>(&target->kind); cache && cache->store)
      call(cache->store->target.service, key);
    if (is_broker(*target))
      for (const auto& [name, worker] : plan.workers_of(service))
        call(name, key);
    const auto* server = server_of(*target);
    if (server == nullptr) return;
    for (const auto& [name, steps] : server->endpoints)
      for_each_call(steps, {}, [&](const CallStep& step, const std::string&) {
        call(step.target.service, step.key ? step.key->name : key);
      });
  }
};

KeyWalk walk_to(const ScenarioPlan& plan, const ServicePlan* wanted) {
  KeyWalk walk{plan, wanted};
  for (const auto& [name, workload] : plan.workloads)
    walk.call(workload.target.service, workload.key ? workload.key->name : std::string());
  return walk;
}

}  // namespace

std::set<std::string> key_spaces_of(const ScenarioPlan& plan, std::string_view service) {
  return walk_to(plan, plan.behind(service)).found;
}

std::set<const ServicePlan*> asked_without_key(const ScenarioPlan& plan) {
  return walk_to(plan, nullptr).bare;
}

const ServiceRef* dead_letter_of(const ServicePlan& service) {
  const BrokerPlan* broker = broker_of(service);
  return broker && broker->dead_letter ? &*broker->dead_letter : nullptr;
}

bool goes_by_operation(const ServicePlan& service) {
  return std::holds_alternative<CachePlan>(service.kind) ||
         std::holds_alternative<DatabasePlan>(service.kind);
}

CallTarget store_of(const ScenarioPlan& plan, const CachePlan& cache) {
  CallTarget target = cache.store->target;
  const ServicePlan* store = plan.behind(target.service);
  if (target.endpoint.empty() && store && std::holds_alternative<DatabasePlan>(store->kind))
    target.endpoint = "write";
  return target;
}

std::string called_endpoint(const ServicePlan& service, const CallStep& step) {
  if (!step.target.endpoint.empty() || !goes_by_operation(service) || !step.op)
    return step.target.endpoint;
  return std::string(choices_of(Operation())[static_cast<std::size_t>(*step.op)].name);
}

Operation operation_of(const ServicePlan& service, const CallStep& step) {
  return step.op ? *step.op : operation_named(called_endpoint(service, step));
}

}  // namespace headroom
