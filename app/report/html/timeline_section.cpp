#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"

namespace headroom::html {

namespace {

constexpr std::size_t most_workloads = 4, most_services = 8;  // Chosen: more cannot be told apart.
constexpr std::size_t most_failure_rows = 60;                 // Chosen: a page of a printer.

Line line_of(const Series& series, const std::string& heading, std::string name,
             std::string style) {
  Line line{std::move(name), std::move(style), {}, {}, {}, {}, false};
  if (const auto* values = series.column(heading)) line.values = *values;
  if (const auto* low = series.column(heading + "_low")) line.low = *low;
  if (const auto* high = series.column(heading + "_high")) line.high = *high;
  return line;
}

/// Every chart of a timeline has the same places and the same failures.
class Timeline {
 public:
  Timeline(const Part& part) : part_(part), series_(part.study.series) {
    const auto& start_s = series_.start_s;
    width_s_ = start_s.size() > 1 ? start_s[1] - start_s[0] : part.study.summary.duration_s;
  }

  std::string traffic(const std::string& workload) const;
  std::string latency(const std::string& workload) const;
  std::string errors() const;
  std::string signal(const std::string& column, const std::string& title,
                     const std::string& unit) const;
  std::string queues() const;
  std::string table(const std::string& workload) const;
  std::string without_figures(const std::string& workload) const;

 private:
  std::vector<std::string> fullest_services() const;
  Chart chart(std::string title, std::string unit) const;

  const Part& part_;
  const Series& series_;
  double width_s_ = 0;
};

Chart Timeline::chart(std::string title, std::string unit) const {
  Chart chart;
  chart.title = std::move(title);
  chart.about = "Over time; figures of its windows are in the tables below and in timeseries.csv.";
  chart.across = Chart::Across::time;
  chart.unit = std::move(unit);
  chart.group = part_.prefix + "-time";
  for (const double start : series_.start_s)
    chart.x.push_back(start + width_s_ / 2);
  const double end = series_.start_s.empty() ? 0 : series_.start_s.back() + width_s_;
  for (const Outage& outage : part_.study.outages) {
    chart.shaded.push_back({outage.from_s, outage.to_s.value_or(end), outage.what});
  }
  return chart;
}

std::string Timeline::traffic(const std::string& workload) const {
  Chart drawn = chart("Traffic of " + workload, "/s");
  const std::string name = "workloads." + workload + ".";
  drawn.lines = {line_of(series_, name + "issued_per_s", "issued", "offered"),
                 line_of(series_, name + "ok_per_s", "answered ok", "served")};
  return part_.charts.add(std::move(drawn));
}

std::string Timeline::latency(const std::string& workload) const {
  Chart drawn = chart("Latency of " + workload, "s");
  for (const auto* percentile : {"p50", "p95", "p99"}) {
    drawn.lines.push_back(line_of(series_, fmt::format("workloads.{}.{}_s", workload, percentile),
                                  percentile, percentile));
  }
  drawn.limits = latency_limits(part_.study, workload);
  return part_.charts.add(std::move(drawn));
}

/// A window of a short series holds too few samples for the tail.
std::string Timeline::without_figures(const std::string& workload) const {
  std::string missing;
  for (const auto* percentile : {"p50", "p95", "p99"}) {
    const auto heading = fmt::format("workloads.{}.{}_s", workload, percentile);
    if (line_of(series_, heading, "", "").has_values()) continue;
    missing += (missing.empty() ? "" : ", ") + std::string(percentile);
  }
  if (missing.empty()) return {};
  return paragraph(
      fmt::format("{} of {}: not drawn, no window has 100 samples beyond it.", missing, workload),
      "note");
}

std::string Timeline::errors() const {
  Chart drawn = chart("Requests that were not ok", "/s");
  for (const auto& workload : part_.study.summary.workloads) {
    if (drawn.lines.size() == most_services) break;
    drawn.lines.push_back(line_of(series_, "workloads." + workload.name + ".errors_per_s",
                                  workload.name, fmt::format("c{}", drawn.lines.size())));
  }
  return part_.charts.add(std::move(drawn));
}

/// The services in which most requests were at once, as many as can be told apart.
std::vector<std::string> Timeline::fullest_services() const {
  const auto& services = part_.study.summary.services;
  const auto most_at_once = [&](std::size_t service) {
    const auto* values = series_.column("services." + services[service].name + ".in_system");
    double most = -1;
    for (std::size_t window = 0; values && window < values->size(); ++window)
      most = std::max(most, (*values)[window].value_or(-1));
    return most;
  };
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t service = 0; service < services.size(); ++service)
    order.emplace_back(-most_at_once(service), service);
  std::sort(order.begin(), order.end());
  order.resize(std::min(order.size(), most_services));
  std::vector<std::string> names;
  for (const auto& [negated, service] : order)
    names.push_back(services[service].name);
  return names;
}

/// One of the golden signals of the services.
std::string Timeline::signal(const std::string& column, const std::string& title,
                             const std::string& unit) const {
  Chart drawn = chart(title, unit);
  for (const std::string& service : fullest_services())
    drawn.lines.push_back(line_of(series_, "services." + service + "." + column, service,
                                  fmt::format("c{}", drawn.lines.size())));
  return part_.charts.add(std::move(drawn));
}

std::string Timeline::queues() const {
  const auto fullest = fullest_services();
  const bool all = fullest.size() == part_.study.summary.services.size();
  Chart drawn = chart(all ? "Requests in each service, waiting or served"
                          : "Requests in the fullest services, waiting or served",
                      "");
  for (const std::string& service : fullest)
    drawn.lines.push_back(line_of(series_, "services." + service + ".in_system", service,
                                  fmt::format("c{}", drawn.lines.size())));
  drawn.x_title = "time since the end of the warm-up";  // the lowest panel speaks for all
  return part_.charts.add(std::move(drawn));
}

std::string Timeline::table(const std::string& workload) const {
  const std::size_t windows = series_.start_s.size();
  const std::size_t step = (windows + most_failure_rows - 1) / most_failure_rows;
  const std::string every = step > 1 ? fmt::format(", every {}th window", step) : std::string();
  Table table(fmt::format("{} in windows of {}{}", workload, length_text(width_s_), every));
  table.column("from");
  struct Column {
    const char* key;
    const char* heading;
    Measure measure;
  };
  constexpr std::array<Column, 6> columns{{{"issued_per_s", "issued", Measure::per_s},
                                           {"ok_per_s", "ok", Measure::per_s},
                                           {"errors_per_s", "not ok", Measure::per_s},
                                           {"p50_s", "p50", Measure::seconds},
                                           {"p95_s", "p95", Measure::seconds},
                                           {"p99_s", "p99", Measure::seconds}}};
  std::vector<Line> lines;
  for (const Column& column : columns) {
    table.column(column.heading);
    lines.push_back(line_of(series_, fmt::format("workloads.{}.{}", workload, column.key), "", ""));
  }
  const auto at = [](const std::vector<std::optional<double>>& values, std::size_t window) {
    return window < values.size() ? values[window] : std::nullopt;
  };
  for (std::size_t window = 0; window < windows; window += std::max<std::size_t>(step, 1)) {
    std::vector<Table::Cell> row{length_text(series_.start_s[window])};
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const Line& line = lines[column];
      const Figure figure{
          at(line.values, window), at(line.low, window), at(line.high, window), 0, {}};
      row.emplace_back(figure_text(figure, columns[column].measure));
    }
    table.row(std::move(row));
  }
  return table.text();
}

}  // namespace

