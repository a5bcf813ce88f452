#pragma once

#include <string>
#include <vector>

#include "app/scenario/plan.hpp"

namespace headroom {

/// One thing that could be different about a scenario, and the scenario with it.
struct Change {
  std::string what;     ///< "one more replica of app"
  std::string setting;  ///< How to write it after --set; empty where no single setting does it.
  ScenarioPlan plan;
};

/// Times as long by `factor` (above 0), whatever the law.
Distribution scaled(const Distribution& distribution, double factor);

// Each gives nothing where the scenario has nothing of the kind to change. Goals that ask about
// single failures are left out of changed plans: they are about the scenario as it is.

/// Where instances come and go: one more at most.
std::optional<Change> one_more_replica(const ScenarioPlan& plan, const std::string& service);
/// Of one replica: a core where they are fewer than slots.
std::optional<Change> one_more_core(const ScenarioPlan& plan, const std::string& service);
std::optional<Change> twice_the_slots(const ScenarioPlan& plan, const std::string& service);
/// All work of the service takes `factor` times as long: its service time, the cpu and wait steps
/// of its endpoints.
std::optional<Change> work_scaled(const ScenarioPlan& plan, const std::string& service,
                                  double factor);
/// Of a cache: twice the entries or bytes; half the misses where the share of hits is given.
std::optional<Change> bigger_cache(const ScenarioPlan& plan, const std::string& service);
std::optional<Change> one_more_shard(const ScenarioPlan& plan, const std::string& service);
std::optional<Change> one_more_partition(const ScenarioPlan& plan, const std::string& service);
std::optional<Change> without_admission(const ScenarioPlan& plan, const std::string& service);

/// What clients do around their calls, by workloads, steps and caches.
enum class ClientPolicy : std::uint8_t {
  retry,
  hedge,
  timeout,
  deadline,
  rate_limit,
  circuit_breaker,
  bulkhead
};
/// Nobody does it any more.
std::optional<Change> without_policy(const ScenarioPlan& plan, ClientPolicy policy);

std::optional<Change> without_failure(const ScenarioPlan& plan, std::size_t failure);
std::optional<Change> without_failures(const ScenarioPlan& plan);
/// The other workloads stay; nothing where a failure is about this one, or it is the first.
std::optional<Change> without_workload(const ScenarioPlan& plan, std::size_t workload);
/// Messages arrive at once; bandwidth and losses stay.
std::optional<Change> without_latency(const ScenarioPlan& plan);
std::optional<Change> twice_the_bandwidth(const ScenarioPlan& plan);
std::optional<Change> without_losses(const ScenarioPlan& plan);

/// All of them: for each service more of what it has and 20 % less work; each client policy left
/// out; each failure and each further workload left out; a better network.
std::vector<Change> counterfactuals(const ScenarioPlan& plan);

}  // namespace headroom
