#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/scenario/named_index.hpp"
#include "models/autoscale/plan.hpp"
#include "models/balancer/plan.hpp"
#include "models/broker/plan.hpp"
#include "models/cache/plan.hpp"
#include "models/fault/plan.hpp"
#include "models/keys.hpp"
#include "models/network/plan.hpp"
#include "models/server/plan.hpp"
#include "models/store/plan.hpp"
#include "models/workload/plan.hpp"

namespace headroom {

/// A warm-up found from pilot runs.
struct AutoWarmup {
  bool operator==(const AutoWarmup&) const = default;
};
const TextForm& text_form_of(const AutoWarmup*);

/// "p99 +-2%": replications are added until the interval of that figure is that narrow.
struct Precision {
  std::string metric;  ///< "p99", "mean"
  double relative = 0;
};
const TextForm& text_form_of(const Precision*);

/// One request of a workload: "p99.9 of shoppers", "17 of shoppers".
struct TracePick {
  std::string workload;
  std::optional<double> quantile;  ///< Its rank among those that ended ok; else it is by number.
  std::uint64_t number = 0;
  std::string written;

  static TracePick of(const std::string& workload, std::uint64_t number) {
    return {workload, {}, number, std::to_string(number) + " of " + workload};
  }
};
const TextForm& text_form_of(const TracePick*);

struct RunPlan {
  std::optional<std::variant<sim::Duration, AutoWarmup>> warmup;
  sim::Duration duration;
  std::uint32_t replications = 10;
  std::uint64_t seed = 1;
  double load = 1;
  std::optional<Precision> until;
  std::optional<std::uint64_t> max_events;
  std::optional<Bytes> max_memory;
  std::optional<std::variant<Ratio, TracePick>> trace;
};
const FieldTable& fields_of(const RunPlan*);
/// Most events of a run and bytes it may take where the scenario does not say.
inline constexpr std::uint64_t default_max_events = 100'000'000'000;
inline constexpr Bytes default_max_memory{16'000'000'000};
/// The one request that is traced; null where it is a share of all.
inline const TracePick* picked_by(const RunPlan& run) {
  return run.trace ? std::get_if<TracePick>(&*run.trace) : nullptr;
}

/// "p99 < 250ms".
struct Requirement {
  enum class Metric : std::uint8_t {
    percentile,
    mean,
    max,
    error_rate,
    availability,
    utilization,
    throughput,
    goodput,
    cost,
    hit_ratio,
    stale_reads,
    lag,
    percentile_lag,
    mean_lag,
    max_lag,
    lost
  };
  Metric metric = Metric::percentile;
  double percentile = 0;  ///< 99 for p99
  bool at_most = true;    ///< < or <=; otherwise > or >=
  double limit = 0;       ///< Seconds, shares, a second, or as costs are given.
  std::string written;
};
const TextForm& text_form_of(const Requirement*);

/// Requests that were meant to be sent while some failure was in force, or while none was; or while
/// the one of that position in the scenario was.
enum class DuringFailures : std::uint8_t { failures, outside };
Choices choices_of(DuringFailures);
using During = std::variant<DuringFailures, std::uint32_t>;

/// One shard of a database by its number; or each of them.
enum class EachShard : std::uint8_t { each };
Choices choices_of(EachShard);
using OfShard = std::variant<EachShard, std::uint32_t>;

struct SloPlan {
  std::optional<WorkloadRef> workload;
  std::optional<ServiceRef> service;
  std::optional<ServiceRef> queue;  ///< A queue or log; the same as `service`.
  std::optional<std::string> endpoint;
  std::optional<std::string> group;  ///< Of a log.
  std::optional<OfShard> shard;
  std::optional<During> during;
  Requirement require;

  /// The service it is about; null where it is about a workload.
  const ServiceRef* about() const {
    if (service) return &*service;
    return queue ? &*queue : nullptr;
  }
};
const FieldTable& fields_of(const SloPlan*);

struct ServicePlan {
  std::variant<ServerPlan, BalancerPlan, CachePlan, DatabasePlan, QueuePlan, LogPlan, WorkerPlan>
      kind;
  std::optional<AutoscalePlan> autoscale{};  ///< Of a server, worker, cache or database.
  std::optional<double> cost{};              ///< Of one instance that runs for an hour.
};
const FieldTable& fields_of(const ServicePlan*);
/// The steps and slots of a server or a worker; null for what is neither.
const ServerPlan* server_of(const ServicePlan& service);
/// What takes messages; null for what does not.
const BrokerPlan* broker_of(const ServicePlan& service);
bool is_broker(const ServicePlan& service);

/// A whole scenario, validated: the engine takes it as it is.
struct ScenarioPlan {
  std::optional<std::string> schema;
  std::uint32_t format = 0;
  std::string name;
  std::optional<std::string> description;
  std::optional<std::string> extends;  ///< Gone once the scenario is loaded; known to editors.
  RunPlan run;
  std::vector<std::string> zones{"local"};
  std::optional<NetworkPlan> network;
  Named<KeySpacePlan> keys;
  IndexedNamed<WorkloadPlan> workloads;
  IndexedNamed<ServicePlan> services;
  std::vector<FailurePlan> failures;
  Named<SloPlan> slos;

  std::uint16_t zone_index(std::string_view name) const;
  const ServerPlan* server(std::string_view name) const;
  const BalancerPlan* balancer(std::string_view name) const;
  const CachePlan* cache(std::string_view name) const;
  const WorkerPlan* worker(std::string_view name) const;
  bool is_broker(std::string_view name) const;
  /// Workers that consume the messages of that broker, by name.
  std::vector<std::pair<std::string, const WorkerPlan*>> workers_of(std::string_view broker) const;
  /// The service that calls of this one end at, through any balancers; null when there is none.
  const ServicePlan* behind(std::string_view service) const;
  /// The parts of the measurement that goals of this workload are about, each once.
  std::vector<During> parts_of(std::string_view workload) const;
  /// Whether instances of a service come, go or drain.
  bool members_change(std::string_view service) const;
  /// Why the scenario changes in time, for a message; empty where nothing does.
  std::string why_it_changes() const;
  bool is_stationary() const { return why_it_changes().empty(); }
};
const FieldTable& fields_of(const ScenarioPlan*);

}  // namespace headroom
