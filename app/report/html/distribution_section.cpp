#include <fmt/format.h>

#include <algorithm>

#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"

namespace headroom::html {

namespace {

constexpr std::size_t most_distributions = 6;  // Chosen: more cannot be told apart.

/// Where a share of the requests stands on an axis that gives each further nine the same room.
double nines(double share) {
  return 1 / (1 - share);
}

Line line_of(const std::string& name, const std::string& style, const Distribution& latencies) {
  Line line{name, style, {}, {}, {}, {}, false};
  for (const auto& row : latencies.rows) {
    line.x.push_back(nines(row.share));
    line.values.emplace_back(row.seconds);
  }
  return line;
}

/// The percentiles that have an interval, with it.
Line whiskers_of(const ClientSummary& client, const std::string& style) {
  Line line{client.name + ", 95 % intervals", style, {}, {}, {}, {}, true};
  for (const auto& [percent, figure] : client.latency_s.percentiles) {
    if (!figure.value || !figure.low) continue;
    line.x.push_back(nines(percent / 100));
    line.add(figure);
  }
  return line;
}

Chart percentile_chart(std::string title) {
  Chart chart;
  chart.title = std::move(title);
  chart.about = "Latency over the share of requests answered within it, each further nine as wide.";
  chart.across = Chart::Across::share;
  chart.x_title = "percentile";
  chart.unit = "s";
  return chart;
}

/// Of a sweep: its ends and where it turns.
std::vector<std::size_t> telling_points(const Recorded& study) {
  const auto order = ascending(study.points);
  std::vector<std::size_t> points{order.front()};
  if (const auto first = first_to_break(study.points)) {
    if (first->last_met) points.push_back(*first->last_met);
    points.push_back(first->point);
  }
  if (const auto at = knee(study.points)) points.push_back(*at);
  points.push_back(order.back());
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  // Where nothing settled there is no latency.
  std::erase_if(points, [&](std::size_t point) { return !study.points[point].is_settled(); });
  return points;
}

Chart chart_of_run(const Recorded& study) {
  Chart chart = percentile_chart("Latency by percentile");
  const auto& workloads = study.summary.workloads;
  const std::size_t shown = std::min(workloads.size(), most_distributions);
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string style = fmt::format("c{}", i);
    chart.lines.push_back(line_of(workloads[i].name, style, study.latencies[i]));
    chart.lines.push_back(whiskers_of(workloads[i], style));
    for (auto& limit : latency_limits(study, workloads[i].name))
      chart.limits.push_back(std::move(limit));
  }
  return chart;
}

Chart chart_of_sweep(const Recorded& study) {
  const std::string& workload = study.points.front().summary.workloads.front().name;
  Chart chart = percentile_chart("Latency by percentile, " + workload);
  for (const std::size_t point : telling_points(study)) {
    if (chart.lines.size() == most_distributions || study.at_points[point].empty()) break;
    chart.lines.push_back(
        line_of(fmt::format("{} = {}", fmt::join(study.paths, ", "), study.points[point].label()),
                fmt::format("c{}", chart.lines.size()), study.at_points[point].front()));
  }
  chart.limits = latency_limits(study, workload);
  return chart;
}

}  // namespace

std::string distribution_section(const Part& part) {
  const Recorded& study = part.study;
  const bool unsettled = !study.is_sweep() && study.summary.settled == false;
  if (unsettled && !study.summary.unsettled_because.empty()) {
    const auto& workloads = study.summary.workloads;
    const bool withheld = std::all_of(workloads.begin(), workloads.end(),
                                      [](const auto& each) { return !each.latency_s.mean.value; });
    if (withheld) {
      return section(part.prefix + "-latency", "How latency is spread",
                     paragraph("Not drawn: it never settled, so latency would only measure how "
                               "long the run was."));
    }
  }
  std::string body =
      part.charts.add(study.is_sweep() ? chart_of_sweep(study) : chart_of_run(study));
  if (body.empty()) return {};
  body +=
      "<p class=\"legend\">Pooled over replications, drawn as far as 100 samples lie beyond. "
      "Every gridline to the right is ten times rarer.</p>\n";
  return section(part.prefix + "-latency", "How latency is spread", body);
}

}  // namespace headroom::html
