#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/broker_result.hpp"
#include "models/member_change_result.hpp"
#include "models/rebalance_result.hpp"
#include "models/request.hpp"
#include "models/traces.hpp"
#include "sim/stats/histogram.hpp"
#include "sim/stats/series.hpp"
#include "sim/stats/time_average.hpp"

namespace headroom {

/// When figures are taken: from the end of the warm-up to the end of the run, and the windows of
/// the series in between.
struct Measurement {
  sim::Time start;
  sim::Time end;
  sim::Windows windows;
};

/// What the clients of one endpoint saw in one run, from the end of the warm-up on.
struct EndpointResult {
  std::string name;
  std::uint64_t issued = 0;    ///< Requests whose intended send time lies in the measurement.
  std::uint64_t attempts = 0;  ///< Of the finished requests.
  std::array<std::uint64_t, outcomes> finished{};  ///< By outcome.
  std::uint64_t in_time = 0;  ///< ok within the deadline, or the timeout where none is given.
  std::uint64_t in_flight_at_start = 0;
  std::uint64_t in_flight_at_end = 0;
  sim::Histogram latency;  ///< Of requests that ended ok, from their intended send time, ns.

  std::uint64_t all_finished() const {
    std::uint64_t sum = 0;
    for (const auto count : finished)
      sum += count;
    return sum;
  }
};

struct WorkloadSeries {
  explicit WorkloadSeries(const sim::Windows& windows)
      : latency(windows, sim::SampleSeries::Keep::histograms),
        issued(windows),
        not_ok(windows),
        in_time(windows) {}
  sim::SampleSeries latency;  ///< By time of the answer.
  sim::SampleSeries issued;
  sim::SampleSeries not_ok;
  sim::SampleSeries in_time;
};

/// What the clients of a workload saw in one second.
struct SecondResult {
  std::uint32_t ok = 0;
  std::uint32_t not_ok = 0;
  std::uint32_t in_time = 0;  ///< Of those that were ok.
};

/// What became of the requests that were meant to be sent in a part of the measurement. Those that
/// have not finished are not in it.
struct PartResult {
  std::vector<EndpointResult> endpoints;
  sim::Duration length;  ///< Of that part.
};

/// What became of the requests that were meant to be sent while a failure was in force.
struct FailureCount {
  std::uint64_t finished = 0;
  std::uint64_t not_ok = 0;
};

struct WorkloadResult {
  std::string name;
  std::vector<EndpointResult> endpoints;
  WorkloadSeries series;
  std::vector<SecondResult>
      by_second;                    ///< From the end of the warm-up; only where something fails.
  std::vector<PartResult> parts{};  ///< As they were asked for.
  std::vector<FailureCount> by_failure{};  ///< In the order of the scenario.
  /// What its client policies did, by name, the same in all runs.
  std::vector<std::pair<std::string, double>> policies{};
  TimeSpent time_spent{};  ///< Empty where nothing was traced.
};

/// Units x ns, so that busy / available is a share.
struct BusyArea {
  __int128 busy = 0;
  __int128 available = 0;  ///< 0 where unlimited.

