#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/scenario/plan.hpp"

namespace headroom {

/// How often one workload sends requests. A closed one sends at most users / (think + answer) a
/// second, the answer being the time without any waiting, and no more than the services it uses
/// could serve if it were alone.
struct WorkloadNeeds {
  std::string workload;
  bool is_closed = false;
  double mean_per_s = 0;  ///< Requests a second, over the measured time.
  double peak_per_s = 0;  ///< The highest rate in that time: of stages, of a day; else the mean.
  double visits = 0;      ///< Calls of servers that one request causes, in the mean.
  double answer_s = 0;    ///< Mean time to its answer where nobody waits for anybody.
};

/// What the requests of all workloads, at their peaks, need of one service.
struct ServiceNeeds {
  std::string service;
  std::string kind;                              ///< "server", "load_balancer"
  std::uint32_t replicas = 1;                    ///< The most that there can ever be.
  std::optional<std::uint32_t> fewest_replicas;  ///< Where their number changes.
  std::optional<double> target;                  ///< The busy share that an autoscaler keeps.
  std::optional<double> wanted_replicas;         ///< With which it is reached, whatever the limits.
  double requests_per_s = 0;                     ///< That reach it, all replicas together.
  double mean_per_s = 0;                         ///< The same with every workload at its mean rate.
  double visits_per_s = 0;  ///< The same, counted at each node of a database that works for them.
  double cpu_s = 0;         ///< Mean work of one request on a core.
  double held_s = 0;        ///< Mean time that one request holds a slot, calls of others included.

  bool uses_cpu = false;    ///< Some step works on a core.
  double needed_cores = 0;  ///< Busy ones in the mean.
  double needed_slots = 0;  ///< Held ones in the mean.
  /// Of all replicas; none where unlimited or where none are used. Of workers those that can ever
  /// be busy: each partition of a log keeps one, and a worker of a queue holds no more messages
  /// than its prefetch.
  std::optional<double> cores, slots;

  /// How many times the mean the busiest replica gets for each of its slots or cores, where
  /// balancers with weights send more to some, where some workers have more partitions of a log, or
  /// of a database where some shards have more popular keys or some copies answer more reads; 1
  /// where all get the same.
  double imbalance = 1;
  std::string busiest = "replica";  ///< What it is: also a "shard", "copy" or "node".
  std::string busy_by;              ///< Why: "the weights of its balancer".

  /// Busy over available: cores where cpu is used, else slots, as `utilization` of a result, which
  /// counts those that workers never use too. Above 1 where more is asked for than is there; none
  /// where that is unlimited.
  std::optional<double> busy_share;
  /// The larger of the shares of cores and of slots; what runs out first. Of all replicas together.
  std::optional<double> largest_share;
  bool slots_run_out_first = false;  ///< The larger share is that of slots.
  /// Of workers of a log: it is their partitions that run out, whatever slots and cores there are.
  bool by_partitions = false;

  /// Requests of all open workloads together, in the proportions they have, a second, at which this
  /// service is always busy; above it queues grow without end. Closed workloads do not lower it:
  /// their users wait. Where there are closed workloads only, requests of those: what the service
  /// can serve at most. None where nothing limits it. The busiest replica decides.
  std::optional<double> ceiling_per_s;
  /// The open workloads alone ask for as much as there is, or more.
  bool is_overloaded = false;
};

/// A scenario by arithmetic: expected visits and work, no queueing, no failures, no retries.
/// Source: Denning, Buzen 1978, "The operational analysis of queueing network models": utilisation
/// law, forced flow law, asymptotic bounds.
///
/// Of parallel branches the slowest in the mean counts for the time (of the `need` fastest), which
/// is a lower bound; every branch counts for the work. A timeout or a deadline bounds the time of a
/// call but not the work it causes. Of balancers the weights count, where their policy goes by
/// them; other policies send every replica the same in the long run. The network counts with its
/// mean latency and the size of the message over the bandwidth.
/// What is behind a cache counts with the hit ratio that the plan gives it or that LRU would have;
/// what expires or is written is found out by a run.
struct Arithmetic {
  std::vector<WorkloadNeeds> workloads;   ///< In the order of the scenario.
  std::vector<ServiceNeeds> services;     ///< In the order of the scenario.
  double open_per_s = 0;                  ///< Requests of all open workloads, at their peaks.
  std::optional<std::size_t> bottleneck;  ///< Position in `services`: the lowest ceiling.
  bool has_drawn_times = false;           ///< Of branches side by side: see `DrawnTimes`.

  const ServiceNeeds* service(std::string_view name) const;
};

/// For a checked plan with its data files read.
Arithmetic arithmetic(const ScenarioPlan& plan);

/// Events that one run needs, warm-up included, to within a factor of about two.
double estimated_events(const ScenarioPlan& plan, const Arithmetic& needs);

/// Bytes that a study with one job needs at most, roughly: instances, users, requests that wait,
/// and the figures of all replications.
double estimated_bytes(const ScenarioPlan& plan, const Arithmetic& needs);

}  // namespace headroom
