#include <fmt/format.h>

#include <algorithm>

#include "app/report/numbers.hpp"
#include "app/report/rebalance_text.hpp"
#include "app/report/service_tables.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

namespace {

/// "db: shard 3 of 8 gets the most, 31.2 ±0.1 %; a fair share is 12.5 %"
std::string shard_note(const ServiceSummary& service) {
  const auto& shares = service.store->shard_share;
  if (shares.size() < 2) return {};
  const auto most = std::max_element(
      shares.begin(), shares.end(),
      [](const auto& a, const auto& b) { return a.value.value_or(0) < b.value.value_or(0); });
  return fmt::format("{}: shard {} of {} gets the most, {} of the operations; a fair share is {}",
                     service.name, most - shares.begin(), shares.size(),
                     figure_text(*most, Measure::share),
                     number_text(1.0 / static_cast<double>(shares.size()), Measure::share));
}

}  // namespace

std::string store_table(const Summary& summary, const Paint& paint) {
  TextTable table;
  for (const auto* heading : {"DATABASES", "read p50", "read p99", "write p50", "write p99",
                              "stale reads", "staleness p99"}) {
    table.column(heading);
  }
  std::string below;
  bool any = false;
  for (const auto& service : summary.services) {
    if (!service.store) continue;
    any = true;
    const StoreSummary& store = *service.store;
    table.row({service.name, figure_text(store.read_s.percentile(50), Measure::seconds),
               figure_text(store.read_s.percentile(99), Measure::seconds),
               figure_text(store.write_s.percentile(50), Measure::seconds),
               figure_text(store.write_s.percentile(99), Measure::seconds),
               figure_text(store.stale_read_ratio, Measure::share),
               figure_text(store.staleness_s.percentile(99), Measure::seconds)});
    const std::string note = shard_note(service);
    if (!note.empty()) below += paint.dim("  - " + wrapped(note, 4, text_width - 4)) + "\n";
    for (const std::string& change : rebalance_notes(service))
      below += paint.dim("  - " + wrapped(change, 4, text_width - 4)) + "\n";
  }
  return any ? table.text(paint) + below : std::string();
}

}  // namespace headroom
