#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"
#include "app/report/utilization_note.hpp"
#include "app/report/verdict_text.hpp"

namespace headroom::html {

namespace {

constexpr std::size_t most_workloads = 4, most_services = 8;  // Chosen: more cannot be told apart.

/// The points of a sweep along the axis of its charts: where each is, and what is said there.
class Across {
 public:
  explicit Across(const Recorded& study) : study_(study), order_(study.points.size()) {
    std::iota(order_.begin(), order_.end(), 0);
    is_scaled_ = std::all_of(study.points.begin(), study.points.end(),
                             [](const SweepPoint& point) { return point.x.has_value(); });
    if (!is_scaled_) return;
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return *study.points[a].x < *study.points[b].x;
    });
  }

  std::size_t size() const { return order_.size(); }
  const SweepPoint& operator[](std::size_t i) const { return study_.points[order_[i]]; }
  double place(std::size_t i) const { return is_scaled_ ? *(*this)[i].x : static_cast<double>(i); }

  Chart chart(std::string title, std::string unit) const;
  Line line(std::string name, std::string style,
            const std::function<Figure(const Summary&)>& figure) const;

 private:
  std::vector<Chart::Span> unsettled() const;
  std::vector<std::pair<double, std::string>> today() const;
  bool offered_varies() const;

  const Recorded& study_;
  std::vector<std::size_t> order_;
  bool is_scaled_ = false;
};

/// Around each point that never settled: half the way to its neighbours.
std::vector<Chart::Span> Across::unsettled() const {
  std::vector<Chart::Span> spans;
  for (std::size_t i = 0; i < size(); ++i) {
    if ((*this)[i].is_settled()) continue;
    const double from = i == 0 ? place(i) : (place(i - 1) + place(i)) / 2;
    const double to = i + 1 == size() ? place(i) : (place(i) + place(i + 1)) / 2;
    if (!spans.empty() && spans.back().to == from) {
      spans.back().to = to;
    } else {
      spans.push_back({from, to, "never settles"});
    }
  }
  return spans;
}

std::vector<std::pair<double, std::string>> Across::today() const {
  if (!is_scaled_) return {};
  const auto& own = below(study_.document, {"today", study_.paths.front()});
  const auto at = number_in(own);
  if (!at || *at < place(0) || *at > place(size() - 1)) return {};
  return {{*at, "today"}};
}

bool Across::offered_varies() const {
  double least = 0, most = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    const double offered = (*this)[i].summary.workloads.front().offered_per_s.value.value_or(0);
    least = i == 0 ? offered : std::min(least, offered);
    most = std::max(most, offered);
  }
  return most > 1.05 * least;
}

Chart Across::chart(std::string title, std::string unit) const {
  Chart chart;
  chart.title = std::move(title);
  chart.unit = std::move(unit);
  chart.x_title = fmt::format("{}", fmt::join(study_.paths, ", "));
  const bool tells_load = offered_varies();
  if (tells_load) chart.x_title += ", with the load offered";
  for (std::size_t i = 0; i < size(); ++i) {
    chart.x.push_back(place(i));
    std::vector<std::string> lines{(*this)[i].label()};
    if (tells_load) {
      lines.push_back(
          value_text((*this)[i].summary.workloads.front().offered_per_s, Measure::per_s));
    }
    chart.x_ticks.emplace_back(place(i), std::move(lines));
  }
  chart.unsettled = unsettled();
  chart.marks = today();
  chart.group = "load";
  chart.about = "Its figures are in the table below.";
  return chart;
}

Line Across::line(std::string name, std::string style,
                  const std::function<Figure(const Summary&)>& figure) const {
  Line line{std::move(name), std::move(style), {}, {}, {}, {}, false};
  for (std::size_t i = 0; i < size(); ++i)
    line.add(figure((*this)[i].summary));
  return line;
}

std::string workload_charts(const Part& part, const Across& across, std::size_t workload) {
  const Summary& first = across[0].summary;
  const std::string& name = first.workloads[workload].name;
  const auto of = [&](const Summary& summary) -> const ClientSummary& {
    return summary.workloads[std::min(workload, summary.workloads.size() - 1)];
  };
  Chart latency = across.chart("Latency of " + name, "s");
  for (const auto& [percent, style] :
       std::array<std::pair<double, const char*>, 3>{{{50, "p50"}, {95, "p95"}, {99, "p99"}}}) {
    latency.lines.push_back(across.line(style, style, [&, percent = percent](const Summary& each) {
      return of(each).latency_s.percentile(percent);
    }));
  }
  latency.limits = latency_limits(part.study, name);
  Chart rates = across.chart("Served against offered, " + name, "/s");
  rates.lines = {
      across.line("offered", "offered", [&](const auto& each) { return of(each).offered_per_s; }),
      across.line("served", "served", [&](const auto& each) { return of(each).served_per_s; }),
      across.line("goodput", "goodput", [&](const auto& each) { return of(each).goodput_per_s; })};
  std::string drawn = part.charts.add(std::move(latency));
  return drawn += part.charts.add(std::move(rates));
}

double largest_share(const Across& across, std::size_t service) {
  double largest = 0;
  for (std::size_t i = 0; i < across.size(); ++i) {
    const auto& services = across[i].summary.services;
    if (service < services.size())
      largest = std::max(largest, services[service].utilization.value.value_or(0));
  }
  return largest;
}

