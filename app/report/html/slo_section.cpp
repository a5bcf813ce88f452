#include <fmt/format.h>

#include <algorithm>

#include "app/report/html/drawings.hpp"
#include "app/report/html/markup.hpp"
#include "app/report/html/reasons.hpp"
#include "app/report/html/sections.hpp"
#include "app/report/verdict_text.hpp"

namespace headroom::html {

namespace {

constexpr std::size_t most_slo_rows = 60;  // Chosen: longer tables are no longer read.

/// What is measured: a workload, one of its endpoints, a service.
std::string subject(const std::optional<Asked>& asked) {
  if (!asked) return {};
  const std::string& name = asked->service.empty() ? asked->workload : asked->service;
  return asked->endpoint.empty() ? name : name + ", " + asked->endpoint;
}

Table::Cell drawing(const SloSummary& slo, const std::optional<Asked>& asked,
                    const std::vector<Figure>& beside = {}) {
  if (!asked) return "";
  return Table::Cell::markup(interval_drawing(slo.measured, asked->require.limit,
                                              asked->require.at_most, slo.verdict, beside));
}

Table::Cell measured(const SloSummary& slo) {
  return slo.measured.value ? measured_text(slo) : "no figure";
}

Table::Cell verdict(const SloSummary& slo, const Summary& of) {
  return Table::Cell::markup(badge(name_of(slo.verdict), verdict_word(slo, of)));
}

void add_columns(Table& table) {
  table.kind("goals");
  table.column("limit, interval, value", Table::Align::left);
  table.column("measured");
  table.column("verdict", Table::Align::left);
}

const char* legend() {
  return "<p class=\"legend\">The upright line is the limit, the shaded side breaks it; the bar is "
         "the 95 % interval. The mark is a disc where the goal is met, a lozenge where it is "
         "missed, a ring where the interval straddles the limit.</p>\n";
}

std::string slos_of_run(const Recorded& study) {
  Table table("SLOs");
  table.hide_caption();
  table.column("SLO", Table::Align::left);
  table.column("of", Table::Align::left);
  table.column("asked for", Table::Align::left);
  add_columns(table);
  Reasons reasons;
  for (const SloSummary& slo : study.summary.slos) {
    const auto asked = asked_by(study.scenario, slo.name);
    table.row({slo.name, subject(asked), asked_text(slo), drawing(slo, asked), measured(slo),
               verdict(slo, study.summary)});
    reasons.add(slo.name, slo.measured);
  }
  return table.empty() ? std::string() : table.text() + reasons.notes() + legend();
}

/// The same SLO at every point, one below the other.
std::string slo_over_points(const Recorded& study, std::size_t index) {
  const SloSummary& first = study.points.front().summary.slos[index];
  const auto asked = asked_by(study.scenario, first.name);
  const std::string of = subject(asked);
  Table table(
      fmt::format("{}: {}{}", first.name, asked_text(first), of.empty() ? "" : " of " + of));
  table.column(fmt::format("{}", fmt::join(study.paths, ", ")), Table::Align::left);
  add_columns(table);
  std::vector<Figure> beside;
  for (const SweepPoint& point : study.points) {
    if (index < point.summary.slos.size()) beside.push_back(point.summary.slos[index].measured);
  }
  Reasons reasons;
  for (std::size_t point = 0; point < std::min(most_slo_rows, study.points.size()); ++point) {
    const auto& slos = study.points[point].summary.slos;
    if (index >= slos.size()) continue;
    const SloSummary& slo = slos[index];
    const std::string at = study.points[point].label();
    table.row({at, drawing(slo, asked, beside), measured(slo),
               verdict(slo, study.points[point].summary)});
    reasons.add(at, slo.measured);
  }
  return "<div>\n" + table.text() + reasons.notes() + "</div>\n";
}

std::string slos_of_sweep(const Recorded& study) {
  std::string text;
  for (std::size_t slo = 0; slo < study.points.front().summary.slos.size(); ++slo)
    text += slo_over_points(study, slo);
  if (text.empty()) return text;
  if (study.points.size() > most_slo_rows) {
    text += paragraph(fmt::format("The first {} of {} points; all are in summary.json.",
                                  most_slo_rows, study.points.size()),
                      "note");
  }
  return "<div class=\"columns\">\n" + text + "</div>\n" + legend();
}

}  // namespace

bool Asked::is_of_time() const {
  using Metric = Requirement::Metric;
  return require.metric == Metric::percentile || require.metric == Metric::mean ||
         require.metric == Metric::max;
}

std::string Asked::label(const std::string& name) const {
  return fmt::format("{}: {}{}", name, require.written,
                     endpoint.empty() ? "" : " (" + endpoint + ")");
}

std::optional<Asked> asked_by(const nlohmann::ordered_json& scenario, const std::string& slo) {
  const auto& json = below(scenario, {"slos", slo});
  Asked asked;
  asked.workload = text_of(below(json, {"workload"}));
  asked.service = text_of(below(json, {"service"}));
  if (asked.service.empty()) asked.service = text_of(below(json, {"queue"}));
  asked.endpoint = text_of(below(json, {"endpoint"}));
  std::string why;
  const TextForm& form = text_form_of(static_cast<const Requirement*>(nullptr));
  if (!form.parse(text_of(below(json, {"require"})), &asked.require, why)) return std::nullopt;
  return asked;
}

std::vector<std::pair<double, std::string>> latency_limits(const Recorded& study,
                                                           const std::string& workload) {
  std::vector<std::pair<double, std::string>> limits;
  for (const auto& [name, json] : below(study.scenario, {"slos"}).items()) {
    const auto asked = asked_by(study.scenario, name);
    if (asked && asked->workload == workload && asked->is_of_time())
      limits.emplace_back(asked->require.limit, asked->label(name));
  }
  return limits;
}

std::string slo_section(const Part& part) {
  const std::string body =
      part.study.is_sweep() ? slos_of_sweep(part.study) : slos_of_run(part.study);
  return section(part.prefix + "-slos", "Goals", body);
}

}  // namespace headroom::html
