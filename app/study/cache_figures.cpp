#include <algorithm>
#include <array>

#include "app/study/figures_of_runs.hpp"

namespace headroom {

namespace {

using Count = std::uint64_t CacheResult::*;

struct Counted {
  const char* name;
  Count count;
};
constexpr std::array<Counted, 10> counted{{
    {"gets_per_s", &CacheResult::gets},
    {"misses_per_s", &CacheResult::misses},
    {"evictions_per_s", &CacheResult::evictions},
    {"expired_per_s", &CacheResult::expired},
    {"coalesced_per_s", &CacheResult::coalesced},
    {"told_to_wait_per_s", &CacheResult::told_to_wait},
    {"early_per_s", &CacheResult::early},
    {"refreshed_per_s", &CacheResult::refreshed},
    {"refused_fills_per_s", &CacheResult::refused_fills},
    {"erased_per_s", &CacheResult::erased},
}};

}  // namespace

const Figure& CacheSummary::rate(std::string_view name) const {
  const auto found = std::find_if(CacheSummary::rates.begin(), CacheSummary::rates.end(),
                                  [&](const auto& each) { return each.first == name; });
  HEADROOM_CHECK(found != CacheSummary::rates.end());
  return found->second;
}

CacheSummary cache_summary(Runs runs, std::size_t service) {
  CacheSummary summary;
  std::vector<double> hits, answered, stale;
  std::vector<const sim::Histogram*> staleness;
  for (const RunResult& run : runs) {
    const CacheResult& cache = *run.services[service].cache;
    hits.push_back(static_cast<double>(cache.hits));
    answered.push_back(static_cast<double>(cache.hits + cache.misses));
    stale.push_back(static_cast<double>(cache.stale));
    staleness.push_back(&cache.staleness);
    summary.acknowledged_writes += cache.acknowledged;
    summary.lost_writes += cache.lost_writes;
  }
  summary.hit_ratio = within(ratio_over_runs(hits, answered, "no get was answered"), 0, 1);
  summary.stale_read_ratio = within(ratio_over_runs(stale, hits, "no get hit"), 0, 1);
  summary.staleness_s = time_summary(staleness);
  for (const Counted& each : counted) {
    summary.rates.emplace_back(each.name, mean_over_runs(runs, [&](const RunResult& run) {
                                 const CacheResult& cache = *run.services[service].cache;
                                 return static_cast<double>(cache.*each.count) / run.measured_s();
                               }));
  }
  summary.entries = mean_over_runs(runs, [&](const RunResult& run) {
    const CacheResult& cache = *run.services[service].cache;
    return static_cast<double>(cache.entries_area) * 1e-9 / run.measured_s();
  });
  return summary;
}

}  // namespace headroom
