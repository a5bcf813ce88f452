// PACELC: where there is a partition, availability against consistency; else latency against it.
// Source: Abadi 2012, "Consistency tradeoffs in modern distributed database system design".
#include "app/report/html/cap_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/html/anomaly.hpp"
#include "app/report/html/chart.hpp"
#include "app/report/html/markup.hpp"
#include "app/report/html/page.hpp"
#include "app/report/html/recorded.hpp"
#include "app/report/numbers.hpp"

namespace headroom {

namespace {

using namespace html;
using OrderedJson = nlohmann::ordered_json;

std::vector<const CapPoint*> points_run(const CapStudy& study) {
  std::vector<const CapPoint*> points;
  for (const CapPoint& point : study.points)
    if (point.skipped.empty()) points.push_back(&point);
  return points;
}

/// One place for each setting, left to right.
Chart by_setting(const std::vector<const CapPoint*>& points, std::string title, std::string unit) {
  Chart chart;
  chart.title = chart.about = std::move(title);
  chart.unit = std::move(unit);
  for (std::size_t i = 0; i < points.size(); ++i) {
    chart.x.push_back(static_cast<double>(i));
    chart.x_ticks.push_back({static_cast<double>(i), {points[i]->setting.name}});
  }
  return chart;
}

std::string latency_chart(const std::vector<const CapPoint*>& points, Charts& charts) {
  Chart chart = by_setting(points, "Latency while nothing failed", "s");
  Line p50{"p50", "p50", {}, {}, {}, {}, true}, p99{"p99", "p99", {}, {}, {}, {}, true};
  for (const CapPoint* point : points) {
    p50.add(point->calm_p50_s);
    p99.add(point->calm_p99_s);
  }
  chart.lines = {p50, p99};
  return charts.add(std::move(chart));
}

std::string availability_chart(const std::vector<const CapPoint*>& points, Charts& charts) {
  Chart chart = by_setting(points, "Operations answered while the network was cut", "share");
  std::vector<std::string> sides;
  for (const CapPoint* point : points)
    for (const auto& [side, figure] : point->consistency.during_partition)
      if (std::find(sides.begin(), sides.end(), side) == sides.end()) sides.push_back(side);
  for (std::size_t i = 0; i < sides.size() && i < 8; ++i) {
    Line line{"clients in " + sides[i], fmt::format("c{}", i), {}, {}, {}, {}, true};
    for (const CapPoint* point : points) {
      Figure here = Figure::none("nobody asked there");
      for (const auto& [side, figure] : point->consistency.during_partition)
        if (side == sides[i]) here = figure;
      line.add(here);
    }
    chart.lines.push_back(std::move(line));
  }
  return charts.add(std::move(chart));
}

/// The p99 where there were enough requests for it everywhere, else the median.
bool has_calm_p99(const std::vector<const CapPoint*>& points) {
  return std::all_of(points.begin(), points.end(), [](const CapPoint* point) {
    return point->calm_p99_s.value || !point->calm_p50_s.value;
  });
}

/// Every setting a point: latency in calm across, the worse side of the cut upwards.
std::string pacelc_chart(const std::vector<const CapPoint*>& points, Charts& charts) {
  Chart chart;
  chart.title = "PACELC: who is answered while the network is cut, at what latency otherwise";
  chart.about = chart.title + "; every setting is a point, its name says what was not refuted";
  chart.unit = "share";
  const bool at_p99 = has_calm_p99(points);
  chart.x_title = at_p99 ? "p99 of the latency while nothing failed, ms"
                         : "median latency while nothing failed, ms (too few requests for a p99)";
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Figure worst = worst_side(*points[i]);
    const Figure& calm_s = at_p99 ? points[i]->calm_p99_s : points[i]->calm_p50_s;
    if (!worst.value || !calm_s.value) continue;
    Line line{points[i]->setting.name + " (" + strongest_text(*points[i]) + ")",
              fmt::format("c{}", i % 8),
              {},
              {},
              {},
              {*calm_s.value * 1e3},
              true};
    line.add(worst);
    chart.x.push_back(line.x.front());
    chart.lines.push_back(std::move(line));
  }
  std::sort(chart.x.begin(), chart.x.end());
  return charts.add(std::move(chart));
}

std::string table_of(const std::vector<const CapPoint*>& points) {
  Table table("What was seen under each setting");
  table.column("setting", Table::Align::left);
  for (const auto* heading :
       {"calm p50", "calm p99", "answered, worse side", "stale reads", "lost"})
    table.column(heading);
  table.column("alike again", Table::Align::left);
  table.column("strongest not refuted", Table::Align::left);
  table.column("weakest refuted", Table::Align::left);
  table.column("operations checked");
  for (const CapPoint* point : points) {
    table.row({point->setting.name, figure_text(point->calm_p50_s, Measure::seconds),
               figure_text(point->calm_p99_s, Measure::seconds),
               figure_text(worst_side(*point), Measure::share),
               figure_text(point->stale_reads, Measure::share),
               count_text(point->consistency.lost_writes), converged_text(*point),
               strongest_text(*point), refuted_text(*point),
               count_text(point->consistency.operations)});
  }
  return table.text();
}

}  // namespace

void add_cap_files(std::vector<ResultFile>& files, const CapStudy& study,
                   const OrderedJson& document) {
  const auto points = points_run(study);
  Charts charts;
  std::string body = "<article>\n<h1>" + escaped(study.scenario) + "</h1>\n";
  body += paragraph(fmt::format(
      "The same scenario with {} under each protocol and setting, on the same random numbers. Not "
      "refuted means that no violation was found in the operations checked, no more.",
      study.database));
  body += section("cap-table", "What was seen", table_of(points));
  body += section("cap-charts", "Latency, availability and both",
                  latency_chart(points, charts) + availability_chart(points, charts) +
                      pacelc_chart(points, charts));
  std::string drawn;
  std::size_t number = 0;
  for (const auto& setting : below(document, {"settings"})) {
    const OrderedJson& smallest = below(setting, {"smallest"});
    const OrderedJson& anomaly =
        below(smallest.is_object() ? smallest : below(setting, {"consistency"}), {"anomaly"});
    if (!anomaly.is_object()) continue;
    const std::string svg = anomaly_drawing(anomaly);
    drawn +=
        "<h3>" + escaped(text_of(below(setting, {"name"}))) + "</h3>\n" +
        paragraph(text_of(below(anomaly, {"text"})) + ".") + "<div class=\"scroll\">" + svg +
        "</div>\n" +
        paragraph(text_of(below(smallest.is_object() ? smallest : setting, {"command"})), "note");
    files.push_back({fmt::format("anomaly-{}.svg", ++number), svg});
  }
  body += section("cap-anomalies", "The smallest counterexamples", drawn) + "</article>\n";
  files.push_back({"report.html", html_page(study.scenario, body, charts)});
}

}  // namespace headroom
