#include <algorithm>

#include "app/study/figures_of_runs.hpp"

namespace headroom {

namespace {

using Replicas = std::span<const std::pair<Figure, Figure>>;

ShardSummary shard_summary(Runs runs, std::size_t service, std::size_t shard, Replicas copies) {
  ShardSummary summary;
  std::vector<const sim::Histogram*> latencies;
  std::vector<double> failed, ended;
  for (const RunResult& run : runs) {
    const ShardResult& seen = run.services[service].store->shards[shard];
    latencies.push_back(&seen.latency);
    failed.push_back(static_cast<double>(seen.failures));
    ended.push_back(static_cast<double>(seen.latency.count() + seen.failures));
  }
  summary.latency_s = time_summary(latencies);
  summary.error_rate = proportion_over_runs(failed, ended, "nothing was asked");
  const auto rate = [&](const std::function<std::uint64_t(const StoreResult&)>& count) {
    return mean_over_runs(runs, [&](const RunResult& run) {
      return static_cast<double>(count(*run.services[service].store)) / run.measured_s();
    });
  };
  summary.arrivals_per_s =
      rate([&](const StoreResult& store) { return store.shard_operations[shard]; });
  summary.throughput_per_s =
      rate([&](const StoreResult& store) { return store.shards[shard].latency.count(); });
  const auto busiest =
      std::max_element(copies.begin(), copies.end(), [](const auto& a, const auto& b) {
        return a.first.value.value_or(0) < b.first.value.value_or(0);
      });
  summary.utilization = busiest->first;
  return summary;
}

}  // namespace

StoreSummary store_summary(Runs runs, std::size_t service,
                           const std::vector<std::pair<Figure, Figure>>& replicas) {
  StoreSummary summary;
  std::vector<const sim::Histogram*> reads, writes, staleness, elections;
  std::vector<double> stale, read;
  const auto store_of = [&](const RunResult& run) -> const StoreResult& {
    return *run.services[service].store;
  };
  for (const RunResult& run : runs) {
    const StoreResult& store = store_of(run);
    reads.push_back(&store.read);
    writes.push_back(&store.write);
    staleness.push_back(&store.staleness);
    elections.push_back(&store.election);
    stale.push_back(static_cast<double>(store.staleness.count()));
    read.push_back(static_cast<double>(store.read.count()));
  }
  const auto& counts = runs.front().services[service].counts;
  const auto leads = [](const auto& count) { return count.first == "elections"; };
  if (std::any_of(counts.begin(), counts.end(), leads))
    summary.election_s = time_summary(elections);
  summary.read_s = time_summary(reads);
  summary.write_s = time_summary(writes);
  summary.staleness_s = time_summary(staleness);
  summary.stale_read_ratio = proportion_over_runs(stale, read, "nothing was read");
  for (std::size_t shard = 0; shard < store_of(runs.front()).shard_operations.size(); ++shard) {
    std::vector<double> here, all;
    for (const RunResult& run : runs) {
      double sum = 0;
      for (const auto count : store_of(run).shard_operations)
        sum += static_cast<double>(count);
      here.push_back(static_cast<double>(store_of(run).shard_operations[shard]));
      all.push_back(sum);
    }
    summary.shard_share.push_back(within(ratio_over_runs(here, all, "nothing was asked"), 0, 1));
  }
  const std::size_t shards = store_of(runs.front()).shards.size();
  for (std::size_t shard = 0; shard < shards; ++shard) {
    const std::size_t copies = replicas.size() / shards;
    summary.shards.push_back(
        shard_summary(runs, service, shard, Replicas(replicas).subspan(shard * copies, copies)));
  }
  for (std::size_t i = 0; i < store_of(runs.front()).rebalances.size(); ++i)
    summary.rebalances.push_back(rebalance_summary(runs, service, i));
  for (std::size_t i = 0; i < store_of(runs.front()).member_changes.size(); ++i)
    summary.member_changes.push_back(member_change_summary(runs, service, i));
  return summary;
}

}  // namespace headroom