std::string utilization_chart(const Part& part, const Across& across) {
  const auto& services = across[0].summary.services;
  std::vector<std::size_t> order(services.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return largest_share(across, a) > largest_share(across, b);
  });
  order.resize(std::min(order.size(), most_services));
  const bool all = order.size() == services.size();
  Chart chart = across.chart(all ? "Utilisation" : "Utilisation of the busiest services", "share");
  for (const std::size_t service : order) {
    chart.lines.push_back(across.line(
        services[service].name, fmt::format("c{}", chart.lines.size()), [&](const Summary& each) {
          return service < each.services.size() ? each.services[service].utilization : Figure();
        }));
  }
  for (const auto& [name, json] : below(part.study.scenario, {"slos"}).items()) {
    const auto asked = asked_by(part.study.scenario, name);
    if (asked && asked->require.metric == Requirement::Metric::utilization) {
      chart.limits.emplace_back(asked->require.limit, asked->label(name));
    }
  }
  return part.charts.add(std::move(chart));
}

std::string errors_chart(const Part& part, const Across& across) {
  Chart chart = across.chart("Errors", "share");
  const auto& workloads = across[0].summary.workloads;
  for (std::size_t i = 0; i < std::min(workloads.size(), most_services); ++i) {
    chart.lines.push_back(
        across.line(workloads[i].name, fmt::format("c{}", i), [&](const Summary& each) {
          return i < each.workloads.size() ? each.workloads[i].error_rate : Figure();
        }));
  }
  for (const auto& [name, json] : below(part.study.scenario, {"slos"}).items()) {
    const auto asked = asked_by(part.study.scenario, name);
    if (asked && asked->require.metric == Requirement::Metric::error_rate) {
      chart.limits.emplace_back(asked->require.limit, asked->label(name));
    }
  }
  return part.charts.add(std::move(chart));
}

std::string verdict_of(const SweepPoint& point) {
  const Summary& summary = point.summary;
  if (summary.verdict == Verdict::met && summary.slos.empty()) return badge("plain", "no SLO");
  return badge(name_of(summary.verdict), verdict_word(summary));
}

std::string point_table(const Recorded& study, std::size_t workload) {
  const std::string& name = study.points.front().summary.workloads[workload].name;
  Table table("Points of the sweep, " + name);
  table.column(fmt::format("{}", fmt::join(study.paths, ", ")), Table::Align::left);
  for (const auto* heading :
       {"offered", "served", "goodput", "p50", "p95", "p99", "errors", "busiest"})
    table.column(heading);
  table.column("verdict", Table::Align::left);
  for (const SweepPoint& point : study.points) {
    if (workload >= point.summary.workloads.size()) continue;
    const ClientSummary& client = point.summary.workloads[workload];
    const auto& busiest = point.summary.bottleneck;
    table.row({point.label(), figure_text(client.offered_per_s, Measure::per_s),
               figure_text(client.served_per_s, Measure::per_s),
               figure_text(client.goodput_per_s, Measure::per_s),
               figure_text(client.latency_s.percentile(50), Measure::seconds),
               figure_text(client.latency_s.percentile(95), Measure::seconds),
               figure_text(client.latency_s.percentile(99), Measure::seconds),
               figure_text(client.error_rate, Measure::share),
               busiest ? fmt::format("{} {}", busiest->name,
                                     number_text(busiest->utilization, Measure::share))
                       : std::string("-"),
               Table::Cell::markup(verdict_of(point))});
  }
  return table.text();
}

}  // namespace

std::string load_section(const Part& part) {
  const Recorded& study = part.study;
  if (!study.is_sweep()) return {};
  const Across across(study);
  const auto& workloads = across[0].summary.workloads;
  const std::size_t shown = std::min(workloads.size(), most_workloads);
  std::string body = "<div class=\"charts\">\n";
  for (std::size_t workload = 0; workload < shown; ++workload)
    body += workload_charts(part, across, workload);
  body += utilization_chart(part, across);
  body += errors_chart(part, across) + "</div>\n";
  body +=
      "<p class=\"legend\">Bands are 95 % intervals. Hatched: never settles, no latency to report. "
      "Dashed across: limits of the goals.</p>\n";
  if (shown < workloads.size()) {
    body += paragraph(fmt::format("The first {} of {} workloads are drawn; all are in the tables.",
                                  shown, workloads.size()),
                      "note");
  }
  for (std::size_t workload = 0; workload < workloads.size(); ++workload) {
    const std::string table = point_table(study, workload);
    body += workload == 0 ? table : folded("Points, " + workloads[workload].name, table);
    for (const SweepPoint& point : study.points) {
      if (!point.is_settled() || workload >= point.summary.workloads.size()) continue;
      const ClientSummary& client = point.summary.workloads[workload];
      const Figure& p99 = client.latency_s.percentile(99);
      if (p99.why.empty()) continue;
      body +=
          paragraph(fmt::format("{}: no {} of {}: {}", point.label(),
                                p99.value ? "interval of the p99" : "p99", client.name, p99.why),
                    "note");
    }
  }
  body += paragraph(utilization_note(study.points.front().summary), "note");
  for (const SweepPoint& point : study.points) {
    if (point.is_settled()) continue;
    body +=
        paragraph(point.label() + ": never settled: " + point.summary.unsettled_because, "note");
  }
  return section(part.prefix + "-load", "Where it breaks", body);
}

}  // namespace headroom::html
