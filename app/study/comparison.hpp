#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/study/figures_of_runs.hpp"

namespace headroom {

/// One design of a comparison, simulated on the random numbers that all of them share.
struct Design {
  std::string name;  ///< The file, or what was set.
  ScenarioPlan plan;
  StudyResult result;
  Summary summary;
};

/// A number that two designs are compared by.
struct Metric {
  enum class Kind : std::uint8_t { time, rate, share, number };
  std::string name;  ///< Where it stands in the summary: "workloads.shoppers.latency_s.p99".
  Kind kind = Kind::time;
  bool less_is_better = true;
  bool of_latency = false;  ///< Means nothing where work grows without end.
  /// Of all runs together, and of one run; nothing where that run has too few samples.
  std::function<Figure(const Design&)> figure;
  std::function<std::optional<double>(const ScenarioPlan&, const RunResult&)> of_run{};
  /// The times in ns of one run that it is a percentile of, and which; `of_run` is then empty.
  std::function<sim::Histogram(const ScenarioPlan&, const RunResult&)> times{};
  double percent = 0;
};

/// What every design has: its workloads' latencies, errors, goodput and attempts; how busy its
/// services are, the lag of its queues and logs, what its caches hit and its databases miss; its
/// cost; and whatever else its SLOs ask about.
std::vector<Metric> common_metrics(const std::vector<Design>& designs);

enum class Better : std::uint8_t { a, b, cannot_tell };

/// `b` minus `a`, replication by replication: both met the same random numbers, so what chance did
/// to both cancels. What one replication says of a percentile is its pseudo-value
/// (`quantile_pseudo_values`). The interval is a `leaning_interval`.
/// Source: Law 2015, sec. 11.2 (paired-t, common random numbers).
struct Difference {
  std::string metric;
  Metric::Kind kind = Metric::Kind::time;
  Figure a, b, difference;
  Better verdict = Better::cannot_tell;
  /// Half-width of the interval, and what it would be if the designs had run on different numbers:
  /// no smaller difference can be told with so many replications. Of two percentiles in one bucket
  /// of the histograms none is narrower than the bucket, however many there are.
  std::optional<double> half_width, unpaired_half_width;
};

Difference difference_of(const Metric& metric, const Design& a, const Design& b, double confidence);

/// Every design against the first; empty where there is no other. With several the intervals hold
/// together with 95 % (Bonferroni).
struct Comparison {
  double confidence = 0.95;  ///< Of each interval.
  struct Pair {
    std::size_t b = 1;
    std::vector<Difference> differences;
  };
  std::vector<Pair> pairs;
  std::string ranked_by;  ///< The metric of the ranking; empty with two designs.
  struct Place {
    std::size_t design = 0;
    Figure figure;
    bool with_the_best = false;  ///< Cannot be told from the best one.
  };
  std::vector<Place> ranking;
};
Comparison compare(const std::vector<Design>& designs);

}  // namespace headroom
