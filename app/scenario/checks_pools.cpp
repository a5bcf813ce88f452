#include <fmt/format.h>

#include "app/scenario/call_graph.hpp"
#include "app/scenario/checks.hpp"
#include "app/scenario/tiers.hpp"
#include "models/store/replication.hpp"

namespace headroom {

namespace {

/// A database whose shards come and go.
bool check_scaled_store(const Checking& checking, const std::string& at, const DatabasePlan& store,
                        const AutoscalePlan& scale) {
  if (const char* why = why_keys_stay(store.replication)) {
    checking.error(at + "/autoscale", why,
                   "replication by async, semi_sync, sync, raft or a strict quorum in which the "
                   "last writer wins, or one copy of each shard");
    return false;
  }
  if (!store.rebalance.empty()) {
    checking.error(at + "/autoscale", "\"rebalance\" says already how the shards change",
                   "one of the two");
    return false;
  }
  if (!store.membership.empty()) {
    checking.error(at + "/autoscale",
                   "shards and copies cannot both change while the database serves",
                   "leave out autoscale or membership");
    return false;
  }
  constexpr std::uint32_t most = 1000;  // Chosen: a million ranges of keys.
  if (store.shards.by == ShardBy::hash && scale.most() > most)
    checking.error(at + "/autoscale/max",
                   fmt::format("a hash modulo other numbers has too many ranges beyond {}", most),
                   R"("by": "consistent_hash" moves fewer keys)");
  if (checking.is_given(at + "/autoscale/drain") && scale.drain != AutoscalePlan().drain)
    checking.warning(at + "/autoscale/drain",
                     "does nothing here: a shard goes when all its keys are elsewhere");
  return true;
}

void check_autoscale(const Checking& checking, const std::string& at, const ServicePlan& service) {
  const AutoscalePlan& scale = *service.autoscale;
  const auto* server = server_of(service);
  const auto* cache = std::get_if<CachePlan>(&service.kind);
  const auto* store = std::get_if<DatabasePlan>(&service.kind);
  if (server == nullptr && cache == nullptr && store == nullptr) {
    checking.error(at + "/autoscale", "only a server, worker, cache or database can be scaled",
                   "take it out, or scale the servers behind");
    return;
  }
  if (store != nullptr && !check_scaled_store(checking, at, *store, scale)) return;
  const std::uint32_t replicas = server  ? server->replicas
                                 : cache ? cache->replicas
                                         : store->shards.count;
  const Limit concurrency = tier_of(service)->concurrency;
  const Limit queue_limit = tier_of(service)->queue_limit;
  const bool is_outside = replicas < scale.min || replicas > scale.max;
  const std::string key = store != nullptr ? "/shards/count" : "/replicas";
  if (checking.is_given(at + key) && is_outside)
    checking.error(at + key,
                   fmt::format("{} {} to begin with are not between {} and {}", replicas,
                               store != nullptr ? "shards" : "replicas", scale.min, scale.max),
                   "leave it out to begin with the fewest");
  // A scenario that is written out has the default there.
  if (scale.behavior && scale.scale_down_stabilization != AutoscalePlan().scale_down_stabilization)
    checking.error(at + "/autoscale/scale_down_stabilization", "has no effect beside \"behavior\"",
                   R"(write it as "behavior": {"scale_down": {"stabilization": "5min"}})");
  const bool has_cores = server != nullptr && server->cores && uses_cpu(*server);
  const bool is_endless = concurrency.is_unlimited() && !has_cores;
  if (scale.target_utilization && is_endless)
    checking.error(at + "/autoscale/target_utilization",
                   "what is unlimited is never busy, so there is nothing to go by",
                   "give it \"cores\" and a cpu step, or a finite \"concurrency\"");
  const bool waits_in_broker = std::holds_alternative<WorkerPlan>(service.kind);
  if (scale.target_queue && !waits_in_broker &&
      (queue_limit.count == 0 || concurrency.is_unlimited()))
    checking.error(at + "/autoscale/target_queue", "nobody ever waits here",
                   "give it a finite \"concurrency\" and a \"queue_limit\", or a "
                   "\"target_utilization\"");
}

/// Whether calls of that service pass through, or end at, the one named.
bool leads_to(const ScenarioPlan& plan, std::string_view from, std::string_view name) {
  for (std::size_t steps = 0; steps <= plan.services.size(); ++steps) {
    if (from == name) return true;
    const BalancerPlan* balancer = plan.balancer(from);
    if (balancer == nullptr) return false;
    from = balancer->to.name;
  }
  return false;
}

bool keeps_sessions(const ServicePlan& service) {
  if (const auto* balancer = std::get_if<BalancerPlan>(&service.kind))
    return balancer->sticky == StickyBy::session;
  const auto* server = server_of(service);
  return server != nullptr && server->state == ServerState::session;
}

void check_sessions(const Checking& checking, const std::string& name) {
  for (const auto& [workload, plan] : checking.plan.workloads) {
    const bool has_users = std::holds_alternative<ClosedPlan>(plan.arrivals.process);
    if (has_users || plan.sessions || !leads_to(checking.plan, plan.target.service, name)) continue;
    checking.error("/workloads" + pointer_step(workload),
                   fmt::format("\"{}\" goes by sessions, and this workload has none", name),
                   R"(write "sessions": {"count": 500, "length": {"exp": "10min"}})");
  }
}

bool goes_by_keys(const ServicePlan& service) {
  const auto* balancer = std::get_if<BalancerPlan>(&service.kind);
  return balancer && (balancer->sticky == StickyBy::key || goes_by_key(*balancer));
}

void check_keys_given(const Checking& checking, const std::string& name) {
  for (const auto& [workload, plan] : checking.plan.workloads) {
    if (plan.key || !leads_to(checking.plan, plan.target.service, name)) continue;
    checking.warning(
        "/workloads" + pointer_step(workload),
        fmt::format("\"{}\" goes by keys, and this workload has none: each request "
                    "counts as one about a key of its own",
                    name),
        R"(write "key": "item", with "keys": {"item": {"count": 100000, "zipf": 0.9}})");
  }
}

}  // namespace

void check_pool(const Checking& checking, const std::string& name, const ServicePlan& service) {
  if (service.autoscale) check_autoscale(checking, service_pointer(name), service);
  if (keeps_sessions(service)) check_sessions(checking, name);
  if (goes_by_keys(service)) check_keys_given(checking, name);
}

}  // namespace headroom
