#include "app/scenario/defaults.hpp"

#include <algorithm>

#include "app/scenario/call_graph.hpp"
#include "app/scenario/checks.hpp"

namespace headroom {

namespace {

void fill(std::optional<Distribution>& distribution) {
  if (!distribution) distribution.emplace();  // the constant 0
}

/// Calls and branches, however deep.
void fill(Steps& steps) {
  for (Step& step : steps) {
    if (auto* call = std::get_if<CallStep>(&step.what)) {
      fill(call->size);
      fill(call->reply_size);
      if (call->on_miss) fill(*call->on_miss);
      if (call->fallback) fill(*call->fallback);
    } else if (auto* publish = std::get_if<PublishStep>(&step.what)) {
      fill(publish->size);
      if (publish->fallback) fill(*publish->fallback);
    } else if (auto* parallel = std::get_if<ParallelStep>(&step.what)) {
      if (!parallel->need) parallel->need = static_cast<std::uint32_t>(parallel->branches.size());
      for (Steps& branch : parallel->branches)
        fill(branch);
    } else if (auto* choose = std::get_if<ChooseStep>(&step.what)) {
      for (ChooseBranch& branch : choose->branches)
        fill(branch.steps);
    } else if (auto* repeat = std::get_if<RepeatStep>(&step.what)) {
      fill(repeat->steps);
    }
  }
}

void fill(RunPlan& run, bool is_stationary) {
  if (!run.warmup && is_stationary) run.warmup = AutoWarmup();
  if (!run.warmup) run.warmup = sim::Duration();
  if (!run.max_events) run.max_events = default_max_events;
  if (!run.max_memory) run.max_memory = default_max_memory;
}

}  // namespace

ScenarioPlan with_defaults(ScenarioPlan plan) {
  const ZoneRef first{plan.zones.front()};
  fill(plan.run, plan.is_stationary());
  if (plan.network)
    for (auto& [name, link] : plan.network->links.entries)
      fill(link.latency);
  for (auto& [name, workload] : plan.workloads.entries) {
    if (!workload.zone) workload.zone = first;
    fill(workload.size);
    fill(workload.reply_size);
    if (workload.fallback) fill(*workload.fallback);
  }
  for (auto& [name, service] : plan.services.entries) {
    if (auto* balancer = std::get_if<BalancerPlan>(&service.kind)) {
      if (balancer->zones.empty()) balancer->zones = {first};
      continue;
    }
    if (auto* cache = std::get_if<CachePlan>(&service.kind)) {
      if (cache->zones.empty() && !cache->local_to) cache->zones = {first};
      if (service.autoscale) cache->replicas = std::max(cache->replicas, service.autoscale->min);
    }
    if (auto* store = std::get_if<DatabasePlan>(&service.kind)) {
      if (store->zones.empty()) store->zones = {first};
      if (service.autoscale)
        store->shards.count = std::max(store->shards.count, service.autoscale->min);
      if (store->replication.protocol == "quorum") {
        store->replication.R = store->reads();
        store->replication.W = store->writes();
      }
      if (store->replication.protocol == "raft") {
        store->replication.election_timeout = store->replication.timeout();
        store->replication.heartbeat = store->replication.beat();
      }
    }
    if (auto* queue = std::get_if<QueuePlan>(&service.kind))
      if (queue->zones.empty()) queue->zones = {first};
    if (auto* log = std::get_if<LogPlan>(&service.kind)) {
      if (log->zones.empty()) log->zones = {first};
      log->brokers = log->nodes();
    }
    auto* worker = std::get_if<WorkerPlan>(&service.kind);
    ServerPlan* server = worker;
    if (!server) server = std::get_if<ServerPlan>(&service.kind);
    if (!server) continue;
    if (server->zones.empty()) server->zones = {first};
    if (service.autoscale) server->replicas = std::max(server->replicas, service.autoscale->min);
    const bool has_as_many_as_slots = uses_cpu(*server) && !server->concurrency.is_unlimited();
    if (!server->cores && has_as_many_as_slots)
      server->cores = static_cast<std::uint32_t>(server->concurrency.count);
    for (auto& [endpoint, steps] : server->endpoints.entries)
      fill(steps);
  }
  return plan;
}

}  // namespace headroom
