#include <fmt/format.h>

#include "app/report/html/markup.hpp"
#include "app/report/html/reasons.hpp"
#include "app/report/html/sections.hpp"
#include "app/report/run_text.hpp"
#include "app/report/sweep_text.hpp"

namespace headroom::html {

namespace {

void add(Reasons& reasons, const std::string& whose, const TimeSummary& times) {
  if (!times.mean.value) return reasons.add(whose, times.mean);
  for (const auto& [percent, figure] : times.percentiles)
    reasons.add(fmt::format("{} p{:g}", whose, percent), figure);
}

void add(Reasons& reasons, const Summary& summary, const std::string& at) {
  for (const auto& workload : summary.workloads) {
    add(reasons, at + workload.name, workload.latency_s);
    if (workload.endpoints.size() < 2) continue;
    for (const auto& endpoint : workload.endpoints)
      add(reasons, at + workload.name + " " + endpoint.name, endpoint.latency_s);
  }
  for (const auto& service : summary.services) {
    add(reasons, at + service.name + " wait", service.wait_s);
    add(reasons, at + service.name + " sojourn", service.sojourn_s);
  }
}

std::string warnings(const nlohmann::ordered_json& document) {
  std::string items;
  for (const auto& warning : below(document, {"warnings"})) {
    const std::string hint = text_of(below(warning, {"hint"}));
    items += fmt::format("<li>{}{}</li>\n", escaped(text_of(below(warning, {"message"}))),
                         hint.empty() ? "" : escaped("; " + hint));
  }
  if (items.empty()) return "<p>No warnings.</p>\n";
  return "<p>Warnings:</p>\n<ul>\n" + items + "</ul>\n";
}

std::string settled_word(const Summary& summary) {
  if (!summary.settled) return "a timeline";
  return *summary.settled ? "settled" : "never settled: " + summary.unsettled_because;
}

std::string points(const Recorded& study) {
  Table table("Points");
  table.column(fmt::format("{}", fmt::join(study.paths, ", ")), Table::Align::left);
  for (const auto* heading : {"replications", "warm-up", "events"})
    table.column(heading);
  table.column("digest", Table::Align::left);
  table.column("settled", Table::Align::left);
  for (const SweepPoint& point : study.points) {
    const Summary& summary = point.summary;
    table.row({point.label(), count_text(summary.replications), length_text(summary.warmup_s),
               count_text(summary.events), summary.digest, settled_word(summary)});
  }
  return table.text();
}

}  // namespace

std::string certainty_section(const Part& part) {
  const Recorded& study = part.study;
  Reasons withheld;
  std::string body;
  if (study.is_sweep()) {
    body += paragraph(fmt::format(
        "Each point is a study of its own: {}, {}.", points_were_run(study.points),
        have_one_seed(study.points)
            ? "all points on the same random numbers, so that neighbours differ by what was varied "
              "and not by luck"
            : "on random numbers of its own, as seeds are what was varied"));
    body += points(study);
    for (const SweepPoint& point : study.points)
      add(withheld, point.summary, point.label() + ": ");
  } else if (!study.summary.workloads.empty()) {
    body += paragraph(unbroken(certainty_text(study.summary)));
    add(withheld, study.summary, "");
  }
  body +=
      "<p>An interval holds the true value of the model with 95 % confidence; it says nothing of "
      "how well the model fits the system. A goal is met when the whole interval keeps it, missed "
      "when the whole interval breaks it, else undecided. A percentile needs 100 samples beyond "
      "it; with fewer its goal is missed where surely more samples are beyond the limit than may "
      "be.</p>\n";
  body += warnings(study.document) + withheld.folded_table();
  return section(part.prefix + "-certainty", "How sure is this", body);
}

}  // namespace headroom::html
