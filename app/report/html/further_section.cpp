#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/report/bandwidth_text.hpp"
#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"

namespace headroom::html {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_further_rows = 300;  // Chosen: what is more belongs into summary.json.

/// What other sections show.
constexpr std::array<std::string_view, 31> shown{
    "headroom",  "scenario", "seed",      "replications", "digest",         "settled",
    "verdict",   "partial",  "warmup_s",  "warmup_found", "duration_s",     "sequential",
    "workloads", "services", "slos",      "bottleneck",   "failures",       "events",
    "digests",   "warnings", "points",    "vary",         "first_to_break", "knee",
    "today",     "theory",   "no_theory", "cost_per_h",   "consistency",    "availability",
    "network"};
constexpr std::array<std::string_view, 18> shown_of_parts{
    "kind",         "arrivals_per_s", "throughput_per_s", "utilization",
    "queue_length", "in_system",      "wait_s",           "sojourn_s",
    "drops",        "instances",      "replicas",         "offered_per_s",
    "served_per_s", "goodput_per_s",  "error_rate",       "attempts_per_request",
    "outcomes",     "time_spent"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A row for each number or word below, called by its path.
void add_rows(Table& table, const std::string& path, const Json& json, std::size_t& rows) {
  if (rows == most_further_rows) return;
  if (is_figure(json)) {
    const Figure figure = figure_of(json);
    const std::string text = !figure.value ? "none: " + figure.why
                             : path.ends_with("bytes_per_s")
                                 ? bandwidth_text(figure)
                                 : figure_text(figure, measure_of_key(path));
    table.row({path, text});
    ++rows;
  } else if (json.is_structured()) {
    for (const auto& [name, value] : json.items())
      add_rows(table, path + " " + name, value, rows);
  } else if (!json.is_null()) {
    const std::string text = json.is_string() ? json.get<std::string>()
                             : json.is_number_float()
                                 ? number_text(json.get<double>(), measure_of_key(path))
                                 : json.dump();
    table.row({path, text});
    ++rows;
  }
}

}  // namespace

Measure measure_of_key(const std::string& key) {
  const auto has = [&](std::string_view part) { return key.find(part) != std::string::npos; };
  if (has("_per_s")) return Measure::per_s;
  if (has("_s ") || key.ends_with("_s")) return Measure::seconds;
  if (has("ratio") || has("rate") || has("utilization") || has("share") || has("availability"))
    return Measure::share;
  return Measure::number;
}

std::string further_section(const Part& part) {
  const Json& document = part.study.document;
  if (!document.is_object()) return {};
  Table table("Further figures");
  table.hide_caption();
  table.column("figure", Table::Align::left);
  table.column("value");
  std::size_t rows = 0;
  for (const auto* group : {"workloads", "services"}) {
    for (const auto& [name, json] : below(document, {group}).items()) {
      for (const auto& [key, value] : json.items()) {
        if (holds(shown_of_parts, key) || key == "latency_s" || key == "endpoints") continue;
        add_rows(table, name + " " + key, value, rows);
      }
    }
  }
  for (const auto& [key, value] : document.items()) {
    if (!holds(shown, key) && key != "unsettled_because" && key != "undecided_because")
      add_rows(table, key, value, rows);
  }
  std::string body = table.text();
  if (rows == most_further_rows) {
    body +=
        paragraph(fmt::format("The first {}; all are in summary.json.", most_further_rows), "note");
  }
  return section(part.prefix + "-further", "Further figures", body);
}

}  // namespace headroom::html
