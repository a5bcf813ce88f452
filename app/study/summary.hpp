#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/scenario/plan.hpp"
#include "app/study/consistency_summary.hpp"
#include "app/study/figure.hpp"
#include "app/study/network_summary.hpp"
#include "app/study/rebalance_figures.hpp"
#include "app/study/study.hpp"

namespace headroom {

/// Statistics of a time, in seconds.
struct TimeSummary {
  Figure mean;
  std::vector<std::pair<double, Figure>> percentiles;  ///< By percent: 50, 90, 95, 99, 99.9.
  Figure max;
  const Figure& percentile(double percent) const;
};

/// What some traced requests spent their time on, in the mean of them. `by_cause_s` adds up to
/// `latency_s`, and so do all causes of all places.
struct GroupSummary {
  std::uint64_t requests = 0;
  Figure latency_s;
  std::array<Figure, time_causes> by_cause_s;
  std::vector<std::pair<std::string, std::array<Figure, time_causes>>> places;
};

/// Of the traced requests of a workload that ended ok.
struct TimeSpentSummary {
  std::uint64_t traced = 0;
  std::uint64_t left_out = 0;  ///< Further ones, the last of their runs.
  GroupSummary slowest;  ///< The slowest hundredth of each replication.
  GroupSummary median;   ///< The tenth around the median.
};
/// "queue", "slowest_branch"
std::string_view name_of(TimeCause cause);

struct ClientSummary {
  std::string name;  ///< Of the workload or of its endpoint.
  Figure offered_per_s, served_per_s, goodput_per_s, error_rate, attempts_per_request;
  std::array<std::uint64_t, outcomes> finished{};
  TimeSummary latency_s;
  std::vector<ClientSummary> endpoints;
  std::vector<std::pair<std::string, Figure>> policies{};  ///< Of each run, by name.
  std::optional<TimeSpentSummary> time_spent{};            ///< Of a workload that was traced.
};

/// What became of the look-ups of a cache. Counts a second are over the measured time.
struct CacheSummary {
  Figure hit_ratio;                   ///< Of the gets that were answered.
  std::optional<double> clairvoyant;  ///< Of a replay: what it would be if it knew the future.
  Figure stale_read_ratio;            ///< Of the hits.
  Figure entries;  ///< That have not expired, in the mean, all replicas together.
  std::vector<std::pair<std::string, Figure>> rates;  ///< Events a second, by name.
  TimeSummary staleness_s;                            ///< Of stale hits.
  std::uint64_t acknowledged_writes = 0;
  std::uint64_t lost_writes = 0;
  const Figure& rate(std::string_view name) const;
};

/// What the callers of one shard of a database saw, and how busy it was.
struct ShardSummary {
  Figure arrivals_per_s;    ///< Operations that began.
  Figure throughput_per_s;  ///< Those that ended ok.
  Figure error_rate;        ///< Of those that ended.
  Figure utilization;       ///< Of its busiest copy.
  TimeSummary latency_s;    ///< Of operations that ended ok.
};

/// What the callers of a database saw.
struct StoreSummary {
  TimeSummary read_s, write_s;
  Figure stale_read_ratio;          ///< Of reads: they missed a write committed before they began.
  TimeSummary staleness_s;          ///< Of those: for how long it had been committed.
  std::vector<Figure> shard_share;  ///< Of all operations, by shard.
  std::vector<ShardSummary> shards{};  ///< The same, unless there are too many.
  std::vector<RebalanceSummary> rebalances{};
  std::vector<MemberChangeSummary> member_changes{};
  std::optional<TimeSummary> election_s{};  ///< Of new leaders; where the protocol has a leader.
};

/// What became of the messages of a broker, or of one group of its workers. Counts are of a run.
struct SubscriptionSummary {
  std::string group;
  Figure lag;       ///< Messages that nobody has begun to work on, in the mean.
  Figure lag_peak;  ///< The most there were.
  Figure drain_s;   ///< From the peak until 1 % of it was left.
  Figure produced, consumed, duplicates, redelivered, dead_lettered, withdrawn, lost;
  Figure in_flight, in_flight_at_start;
  std::vector<std::pair<std::string, Figure>> lost_by;  ///< By cause, those that occurred.
  TimeSummary lag_s;                                    ///< Until work began.
  TimeSummary done_s;                                   ///< Until it was done.
};

/// What publishers know of the messages they offered. Counts are of a run.
struct PublisherSummary {
  Figure offered, acknowledged, failed, unknown, waiting;
  Figure failed_stored, unknown_stored;  ///< Of those, stored all the same.
};

struct BrokerSummary {
  SubscriptionSummary total;
  PublisherSummary publishers;
  std::vector<SubscriptionSummary> groups;  ///< Where there are several.
  TimeSummary publish_s;                    ///< From publishing to the answer.
  Figure failovers, rebalances;
};

struct ServiceSummary {
  std::string name;
  std::string kind;
  Figure arrivals_per_s, throughput_per_s, utilization, busiest_utilization, slots_held,
      queue_length, in_system, instances;
  TimeSummary wait_s, sojourn_s;
  std::vector<std::pair<std::string, std::uint64_t>> drops;  ///< By cause, those that occurred.
  std::vector<std::pair<Figure, Figure>> replicas;           ///< Utilisation, arrivals a second.
  std::optional<CacheSummary> cache;
  std::optional<StoreSummary> store;
  std::optional<BrokerSummary> broker;
  std::vector<std::pair<std::string, Figure>> counts{};  ///< Further figures, of each run, by name.
  std::vector<std::pair<std::string, Figure>> policies{};  ///< The same, of what policies did.
};

struct SloSummary {
  std::string name;
  std::string limit;  ///< "p99 < 250ms"
  Figure measured;
  Verdict verdict = Verdict::undecided;
  bool of_time = false;                ///< Measured in seconds.
  std::optional<std::size_t> shard{};  ///< Measured at that one, which is the worst one asked for.
  std::string during{};  ///< "failures", "outside failures", the number of one; empty for all.
};

struct FailureSummary {
  std::string verb, target;
  std::optional<double>
      at_s;  ///< From the end of the warm-up; none where it comes again and again.
  std::optional<double> for_s;
  Figure recovered_after_s;
  Figure error_rate;  ///< While it lasted.
};

/// What is said of a study: everything on screen and in summary.json comes from here.
struct Summary {
  std::string scenario;
  std::uint64_t seed = 0;
  std::uint32_t replications = 0;
  std::string digest;
  double warmup_s = 0;
  double duration_s = 0;
  bool warmup_found = false;
  bool partial = false;
  bool sequential = false;
  std::optional<bool> settled;  ///< Null for a timeline.
  std::string unsettled_because;
  bool grows = false;  ///< More came than left: the reason why it never settled.
  Verdict verdict = Verdict::met;
  std::vector<ClientSummary> workloads;
  std::vector<ServiceSummary> services;
  std::vector<ConsistencySummary> consistency;
  std::vector<SloSummary> slos;
  std::vector<FailureSummary> failures;
  struct Bottleneck {
    std::string name;        ///< Of a service, or "link a -> b".
    std::string resource;    ///< What runs out: "cores", "slots" or, of a link, "bandwidth".
    double utilization = 0;  ///< Its busy share, measured.
    std::optional<double>
        ceiling_per_s;  ///< Requests of all workloads a second at which it is full.
  };
  std::optional<Bottleneck> bottleneck;
  /// A closed form beside what was measured.
  struct TheorySummary {
    std::string service;
    std::string model;  ///< "M/M/24", "M/G/1"
    double sojourn_mean_s = 0;
    std::optional<bool> agrees;  ///< Within two half-widths; null where there is no interval.
  };
  std::vector<TheorySummary> theory;
  Figure cost_per_h;
  NetworkSummary network;
  std::uint64_t events = 0;
};

/// Null where there is none of that name.
const ClientSummary* workload_of(const Summary& summary, const std::string& name);
const ServiceSummary* service_of(const Summary& summary, const std::string& name);

Summary summarize(const ScenarioPlan& plan, const StudyResult& study);

}  // namespace headroom
