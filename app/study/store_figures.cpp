#include <algorithm>

#include "app/study/figures_of_runs.hpp"

namespace headroom {

StoreSummary store_summary(Runs runs, std::size_t service) {
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
  for (std::size_t i = 0; i < store_of(runs.front()).rebalances.size(); ++i)
    summary.rebalances.push_back(rebalance_summary(runs, service, i));
  return summary;
}

}  // namespace headroom
