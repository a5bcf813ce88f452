#include <fmt/format.h>

#include <algorithm>

#include "app/report/consistency.hpp"
#include "app/report/numbers.hpp"
#include "app/report/text_table.hpp"
#include "app/scenario/diagnostics.hpp"
#include "app/scenario/sources.hpp"

namespace headroom {

namespace {

using consistency::Guarantee;
using consistency::Holds;

std::string all_that(const ConsistencySummary& summary, Holds holds) {
  std::string list;
  for (const auto& said : summary.said)
    if (said.holds == holds)
      list += (list.empty() ? "" : ", ") + name_in_words(consistency::name_of(said.guarantee));
  return list;
}

std::string verdict_text(const ConsistencySummary& summary, const Paint& paint) {
  std::string text;
  const std::string kept = all_that(summary, Holds::yes);
  const std::string counted = count_text(summary.operations) + " operations";
  if (!kept.empty())
    text += wrapped(fmt::format("  no violation found in {} of: {}", counted, kept), 4) + "\n";
  const std::string refuted = all_that(summary, Holds::no);
  if (!refuted.empty()) text += paint.red("  VIOLATED") + wrapped(": " + refuted, 4) + "\n";
  const std::string open = all_that(summary, Holds::unknown);
  if (!open.empty()) text += wrapped("  not decided: " + open, 4) + "\n";
  return text;
}

std::string anomaly_text(const ConsistencySummary& summary, const Paint& paint) {
  if (!summary.refuted) return {};
  std::string text = wrapped(fmt::format("  Not {} (replication {}): {}.",
                                         name_in_words(consistency::name_of(*summary.refuted)),
                                         summary.replication, visible(summary.text)),
                             4) +
                     "\n";
  constexpr std::size_t most = 12;  // Chosen: what a reader follows.
  const std::size_t shown = std::min(most, summary.anomaly.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const RecordedOperation& each = summary.anomaly[i];
    const std::string until =
        each.ended == 0 ? "never answered" : fmt::format("{:.6f} s", each.ret.in_seconds());
    text += paint.dim(fmt::format("    process {:<5} {:<28} {:.6f} s to {}{}\n", each.process,
                                  visible(operation_text(each, summary.key_name(each.key))),
                                  each.call.in_seconds(), until,
                                  each.end == HistoryEvent::Type::info ? ", unknown" : ""));
  }
  if (shown < summary.anomaly.size())
    text += paint.dim(fmt::format("    and {} more\n", summary.anomaly.size() - shown));
  return text;
}

std::string measures_text(const ConsistencySummary& summary) {
  std::string text = fmt::format("  {} of {} reads were stale", count_text(summary.stale),
                                 count_text(summary.reads));
  if (summary.stale > 0)
    text += fmt::format(", at worst by {} and {} versions",
                        number_text(summary.staleness_max_s, Measure::seconds),
                        count_text(summary.most_versions));
  if (summary.lost_writes > 0)
    text += fmt::format("; {} of {} acknowledged writes LOST", count_text(summary.lost_writes),
                        count_text(summary.acknowledged_writes));
  if (summary.converged == Holds::yes)
    text += fmt::format("; alike {} after healing",
                        figure_text(summary.converged_after_s, Measure::seconds));
  if (summary.converged == Holds::no) text += "; copies did not become alike after healing";
  text = wrapped(text, 4) + "\n";
  for (const auto& [side, figure] : summary.during_partition)
    text += fmt::format("  answered while cut, clients in {}: {}\n", visible(side),
                        figure_text(figure, Measure::share));
  if (!summary.during_partition.empty())
    text += fmt::format("  answered otherwise: {}\n", figure_text(summary.outside, Measure::share));
  if (summary.left_out > 0)
    text += wrapped(fmt::format("  {} further operations were not recorded (`history` bounds them)",
                                count_text(summary.left_out)),
                    4) +
            "\n";
  return text;
}

}  // namespace

std::string operation_text(const RecordedOperation& operation, const std::string& key) {
  const auto value = [](std::int64_t number) {
    return number == no_value ? std::string("nil") : std::to_string(number);
  };
  if (operation.f == Function::read) return "read " + key + " -> " + value(operation.value);
  if (operation.f != Function::cas)
    return fmt::format("{} {} {}", name_of(operation.f), key, value(operation.value));
  return "cas " + key + " " + value(operation.expected) + " -> " + value(operation.value);
}

std::string consistency_text(const Summary& summary, const Paint& paint) {
  std::string text;
  for (const ConsistencySummary& each : summary.consistency) {
    text += paint.bold("CONSISTENCY of " + visible(each.service)) + ", as its clients saw it\n";
    text += verdict_text(each, paint) + anomaly_text(each, paint) + measures_text(each);
  }
  return text;
}

}  // namespace headroom
