#include "app/report/service_tables.hpp"

#include <fmt/format.h>

#include "app/report/numbers.hpp"
#include "app/report/text_table.hpp"
#include "app/report/verdict_text.hpp"

namespace headroom {

namespace {

std::string drops_text(const ServiceSummary& service) {
  std::string text;
  for (const auto& [cause, count] : service.drops) {
    if (count == 0) continue;
    if (!text.empty()) text += ", ";
    text += count_text(count) + " " + cause;
  }
  return text.empty() ? "none" : text;
}

}  // namespace

std::string service_table(const Summary& summary, const Paint& paint) {
  TextTable table;
  for (const auto* heading : {"SERVICES", "utilisation", "in queue", "wait p99", "sojourn p99"}) {
    table.column(heading);
  }
  table.column("drops", TextTable::Align::left);
  for (const auto& service : summary.services) {
    table.row({service.name, figure_text(service.utilization, Measure::share),
               figure_text(service.queue_length, Measure::number),
               figure_text(service.wait_s.percentile(99), Measure::seconds),
               figure_text(service.sojourn_s.percentile(99), Measure::seconds),
               drops_text(service)});
  }
  return table.text(paint);
}

std::string slo_table(const Summary& summary, const Paint& paint) {
  if (summary.slos.empty()) return {};
  TextTable table;
  table.column("SLOS");
  table.column("asked for", TextTable::Align::left);
  table.column("measured");
  table.column("verdict", TextTable::Align::left);
  for (const auto& slo : summary.slos) {
    table.row({slo.name,
               asked_text(slo),
               slo.measured.value ? measured_text(slo) : "no figure",
               {std::string(verdict_word(slo, summary)), tint_of(slo.verdict)}});
  }
  std::string text = table.text(paint);
  for (const auto& slo : summary.slos) {
    if (slo.measured.value) continue;
    text +=
        paint.dim("  - " + wrapped(slo.name + ": " + slo.measured.why, 4, text_width - 4)) + "\n";
  }
  return text;
}

std::string failure_table(const Summary& summary, const Paint& paint) {
  if (summary.failures.empty()) return {};
  TextTable table;
  for (const auto* heading : {"FAILURES", "at", "for", "errors meanwhile", "recovered after"}) {
    table.column(heading);
  }
  std::string notes;
  for (const auto& failure : summary.failures) {
    const std::string what = failure.verb + " " + failure.target;
    table.row(
        {what, failure.at_s ? length_text(*failure.at_s) : std::string("again"),
         failure.for_s ? length_text(*failure.for_s) : std::string(failure.at_s ? "the rest" : "-"),
         figure_text(failure.error_rate, Measure::share),
         figure_text(failure.recovered_after_s, Measure::seconds)});
    if (!failure.recovered_after_s.value && !failure.recovered_after_s.why.empty()) {
      notes += paint.dim("  - " +
                         wrapped(what + ": " + failure.recovered_after_s.why, 4, text_width - 4)) +
               "\n";
    }
  }
  return table.text(paint) + notes;
}

std::string bottleneck_sentence(const Summary& summary) {
  if (!summary.bottleneck) return {};
  const auto& bottleneck = *summary.bottleneck;
  std::string text =
      fmt::format("Bottleneck: {}, {} of its {} busy", bottleneck.name,
                  number_text(bottleneck.utilization, Measure::share), bottleneck.resource);
  if (bottleneck.ceiling_per_s) {
    text += fmt::format("; by arithmetic it holds {} of these requests at most",
                        number_text(*bottleneck.ceiling_per_s, Measure::per_s));
  }
  return wrapped(text + ".", 2) + "\n";
}

}  // namespace headroom