  BusyArea& operator+=(const BusyArea& other) {
    busy += other.busy;
    available += other.available;
    return *this;
  }
};

/// What a service did, as it counts it for whoever looks: the four golden signals (traffic, errors,
/// latency, saturation). Source: Beyer et al. 2016, "Site Reliability Engineering", ch. 6.
struct ServiceCounts {
  std::uint64_t arrivals = 0;
  std::uint64_t answers = 0;  ///< Served to the end, whatever the answer.
  std::uint64_t errors = 0;   ///< Answers that were not ok, and requests that were dropped.
  __int128 sojourn_ns = 0;    ///< Summed over answers.
  BusyArea used;              ///< All replicas together.
};

/// One replica over one run, from the end of the warm-up on.
struct ReplicaResult {
  std::uint64_t arrivals = 0;
  BusyArea slots;
  BusyArea used;  ///< Cores where some step works on one, else slots: what utilisation is of.
};

/// What became of the look-ups of a cache in one run, from the end of the warm-up on. Every get is
/// a hit, a miss, told to wait, or still waiting in the cache for what another one fetches.
struct CacheResult {
  std::uint64_t gets = 0;
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t told_to_wait = 0;   ///< And to look again, as another one fetches the value.
  std::uint64_t gone = 0;           ///< While they waited in the cache, killed with it.
  std::uint64_t coalesced = 0;      ///< Of the hits: those that waited in the cache for the value.
  std::uint64_t expired = 0;        ///< Gets that met an expired entry.
  std::uint64_t early = 0;          ///< Of the misses: those of entries that had not expired yet.
  std::uint64_t refreshed = 0;      ///< Of the hits: those whose caller fetched a new value.
  std::uint64_t stale = 0;          ///< Of the hits: with an older value than the store's.
  std::uint64_t sets = 0;           ///< Fills included.
  std::uint64_t refused_fills = 0;  ///< Of the sets: without a valid lease.
  std::uint64_t erased = 0;         ///< Entries taken out by a delete or by the store's feed.
  std::uint64_t evictions = 0;      ///< Entries that went for lack of room.
  std::uint64_t acknowledged = 0;   ///< Writes that the cache answered for the store.
  std::uint64_t lost_writes = 0;    ///< Of those: never written to the store.
  __int128 entries_area = 0;        ///< Entries that have not expired x ns.
  sim::Histogram staleness;         ///< Of stale hits: since when the value is stale, ns.

  CacheResult& operator+=(const CacheResult& other);
};

/// What the callers of one shard of a database saw, of operations that ended.
struct ShardResult {
  sim::Histogram latency;  ///< Of those that ended ok, reads and writes, from call to answer, ns.
  std::uint64_t failures = 0;  ///< The others.
};
/// For more shards than this only their load is told.
inline constexpr std::size_t most_shards_told = 1024;  // Chosen: some 10 kB each.

/// What the callers of a database saw in one run, from the end of the warm-up on: of operations
/// that ended ok.
struct StoreResult {
  sim::Histogram read;       ///< From the call to the answer, ns.
  sim::Histogram write;      ///< The same.
  sim::Histogram staleness;  ///< Of reads that missed a commit before them: since when, ns.
  std::vector<std::uint64_t> shard_operations;       ///< By shard, begun.
  std::vector<ShardResult> shards{};                 ///< By shard, unless there are too many.
  std::vector<RebalanceResult> rebalances{};         ///< As the plan has them.
  std::vector<MemberChangeResult> member_changes{};  ///< The same.
  /// Of new leaders: since the old one crashed or surely had a majority last, ns.
  sim::Histogram election{};
};

/// What one service did in one run, from the end of the warm-up on.
struct ServiceResult {
  std::string name;
  std::string kind;
  std::uint64_t arrivals = 0;
  std::uint64_t completions = 0;  ///< Served to the end, whatever the answer.
  std::uint64_t failures = 0;     ///< Of those, answers that were not ok.
  std::array<std::uint64_t, drop_causes> drops{};
  std::uint64_t in_system_at_start = 0;
  std::uint64_t in_system_at_end = 0;
  __int128 queue_area = 0;      ///< Requests waiting for a slot x ns.
  __int128 in_system_area = 0;  ///< Requests waiting or being served x ns.
  __int128 instance_area = 0;   ///< Instances that are up x ns.
  sim::Histogram wait;          ///< For a slot, ns; of requests that got one.
  sim::Histogram sojourn;       ///< From arrival to reply, ns; of completions.
  std::vector<ReplicaResult> replicas;
  std::vector<sim::LevelSeries> queue_series;  ///< One: in system; empty where nothing queues.
  std::optional<CacheResult> cache;
  std::optional<StoreResult> store;
  std::optional<BrokerResult> broker{};
  /// Started and not stopped, of those that come and go; one or none.
  std::vector<sim::LevelSeries> instance_series{};
  /// Further figures by name, the same in all runs: what is said of them is their mean over runs.
  std::vector<std::pair<std::string, double>> counts{};
  std::vector<sim::LevelSeries> limit_series{};  ///< Of an adaptive limit, all replicas; or none.
  /// What policies of its calls and its own did, by name, the same in all runs.
  std::vector<std::pair<std::string, double>> policies{};
  std::vector<ServiceCounts> signals{};  ///< In each window of the measurement.
};

}  // namespace headroom
