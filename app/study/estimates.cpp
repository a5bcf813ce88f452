#include <algorithm>
#include <cmath>

#include "app/scenario/tiers.hpp"
#include "app/study/arithmetic.hpp"
#include "app/study/run.hpp"
#include "models/moments.hpp"

namespace headroom {

namespace {

double run_length_s(const ScenarioPlan& plan) {
  double length_s = plan.run.duration.in_seconds();
  if (plan.run.warmup)
    if (const auto* warmup = std::get_if<sim::Duration>(&*plan.run.warmup))
      length_s += warmup->in_seconds();
  return length_s;
}

// Chosen: measured on M/M/1 with many replicas, requests or replications, rounded up.
constexpr double bytes_per_instance = 4096;
constexpr double bytes_per_entry = 320;            // of a cache, its tables included
constexpr double bytes_per_version = 48;           // of a key that was written, at each copy
constexpr double bytes_per_request = 2560;         // the frames of its calls
constexpr double bytes_per_histogram = 12 * 1024;  // ten or twelve octaves of latencies

double bytes_of_instances(const ScenarioPlan& plan, const Arithmetic& needs) {
  double bytes = 0;
  for (const ServiceNeeds& service : needs.services) {
    bytes += bytes_per_instance * service.replicas;
    const BalancerPlan* balancer = plan.balancer(service.service);
    const ServiceNeeds* behind = balancer ? needs.service(balancer->to.name) : nullptr;
    if (!behind) continue;
    // Each balancer instance has books on every replica, and points of them on a ring.
    const bool has_ring = balancer->policy == "consistent_hash";
    const double each = 128.0 + (has_ring ? 16.0 * balancer->virtual_nodes : 0);
    bytes += each * service.replicas * behind->replicas;
  }
  return bytes;
}

/// Requests in the system: users, those under way, and those that pile up in front of what is
/// overloaded, as far as its queue limit lets them.
double bytes_of_requests(const ScenarioPlan& plan, const Arithmetic& needs) {
  double requests = 0;
  for (std::size_t i = 0; i < needs.workloads.size(); ++i) {
    const auto& workload = plan.workloads.entries[i].second;
    if (const auto* closed = std::get_if<ClosedPlan>(&workload.arrivals.process))
      requests += closed->closed.users;
    else
      requests +=
          needs.workloads[i].peak_per_s * std::min(needs.workloads[i].answer_s, run_length_s(plan));
    requests += workload.clients;
  }
  for (const ServiceNeeds& service : needs.services) {
    const auto tier = tier_of(plan, service.service);
    if (!tier || !service.is_overloaded) continue;
    const double surplus = 1 - 1 / std::max(1.0, *service.largest_share * service.imbalance);
    double waiting = service.requests_per_s * surplus * run_length_s(plan);
    if (!tier->queue_limit.is_unlimited())
      waiting = std::min(waiting, static_cast<double>(tier->queue_limit.count) * tier->replicas);
    requests += waiting;
  }
  return requests * bytes_per_request;
}

/// Different keys that a service can hear of in a run, each request being about one.
double keys_met(const ScenarioPlan& plan, const ServiceNeeds& service) {
  constexpr double attempts = 4;  // Chosen: more than clients make of a request in the mean.
  return attempts * service.mean_per_s * run_length_s(plan);
}

/// Replayed keys, and what caches and databases hold of all keys.
double bytes_of_keys(const ScenarioPlan& plan, const Arithmetic& needs) {
  double bytes = 0, keys = 0, largest = 1;
  for (const auto& [name, space] : plan.keys) {
    bytes += 8.0 * static_cast<double>(space.replayed.size() + space.replayed_sizes.size());
    keys += static_cast<double>(space.items());
    if (space.value_size) largest = std::max(1.0, mean(*space.value_size));
  }
  for (std::size_t i = 0; i < needs.services.size(); ++i) {
    const ServicePlan& service = plan.services.entries[i].second;
    const double met = std::min(keys, keys_met(plan, needs.services[i]));
    if (const auto* store = std::get_if<DatabasePlan>(&service.kind))
      bytes += bytes_per_version * store->replicas * met;
    const auto* cache = std::get_if<CachePlan>(&service.kind);
    if (!cache || cache->hit_ratio) continue;
    const double room = cache->memory ? static_cast<double>(cache->memory->count) / largest
                                      : static_cast<double>(cache->capacity->count);
    const double copies = cache->local_to ? cache->replicas : 1;
    bytes += bytes_per_entry * std::min(copies * met, room * cache->replicas);
  }
  return bytes;
}

/// What the figures of all replications take until they are put together.
double bytes_of_results(const ScenarioPlan& plan, const Arithmetic& needs) {
  double each = 0;
  const auto windows = static_cast<double>(windows_of(plan));
  const double seconds = plan.failures.empty() ? 0 : plan.run.duration.in_seconds();
  for (std::size_t i = 0; i < needs.workloads.size(); ++i) {
    const double requests = needs.workloads[i].mean_per_s * plan.run.duration.in_seconds();
    each += bytes_per_histogram * std::min(windows, requests) + 4 * seconds;
  }
  for (const ServiceNeeds& service : needs.services)
    each += 2 * bytes_per_histogram + 64.0 * service.replicas;
  return each * plan.run.replications;
}

}  // namespace

double estimated_events(const ScenarioPlan& plan, const Arithmetic& needs) {
  // Chosen: measured on M/M/1 and on tiers; an event for each arrival, and a few for each visit.
  constexpr double per_request = 2, per_visit = 4;
  double per_s = 0;
  for (const WorkloadNeeds& workload : needs.workloads)
    per_s += workload.mean_per_s * per_request;
  for (const ServiceNeeds& service : needs.services)
    per_s += service.mean_per_s * per_visit;
  return per_s * run_length_s(plan);
}

double estimated_bytes(const ScenarioPlan& plan, const Arithmetic& needs) {
  double bytes = bytes_of_instances(plan, needs) + bytes_of_requests(plan, needs) +
                 bytes_of_results(plan, needs);
  bytes += bytes_of_keys(plan, needs);
  for (const auto& [name, workload] : plan.workloads)
    if (const auto* replay = std::get_if<ReplayPlan>(&workload.arrivals.process))
      bytes += 8.0 * static_cast<double>(replay->times.size());
  return bytes;
}

}  // namespace headroom
