#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

#include "app/report/result_files.hpp"
#include "sim/stats/intervals.hpp"

namespace headroom {

namespace {

/// One figure of every window: its heading and its cells "value,low,high".
struct Columns {
  std::string heading;
  std::vector<std::string> cells;
};

std::string cell(const std::optional<sim::Interval>& interval, double scale) {
  if (!interval) return ",,";
  std::string text = fmt::format("{:.9g},", interval->mean * scale);
  if (!interval->bounded()) return text + ",";
  // None of these can be negative, however wide the interval.
  return text +
         fmt::format("{:.9g},{:.9g}", std::max(0.0, interval->low * scale), interval->high * scale);
}

Columns columns(std::string heading, std::size_t windows,
                const std::function<std::optional<sim::Interval>(std::size_t)>& figure,
                double scale = 1) {
  Columns result{std::move(heading), {}};
  for (std::size_t window = 0; window < windows; ++window) {
    result.cells.push_back(cell(figure(window), scale));
  }
  return result;
}

using Series = sim::SampleSeries WorkloadSeries::*;

/// Samples a second in each window, averaged over the replications.
Columns rate_columns(const std::string& heading, const StudyResult& study, std::size_t workload,
                     Series series) {
  std::vector<std::vector<double>> rates;
  for (const RunResult& run : study.runs) {
    rates.push_back((run.workloads[workload].series.*series).rates_per_s());
  }
  const auto intervals = sim::pointwise_intervals(rates);
  return columns(heading, intervals.size(), [&](std::size_t window) { return intervals[window]; });
}

Columns percentile_columns(const std::string& heading, const StudyResult& study,
                           std::size_t workload, double percent) {
  const std::size_t windows = study.runs.front().workloads[workload].series.latency.size();
  constexpr double ns = 1e-9;
  return columns(
      heading, windows,
      [&](std::size_t window) {
        sim::Histogram pooled;
        std::vector<const sim::Histogram*> histograms;
        for (const RunResult& run : study.runs) {
          histograms.push_back(&run.workloads[workload].series.latency.histogram(window));
          pooled.merge(*histograms.back());
        }
        return sim::quantile_interval(pooled, histograms, percent / 100);
      },
      ns);
}

using Levels = std::vector<sim::LevelSeries> ServiceResult::*;

Columns level_columns(const std::string& heading, const StudyResult& study, std::size_t service,
                      Levels series) {
  std::vector<std::vector<double>> levels;
  for (const RunResult& run : study.runs)
    levels.push_back((run.services[service].*series).front().means());
  const auto intervals = sim::pointwise_intervals(levels);
  return columns(heading, intervals.size(), [&](std::size_t window) { return intervals[window]; });
}

/// Of a broker: how many messages wait for each group, and how long they have.
void add_groups(std::vector<Columns>& all, const StudyResult& study, std::size_t service,
                const std::string& name) {
  const ServiceResult& first = study.runs.front().services[service];
  const std::size_t groups = first.broker->groups.size();
  for (std::size_t group = 0; group < groups; ++group) {
    const std::string of =
        groups == 1 ? name : name + "groups." + first.broker->groups[group].group + ".";
    std::vector<std::vector<double>> waiting, ages_s;
    for (const RunResult& run : study.runs) {
      const SubscriptionResult& one = run.services[service].broker->groups[group];
      if (!one.waiting.empty()) waiting.push_back(one.waiting.front().means());
      ages_s.push_back(one.ages_s);
    }
    if (waiting.empty()) continue;
    const auto add = [&](const char* what, const std::vector<std::vector<double>>& by_run) {
      const auto intervals = sim::pointwise_intervals(by_run);
      all.push_back(columns(of + what, intervals.size(),
                            [&](std::size_t window) { return intervals[window]; }));
    };
    add("lag", waiting);
    add("lag_s", ages_s);
  }
}

/// A golden signal of a service: of each run in each window what `part` is of `whole`, over all
/// runs; nothing where `whole` is 0 in all of them.
Columns signal_columns(const std::string& heading, const StudyResult& study, std::size_t service,
                       const std::function<double(const ServiceCounts&)>& part,
                       const std::function<double(const ServiceCounts&)>& whole,
                       double most = std::numeric_limits<double>::infinity()) {
  const std::size_t windows = study.runs.front().measurement.windows.count;
  return columns(heading, windows, [&](std::size_t window) -> std::optional<sim::Interval> {
    std::vector<double> parts, wholes;
    for (const RunResult& run : study.runs) {
      const auto& signals = run.services[service].signals;
      const ServiceCounts counts = window < signals.size() ? signals[window] : ServiceCounts();
      parts.push_back(part(counts));
      wholes.push_back(whole(counts));
    }
    auto interval = sim::ratio_interval(parts, wholes);
    if (interval && interval->bounded()) interval->high = std::min(interval->high, most);
    return interval;
  });
}

void add_signals(std::vector<Columns>& all, const StudyResult& study, std::size_t service,
                 const std::string& name) {
  const double width_s = study.runs.front().measurement.windows.width.in_seconds();
  const auto per_window = [width_s](const ServiceCounts&) { return width_s; };
  all.push_back(signal_columns(
      name + "arrivals_per_s", study, service,
      [](const ServiceCounts& counts) { return static_cast<double>(counts.arrivals); },
      per_window));
  all.push_back(signal_columns(
      name + "errors_per_s", study, service,
      [](const ServiceCounts& counts) { return static_cast<double>(counts.errors); }, per_window));
  all.push_back(signal_columns(
      name + "sojourn_mean_s", study, service,
      [](const ServiceCounts& counts) { return static_cast<double>(counts.sojourn_ns) / 1e9; },
      [](const ServiceCounts& counts) { return static_cast<double>(counts.answers); }));
  all.push_back(signal_columns(
      name + "utilization", study, service,
      [](const ServiceCounts& counts) {
        return counts.used.available > 0 ? static_cast<double>(counts.used.busy) : 0.0;
      },
      [](const ServiceCounts& counts) { return static_cast<double>(counts.used.available); }, 1));
}

std::vector<Columns> all_columns(const StudyResult& study) {
  std::vector<Columns> all;
  const RunResult& first = study.runs.front();
  for (std::size_t workload = 0; workload < first.workloads.size(); ++workload) {
    const std::string name = "workloads." + first.workloads[workload].name + ".";
    all.push_back(rate_columns(name + "issued_per_s", study, workload, &WorkloadSeries::issued));
    all.push_back(rate_columns(name + "ok_per_s", study, workload, &WorkloadSeries::latency));
    all.push_back(rate_columns(name + "errors_per_s", study, workload, &WorkloadSeries::not_ok));
    for (const int percent : {50, 95, 99}) {
      all.push_back(
          percentile_columns(fmt::format("{}p{}_s", name, percent), study, workload, percent));
    }
  }
  for (std::size_t service = 0; service < first.services.size(); ++service) {
    const ServiceResult& one = first.services[service];
    const std::string name = "services." + one.name + ".";
    add_signals(all, study, service, name);
    if (!one.queue_series.empty())
      all.push_back(
          level_columns(name + "in_system", study, service, &ServiceResult::queue_series));
    if (one.broker) add_groups(all, study, service, name);
    if (!one.instance_series.empty())
      all.push_back(
          level_columns(name + "instances", study, service, &ServiceResult::instance_series));
    if (!one.limit_series.empty())
      all.push_back(level_columns(name + "limit", study, service, &ServiceResult::limit_series));
  }
  return all;
}

}  // namespace

std::string timeseries_csv(const StudyResult& study) {
  std::string text = "start_s";
  if (study.runs.empty()) return text + "\n";
  const auto all = all_columns(study);
  for (const Columns& each : all) {
    text += fmt::format(",{0},{0}_low,{0}_high", each.heading);
  }
  text += '\n';
  const sim::Windows& windows = study.runs.front().measurement.windows;
  for (std::size_t window = 0; window < windows.count; ++window) {
    text += fmt::format("{:.9g}", (windows.begin(window) - windows.start).in_seconds());
    for (const Columns& each : all)
      text += "," + each.cells[window];
    text += '\n';
  }
  return text;
}

}  // namespace headroom
