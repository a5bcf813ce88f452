#include <fmt/format.h>

#include <algorithm>

#include "app/report/bandwidth_text.hpp"
#include "app/report/numbers.hpp"
#include "app/report/service_tables.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

namespace {

std::string links_text(const Summary& summary, const Paint& paint) {
  // Chosen: a fat tree has thousands; the busiest are what one looks for.
  constexpr std::size_t most = 8;
  std::vector<const LinkSummary*> links;
  for (const LinkSummary& link : summary.network.links)
    if (link.bandwidth_bytes_per_s || link.lost_per_s.value.value_or(0) > 0) links.push_back(&link);
  std::stable_sort(links.begin(), links.end(), [](const auto* a, const auto* b) {
    return a->utilization.value.value_or(0) > b->utilization.value.value_or(0);
  });
  if (links.empty()) return {};
  TextTable table;
  for (const auto* heading : {"LINKS", "carried", "utilization", "left", "lost"})
    table.column(heading);
  for (std::size_t i = 0; i < std::min(most, links.size()); ++i) {
    const LinkSummary& link = *links[i];
    table.row(
        {link.name, bandwidth_text(link.bytes_per_s),
         link.utilization.value ? figure_text(link.utilization, Measure::share) : std::string("-"),
         bandwidth_text(link.residual_bytes_per_s), figure_text(link.lost_per_s, Measure::per_s)});
  }
  std::string text = table.text(paint);
  if (links.size() > most)
    text += paint.dim(fmt::format("  - {} more links are in --json\n", links.size() - most));
  return text;
}

std::string bulk_text(const Summary& summary, const Paint& paint) {
  if (summary.network.bulk.empty()) return {};
  TextTable table;
  for (const auto* heading : {"COPIES", "begun", "finished", "took", "rate"})
    table.column(heading);
  for (const BulkSummary& bulk : summary.network.bulk)
    table.row({bulk.name, figure_text(bulk.begun, Measure::number),
               figure_text(bulk.finished, Measure::number),
               bulk.duration_s.value ? figure_text(bulk.duration_s, Measure::seconds)
                                     : std::string("not finished"),
               bandwidth_text(bulk.bytes_per_s)});
  return table.text(paint);
}

}  // namespace

std::string bandwidth_text(const Figure& bytes_per_s) {
  if (!bytes_per_s.value) return "-";
  Figure scaled = bytes_per_s;
  for (auto* part : {&scaled.value, &scaled.low, &scaled.high})
    if (*part) **part /= 1e6;
  return figure_text(scaled, Measure::number) + " MB/s";
}

std::string network_table(const Summary& summary, const Paint& paint) {
  const std::string links = links_text(summary, paint), bulk = bulk_text(summary, paint);
  return links + (links.empty() || bulk.empty() ? "" : "\n") + bulk;
}

}  // namespace headroom
