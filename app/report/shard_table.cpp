#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "app/report/numbers.hpp"
#include "app/report/service_tables.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

std::vector<std::size_t> told_shards(const StoreSummary& store) {
  constexpr std::size_t most = 8;  // Chosen: of many, those that get the most say what matters.
  std::vector<std::size_t> shards(store.shards.size());
  if (shards.size() < 2) return {};
  std::iota(shards.begin(), shards.end(), 0);
  if (shards.size() <= most) return shards;
  const auto gets_more = [&](std::size_t a, std::size_t b) {
    return store.shard_share[a].value.value_or(0) > store.shard_share[b].value.value_or(0);
  };
  std::stable_sort(shards.begin(), shards.end(), gets_more);
  shards.resize(most);
  return shards;
}

std::string shard_table(const Summary& summary, const Paint& paint) {
  TextTable table;
  for (const auto* heading : {"SHARDS", "share", "served", "utilisation", "errors", "p50", "p99"})
    table.column(heading);
  std::string below;
  bool any = false;
  for (const auto& service : summary.services) {
    if (!service.store) continue;
    const StoreSummary& store = *service.store;
    const std::vector<std::size_t> told = told_shards(store);
    for (const std::size_t shard : told) {
      any = true;
      const ShardSummary& one = store.shards[shard];
      table.row({fmt::format("{}.shard[{}]", service.name, shard),
                 figure_text(store.shard_share[shard], Measure::share),
                 figure_text(one.throughput_per_s, Measure::per_s),
                 figure_text(one.utilization, Measure::share),
                 figure_text(one.error_rate, Measure::share),
                 figure_text(one.latency_s.percentile(50), Measure::seconds),
                 figure_text(one.latency_s.percentile(99), Measure::seconds)});
    }
    if (!told.empty() && told.size() < store.shards.size())
      below += paint.dim(fmt::format("  - {}: the {} shards of {} that get the most\n",
                                     service.name, told.size(), store.shards.size()));
  }
  return any ? table.text(paint) + below : std::string();
}

}  // namespace headroom