std::string timeline_section(const Part& part) {
  const Recorded& study = part.study;
  if (study.series.start_s.empty()) return {};
  const Timeline timeline(part);
  const auto& workloads = study.summary.workloads;
  const std::size_t shown = std::min(workloads.size(), most_workloads);
  std::string body = "<div class=\"panels\">\n";
  std::string tables, notes;
  for (std::size_t i = 0; i < shown; ++i) {
    body += timeline.traffic(workloads[i].name);
    body += timeline.latency(workloads[i].name);
    notes += timeline.without_figures(workloads[i].name);
    tables += folded("Figures of " + workloads[i].name, timeline.table(workloads[i].name));
  }
  body += timeline.errors();
  body += timeline.signal("arrivals_per_s", "Traffic of the services", "/s");
  body += timeline.signal("errors_per_s", "Errors and drops of the services", "/s");
  body += timeline.signal("sojourn_mean_s", "Mean time in the services", "s");
  body += timeline.signal("utilization", "Busy share of the services", "share");
  body += timeline.queues() + "</div>\n";
  body +=
      "<p class=\"legend\">Means over replications in each window, bands are their 95 % intervals; "
      "a percentile is drawn where 100 samples lie beyond it in the window.";
  if (!study.outages.empty()) {
    body += " Shaded: a failure, as in the first replication.";
  }
  body += "</p>\n";
  if (shown < workloads.size()) {
    body += paragraph(fmt::format("The first {} of {} workloads are drawn; all are in "
                                  "timeseries.csv.",
                                  shown, workloads.size()),
                      "note");
  }
  return section(part.prefix + "-time", "Over time", body + notes + tables);
}

}  // namespace headroom::html
