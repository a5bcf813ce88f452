#include "app/study/comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "app/study/judge.hpp"

namespace headroom {

namespace {

using Kind = Metric::Kind;

EndpointResult total_in(const RunResult& run, const std::string& name) {
  for (const auto& workload : run.workloads) {
    if (workload.name == name) return total_of(workload);
  }
  return {};
}

std::optional<double> ratio(double above, double below) {
  if (below == 0) return std::nullopt;
  return above / below;
}

/// A percentile of one run is too rough to be reported, but good enough to be one of several; only
/// without a sample beyond it would it be the largest sample.
std::optional<double> quantile_of(const sim::Histogram& latency, double percent) {
  if (latency.count() == 0 || latency.samples_beyond(percent / 100) == 0) return std::nullopt;
  return latency.quantile(percent / 100) * 1e-9;
}

Metric mean_latency(const std::string& name) {
  return {
      "workloads." + name + ".latency_s.mean",
      Kind::time,
      true,
      true,
      [name](const Design& design) { return workload_of(design.summary, name)->latency_s.mean; },
      [name](const RunResult& run) {
        const auto latency = total_in(run, name).latency;
        return ratio(static_cast<double>(latency.sum()) * 1e-9,
                     static_cast<double>(latency.count()));
      }};
}

Metric latency_percentile(const std::string& name, double percent, const std::string& key) {
  return {"workloads." + name + ".latency_s." + key,
          Kind::time,
          true,
          true,
          [=](const Design& design) {
            return workload_of(design.summary, name)->latency_s.percentile(percent);
          },
          [=](const RunResult& run) { return quantile_of(total_in(run, name).latency, percent); }};
}

Metric rate_of(const std::string& name, const std::string& key, Figure ClientSummary::*figure,
               std::function<std::uint64_t(const EndpointResult&)> count) {
  return {"workloads." + name + "." + key,
          Kind::rate,
          false,
          false,
          [=](const Design& design) { return workload_of(design.summary, name)->*figure; },
          [=](const RunResult& run) -> std::optional<double> {
            return static_cast<double>(count(total_in(run, name))) / run.measured_s();
          }};
}

Metric per_request(const std::string& name, const std::string& key, Kind kind,
                   Figure ClientSummary::*figure,
                   std::function<std::uint64_t(const EndpointResult&)> count) {
  return {"workloads." + name + "." + key,
          kind,
          true,
          false,
          [=](const Design& design) { return workload_of(design.summary, name)->*figure; },
          [=](const RunResult& run) {
            const EndpointResult total = total_in(run, name);
            return ratio(static_cast<double>(count(total)),
                         static_cast<double>(total.all_finished()));
          }};
}

Metric utilization_of(const std::string& name) {
  return {"services." + name + ".utilization",
          Kind::share,
          true,
          false,
          [name](const Design& design) { return service_of(design.summary, name)->utilization; },
          [name](const RunResult& run) {
            double busy = 0, available = 0;
            for (const auto& service : run.services) {
              if (service.name != name) continue;
              for (const auto& replica : service.replicas) {
                busy += static_cast<double>(replica.used.busy);
                available += static_cast<double>(replica.used.available);
              }
            }
            return ratio(busy, available);
          }};
}

void add_workload(std::vector<Metric>& metrics, const std::string& name) {
  constexpr auto ok = static_cast<std::size_t>(Outcome::ok);
  metrics.push_back(mean_latency(name));
  constexpr std::array<std::pair<double, const char*>, 5> percentiles{
      {{50, "p50"}, {90, "p90"}, {95, "p95"}, {99, "p99"}, {99.9, "p99_9"}}};
  for (const auto& [percent, key] : percentiles)
    metrics.push_back(latency_percentile(name, percent, key));
  metrics.push_back(per_request(
      name, "error_rate", Kind::share, &ClientSummary::error_rate,
      [](const EndpointResult& total) { return total.all_finished() - total.finished[ok]; }));
  metrics.push_back(rate_of(name, "served_per_s", &ClientSummary::served_per_s,
                            [](const EndpointResult& total) { return total.finished[ok]; }));
  metrics.push_back(rate_of(name, "goodput_per_s", &ClientSummary::goodput_per_s,
                            [](const EndpointResult& total) { return total.in_time; }));
  metrics.push_back(per_request(name, "attempts_per_request", Kind::number,
                                &ClientSummary::attempts_per_request,
                                [](const EndpointResult& total) { return total.attempts; }));
}

double standard_deviation(const std::vector<double>& values) {
  double mean = 0, squares = 0;
  for (const double value : values)
    mean += value / static_cast<double>(values.size());
  for (const double value : values)
    squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

Better better(const Metric& metric, double low, double high) {
  if (low <= 0 && high >= 0) return Better::cannot_tell;
  return (high < 0) == metric.less_is_better ? Better::b : Better::a;
}

/// Work that grows without end has no latency to compare; only one of two that grows is worse.
void judge_growth(Difference& difference, const Design& a, const Design& b) {
  difference.difference = Figure::none("no latency of work that grows without end");
  if (a.summary.grows != b.summary.grows)
    difference.verdict = a.summary.grows ? Better::b : Better::a;
}

}  // namespace

std::vector<Metric> common_metrics(const std::vector<Design>& designs) {
  std::vector<Metric> metrics;
  const auto everywhere = [&](auto find, const std::string& name) {
    return std::all_of(designs.begin(), designs.end(),
                       [&](const Design& design) { return find(design.summary, name) != nullptr; });
  };
  for (const auto& workload : designs.front().summary.workloads) {
    if (everywhere(workload_of, workload.name)) add_workload(metrics, workload.name);
  }
  for (const auto& service : designs.front().summary.services) {
    if (everywhere(service_of, service.name)) metrics.push_back(utilization_of(service.name));
  }
  return metrics;
}

namespace {

/// Runs of the same number, which met the same random numbers.
std::vector<std::pair<const RunResult*, const RunResult*>> pairs_of(
    const std::vector<RunResult>& a, const std::vector<RunResult>& b) {
  std::vector<std::pair<const RunResult*, const RunResult*>> pairs;
  auto other = b.begin();
  for (const RunResult& run : a) {
    while (other != b.end() && other->replication < run.replication)
      ++other;
    if (other != b.end() && other->replication == run.replication)
      pairs.emplace_back(&run, &*other);
  }
  return pairs;
}

}  // namespace

Difference difference_of(const Metric& metric, const Design& a, const Design& b,
                         double confidence) {
  Difference difference;
  difference.metric = metric.name;
  difference.kind = metric.kind;
  difference.a = metric.figure(a);
  difference.b = metric.figure(b);
  if (metric.of_latency && (a.summary.grows || b.summary.grows)) {
    judge_growth(difference, a, b);
    return difference;
  }
  std::vector<double> of_a, of_b, paired;
  const auto pairs = pairs_of(a.result.runs, b.result.runs);
  for (const auto& [run_of_a, run_of_b] : pairs) {
    const auto one = metric.of_run(*run_of_a);
    const auto other = metric.of_run(*run_of_b);
    if (!one || !other) continue;
    of_a.push_back(*one);
    of_b.push_back(*other);
    paired.push_back(*other - *one);
  }
  const auto& value_a = difference.a.value;
  const auto& value_b = difference.b.value;
  if (!value_a || !value_b) {
    difference.difference = Figure::none(!value_a ? difference.a.why : difference.b.why);
    return difference;
  }
  double center = *value_b - *value_a;
  const bool all_paired = paired.size() == pairs.size() && paired.size() > 1;
  // Where one of them lost a run, only those that both have can be held against each other.
  if (all_paired && (pairs.size() < a.result.runs.size() || pairs.size() < b.result.runs.size()))
    center = sim::student_interval(paired).mean;
  if (!all_paired) {
    difference.difference = Figure::plain(center, paired.size());
    return difference;
  }
  const auto interval = sim::interval_around(center, paired, confidence);
  difference.difference = Figure::of(interval, paired.size());
  difference.half_width = interval.half_width();
  const double t = sim::student_quantile((1 + confidence) / 2, paired.size() - 1);
  difference.unpaired_half_width = t *
                                   std::hypot(standard_deviation(of_a), standard_deviation(of_b)) /
                                   std::sqrt(static_cast<double>(paired.size()));
  difference.verdict = better(metric, interval.low, interval.high);
  return difference;
}

namespace {

/// Designs by one metric, and which of them chance may have kept from being the best: those that no
/// pairwise interval tells from it. All pairwise intervals hold together (Bonferroni).
void rank(Comparison& comparison, const std::vector<Design>& designs, const Metric& metric) {
  comparison.ranked_by = metric.name;
  for (std::size_t design = 0; design < designs.size(); ++design)
    comparison.ranking.push_back({design, metric.figure(designs[design]), false});
  const auto worth = [&](const Comparison::Place& place) {
    const double worst = metric.less_is_better ? INFINITY : -INFINITY;
    const double value = designs[place.design].summary.grows && metric.of_latency
                             ? worst
                             : place.figure.value.value_or(worst);
    return metric.less_is_better ? value : -value;
  };
  std::stable_sort(comparison.ranking.begin(), comparison.ranking.end(),
                   [&](const auto& x, const auto& y) { return worth(x) < worth(y); });
  const std::size_t best = comparison.ranking.front().design;
  const auto count = static_cast<double>(designs.size());
  const double confidence = 1 - 0.05 / (count * (count - 1) / 2);
  for (auto& place : comparison.ranking) {
    place.with_the_best =
        place.design == best ||
        difference_of(metric, designs[best], designs[place.design], confidence).verdict ==
            Better::cannot_tell;
  }
}

}  // namespace

Comparison compare(const std::vector<Design>& designs) {
  Comparison comparison;
  comparison.confidence = 1 - 0.05 / static_cast<double>(designs.size() - 1);
  const auto metrics = common_metrics(designs);
  for (std::size_t b = 1; b < designs.size(); ++b) {
    Comparison::Pair pair{b, {}};
    for (const Metric& metric : metrics)
      pair.differences.push_back(
          difference_of(metric, designs.front(), designs[b], comparison.confidence));
    comparison.pairs.push_back(std::move(pair));
  }
  if (designs.size() > 2) {
    const auto p99 = std::find_if(metrics.begin(), metrics.end(),
                                  [](const Metric& m) { return m.name.ends_with(".p99"); });
    if (p99 != metrics.end()) rank(comparison, designs, *p99);
  }
  return comparison;
}

}  // namespace headroom
