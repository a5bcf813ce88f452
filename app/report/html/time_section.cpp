#include <fmt/format.h>

#include <algorithm>

#include "app/report/client_tables.hpp"
#include "app/report/html/drawings.hpp"
#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"

namespace headroom::html {

namespace {

using Json = nlohmann::ordered_json;

double seconds_in(const Json& group, const std::string& cause) {
  return figure_of(below(group, {"by_cause_s", cause})).value.value_or(0);
}

void add_group(Table& table, const std::string& name, const Json& group, double longest_s) {
  const double latency_s = figure_of(below(group, {"latency_s"})).value.value_or(0);
  if (latency_s <= 0) return;
  std::vector<double> parts;
  std::vector<Table::Cell> cells{name, "", number_text(latency_s, Measure::seconds)};
  for (std::size_t cause = 0; cause < time_causes; ++cause) {
    const double spent_s = seconds_in(group, std::string(name_of(static_cast<TimeCause>(cause))));
    parts.push_back(spent_s / longest_s);
    cells.emplace_back(spent_s <= 0
                           ? std::string("-")
                           : fmt::format("{} ({})", number_text(spent_s, Measure::seconds),
                                         number_text(spent_s / latency_s, Measure::share)));
  }
  cells[1] = Table::Cell::markup(stacked_drawing(parts));
  table.row(std::move(cells));
}

/// What took the most of the slowest requests, and where.
std::string dearest(const std::string& workload, const Json& group) {
  GroupSummary summary;
  summary.latency_s = figure_of(below(group, {"latency_s"}));
  for (const auto& [place, causes] : below(group, {"by_place_s"}).items()) {
    auto& spent = summary.places.emplace_back(place, std::array<Figure, time_causes>()).second;
    for (std::size_t cause = 0; cause < time_causes; ++cause)
      spent[cause] = figure_of(below(causes, {name_of(static_cast<TimeCause>(cause))}));
  }
  const std::string text = dearest_places_text(summary, 6);
  return text.empty() ? text : fmt::format("The slowest 1 % of {}: {}.", workload, text);
}

}  // namespace

std::string time_section(const Part& part) {
  const Json& workloads = below(part.study.document, {"workloads"});
  Table table("Where requests spent their time");
  table.hide_caption();
  table.column("requests", Table::Align::left);
  table.column("latency, drawn", Table::Align::left);
  table.column("mean latency");
  for (std::size_t cause = 0; cause < time_causes; ++cause)
    table.column(in_words(static_cast<TimeCause>(cause)));
  std::string sentences;
  for (const auto& [name, workload] : workloads.items()) {
    const Json& spent = below(workload, {"time_spent"});
    if (!spent.is_object()) continue;
    const Json& slowest = below(spent, {"slowest_1_percent"});
    const Json& median = below(spent, {"median"});
    double longest_s = 0;
    for (const Json* group : {&slowest, &median})
      longest_s = std::max(longest_s, figure_of(below(*group, {"latency_s"})).value.value_or(0));
    add_group(table, name + ", slowest 1 %", slowest, longest_s);
    add_group(table, name + ", around the median", median, longest_s);
    sentences += paragraph(dearest(name, slowest));
    const Json& left_out = below(spent, {"left_out"});
    if (left_out.is_number())
      sentences += paragraph(fmt::format(
          "{} later requests of {} found no room to be traced: a smaller run.trace covers the "
          "whole run.",
          left_out.get<std::uint64_t>(), name));
  }
  if (table.empty()) return {};
  std::string legend = "<p class=\"legend\">";
  for (std::size_t cause = 0; cause < time_causes; ++cause)
    legend += fmt::format("<span class=\"swatch part{}\"></span>{} ", cause,
                          in_words(static_cast<TimeCause>(cause)));
  legend +=
      "- of traced requests that ended ok; every nanosecond counts once, for what the request "
      "waited for at that instant. Retries: attempts before the last and their pauses. Slowest "
      "branch: the time of a parallel step after half of the branches that it needs had "
      "ended.</p>\n";
  return section(part.prefix + "-spent", "Where the time went", table.text() + sentences + legend);
}

}  // namespace headroom::html
