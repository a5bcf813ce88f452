#include <fmt/format.h>

#include <algorithm>

#include "app/report/numbers.hpp"
#include "app/report/service_tables.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

namespace {

/// What happened besides hits and misses, in words; empty where nothing did.
std::string happenings(const CacheSummary& cache) {
  constexpr std::pair<const char*, const char*> events[] = {
      {"evictions_per_s", "evicted"},   {"expired_per_s", "expired"},
      {"coalesced_per_s", "coalesced"}, {"told_to_wait_per_s", "told to wait"},
      {"early_per_s", "fetched early"}, {"refreshed_per_s", "refreshed"},
      {"erased_per_s", "deleted"},      {"refused_fills_per_s", "fills refused"},
  };
  std::string text;
  for (const auto& [rate, word] : events) {
    const Figure& figure = cache.rate(rate);
    if (!figure.value || *figure.value == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ",
                        number_text(*figure.value, Measure::per_s), word);
  }
  return text;
}

std::string notes(const ServiceSummary& service, const Paint& paint) {
  const CacheSummary& cache = *service.cache;
  std::string text = happenings(cache);
  if (cache.acknowledged_writes > 0) {
    text += fmt::format("{}{} of {} acknowledged writes lost", text.empty() ? "" : "; ",
                        count_text(cache.lost_writes), count_text(cache.acknowledged_writes));
  }
  if (cache.clairvoyant)
    text +=
        fmt::format("{}one that knows the future would hit {} of one pass over the recorded keys",
                    text.empty() ? "" : "; ", number_text(*cache.clairvoyant, Measure::share));
  if (text.empty()) return {};
  return paint.dim("  - " + wrapped(service.name + ": " + text, 4, text_width - 4)) + "\n";
}

}  // namespace

std::string cache_table(const Summary& summary, const Paint& paint) {
  TextTable table;
  for (const auto* heading :
       {"CACHES", "hit ratio", "gets", "entries", "stale reads", "staleness p99"}) {
    table.column(heading);
  }
  std::string below;
  bool any = false;
  for (const auto& service : summary.services) {
    if (!service.cache) continue;
    any = true;
    const CacheSummary& cache = *service.cache;
    table.row({service.name, figure_text(cache.hit_ratio, Measure::share),
               figure_text(cache.rate("gets_per_s"), Measure::per_s),
               figure_text(cache.entries, Measure::number),
               figure_text(cache.stale_read_ratio, Measure::share),
               figure_text(cache.staleness_s.percentile(99), Measure::seconds)});
    below += notes(service, paint);
  }
  return any ? table.text(paint) + below : std::string();
}

}  // namespace headroom
