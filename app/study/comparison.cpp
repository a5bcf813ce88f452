#include "app/study/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/stats/leaning.hpp"

namespace headroom {

namespace {

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

namespace {

using SomeRuns = std::vector<const RunResult*>;

/// The runs of both that have the same number, which met the same random numbers.
std::pair<SomeRuns, SomeRuns> pairs_of(const std::vector<RunResult>& a,
                                       const std::vector<RunResult>& b) {
  std::pair<SomeRuns, SomeRuns> pairs;
  auto other = b.begin();
  for (const RunResult& run : a) {
    while (other != b.end() && other->replication < run.replication)
      ++other;
    if (other == b.end() || other->replication != run.replication) continue;
    pairs.first.push_back(&run);
    pairs.second.push_back(&*other);
  }
  return pairs;
}

/// What each run says of a percentile, in seconds; nothing where one has too few samples.
std::optional<std::vector<double>> percentile_by_run(const Metric& metric, const ScenarioPlan& plan,
                                                     const SomeRuns& runs) {
  std::vector<sim::Histogram> times;
  for (const RunResult* run : runs) {
    times.push_back(metric.times(plan, *run));
    if (!percentile_of_run(times.back(), metric.percent)) return std::nullopt;
  }
  std::vector<const sim::Histogram*> each;
  for (const sim::Histogram& one : times)
    each.push_back(&one);
  std::vector<double> values = sim::quantile_pseudo_values(each, metric.percent / 100);
  for (double& value : values)
    value *= 1e-9;
  return values;
}

/// What each run says of a metric; nothing where there are fewer than two or one has too few
/// samples.
std::optional<std::vector<double>> by_run(const Metric& metric, const ScenarioPlan& plan,
                                          const SomeRuns& runs) {
  if (runs.size() < 2) return std::nullopt;
  if (metric.times) return percentile_by_run(metric, plan, runs);
  std::vector<double> values;
  for (const RunResult* run : runs) {
    const auto value = metric.of_run(plan, *run);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

/// The bucket of all runs' times in which a percentile lies. It is there.
sim::Histogram::Bucket bucket_of(const Metric& metric, const Design& design, double value_s) {
  sim::Histogram times;
  for (const RunResult& run : design.result.runs)
    times.merge(metric.times(design.plan, run));
  const auto buckets = times.buckets();
  const auto found = std::find_if(buckets.begin(), std::prev(buckets.end()), [&](const auto& each) {
    return static_cast<double>(each.high) + 0.5 >= value_s * 1e9;
  });
  return *found;
}

/// Two percentiles in one bucket of the histograms may be equal, or the other way round, by chance
/// or not: how wide it is in seconds. 0 where they lie in two, and for what is no percentile.
double resolution_s(const Metric& metric, const Design& a, double value_a, const Design& b,
                    double value_b) {
  if (!metric.times) return 0;
  const auto bucket = bucket_of(metric, a, value_a);
  if (bucket.low != bucket_of(metric, b, value_b).low) return 0;
  return static_cast<double>(bucket.high - bucket.low) * 1e-9;
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
  const auto& value_a = difference.a.value;
  const auto& value_b = difference.b.value;
  if (!value_a || !value_b) {
    difference.difference = Figure::none(!value_a ? difference.a.why : difference.b.why);
    return difference;
  }
  const auto [runs_of_a, runs_of_b] = pairs_of(a.result.runs, b.result.runs);
  const auto of_a = by_run(metric, a.plan, runs_of_a);
  const auto of_b = by_run(metric, b.plan, runs_of_b);
  double center = *value_b - *value_a;
  if (!of_a || !of_b) {
    difference.difference = Figure::plain(center, runs_of_a.size());
    if (runs_of_a.size() > 1)
      difference.difference.why = "a replication has too few samples to be paired";
    return difference;
  }
  std::vector<double> paired;
  for (std::size_t i = 0; i < of_a->size(); ++i)
    paired.push_back((*of_b)[i] - (*of_a)[i]);
  // Where one of them lost a run, only those that both have can be held against each other.
  if (paired.size() < a.result.runs.size() || paired.size() < b.result.runs.size())
    center = sim::student_interval(paired).mean;
  const double resolution = resolution_s(metric, a, *value_a, b, *value_b);
  const auto interval_of = [&](const sim::Spread& spread) {
    auto interval = sim::leaning_interval(center, spread, paired.size(), confidence);
    interval.low = std::min(interval.low, center - resolution);
    interval.high = std::max(interval.high, center + resolution);
    return interval;
  };
  const auto interval = interval_of(sim::spread_of(paired));
  difference.difference = Figure::of(interval, paired.size());
  difference.half_width = interval.half_width();
  const auto first = sim::spread_of(*of_a), second = sim::spread_of(*of_b);
  difference.unpaired_half_width =
      interval_of({first.variance + second.variance, second.third - first.third}).half_width();
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
  if (designs.size() < 2) return comparison;
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
