#include "sim/stats/intervals.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <limits>

#include "sim/kernel/check.hpp"
#include "sim/stats/effective.hpp"
#include "sim/stats/tally.hpp"

namespace headroom::sim {

namespace {

namespace policies = boost::math::policies;

// Errors become NaN or infinity, which the callers exclude, and never an exception. Plain doubles:
// long double differs from one processor to another.
using Quiet = policies::policy<policies::domain_error<policies::ignore_error>,
                               policies::pole_error<policies::ignore_error>,
                               policies::overflow_error<policies::ignore_error>,
                               policies::underflow_error<policies::ignore_error>,
                               policies::evaluation_error<policies::ignore_error>,
                               policies::rounding_error<policies::ignore_error>,
                               policies::promote_float<false>, policies::promote_double<false>>;

Interval without_bounds(double mean) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return {mean, -infinity, infinity};
}

void check_confidence(double confidence) {
  HEADROOM_CHECK(confidence > 0 && confidence < 1);
}

// The t that leaves half of what the confidence leaves on each side, n values.
double student_factor(std::uint64_t n, double confidence) {
  return student_quantile(0.5 + confidence / 2, n - 1);
}

Interval around(double centre, double half_width) {
  return {centre, centre - half_width, centre + half_width};
}

}  // namespace

double student_quantile(double p, std::uint64_t degrees) {
  HEADROOM_CHECK(p > 0 && p < 1 && degrees >= 1);
  const boost::math::students_t_distribution<double, Quiet> t(static_cast<double>(degrees));
  const double quantile = boost::math::quantile(t, p);
  HEADROOM_CHECK(std::isfinite(quantile));
  return quantile;
}

double normal_quantile(double p) {
  HEADROOM_CHECK(p > 0 && p < 1);
  const boost::math::normal_distribution<double, Quiet> normal;
  return boost::math::quantile(normal, p);
}

Interval student_interval(std::span<const double> values, double confidence) {
  HEADROOM_CHECK(!values.empty());
  Tally tally;
  for (const double value : values) {
    tally.add(value);
  }
  return interval_around(tally.mean(), values, confidence);
}

Interval interval_around(double pooled, std::span<const double> values, double confidence) {
  check_confidence(confidence);
  HEADROOM_CHECK(std::isfinite(pooled));
  Tally tally;
  for (const double value : values) {
    tally.add(value);
  }
  if (tally.count() < 2) return without_bounds(pooled);
  if (tally.min() == tally.max()) return around(pooled, 0);
  const double error = tally.standard_deviation() / std::sqrt(static_cast<double>(tally.count()));
  return around(pooled, student_factor(tally.count(), confidence) * error);
}

std::vector<Interval> pointwise_intervals(std::span<const std::vector<double>> series,
                                          double confidence) {
  HEADROOM_CHECK(!series.empty());
  std::vector<Interval> intervals;
  intervals.reserve(series.front().size());
  std::vector<double> point(series.size());
  for (std::size_t i = 0; i < series.front().size(); ++i) {
    for (std::size_t k = 0; k < series.size(); ++k) {
      HEADROOM_CHECK(series[k].size() == series.front().size());
      point[k] = series[k][i];
    }
    intervals.push_back(student_interval(point, confidence));
  }
  return intervals;
}

std::optional<Interval> ratio_interval(std::span<const double> numerators,
                                       std::span<const double> denominators, double confidence) {
  check_confidence(confidence);
  HEADROOM_CHECK(numerators.size() == denominators.size());
  double numerator = 0;
  double denominator = 0;
  for (std::size_t i = 0; i < numerators.size(); ++i) {
    HEADROOM_CHECK(std::isfinite(numerators[i]) && std::isfinite(denominators[i]));
    HEADROOM_CHECK(denominators[i] >= 0);
    numerator += numerators[i];
    denominator += denominators[i];
  }
  if (denominator == 0) return std::nullopt;
  const double ratio = numerator / denominator;
  if (numerators.size() < 2) return without_bounds(ratio);
  double squares = 0;
  for (std::size_t i = 0; i < numerators.size(); ++i) {
    const double residual = numerators[i] - ratio * denominators[i];
    squares += residual * residual;
  }
  const auto n = static_cast<double>(numerators.size());
  const double error = std::sqrt(squares / (n - 1) * n) / denominator;
  return around(ratio, student_factor(numerators.size(), confidence) * error);
}

std::optional<Interval> wilson_interval(std::uint64_t successes, std::uint64_t trials,
                                        double confidence) {
  check_confidence(confidence);
  HEADROOM_CHECK(successes <= trials);
  if (trials == 0) return std::nullopt;
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(successes) / n;
  const double z = normal_quantile(0.5 + confidence / 2);
  const double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double half_width =
      z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  // Exact ends where rounding could miss them.
  const double low = successes == 0 ? 0 : std::max(0.0, centre - half_width);
  const double high = successes == trials ? 1 : std::min(1.0, centre + half_width);
  return Interval{share, low, high};
}

std::optional<Interval> quantile_interval(const Histogram& pooled,
                                          std::span<const Histogram* const> replications, double p,
                                          double confidence) {
  if (!pooled.supports_quantile(p)) return std::nullopt;
  const double value = pooled.quantile(p);
  std::vector<double> beyond, counts;
  for (const Histogram* replication : replications) {
    const auto count = static_cast<double>(replication->count());
    if (count * (1 - p) < 1) return without_bounds(value);
    beyond.push_back(samples_above(*replication, value));
    counts.push_back(count);
  }
  const auto share = ratio_interval(beyond, counts, confidence);
  if (!share || !share->bounded() || share->half_width() >= 1 - p) return without_bounds(value);
  const double low = pooled.quantile(std::max(0.0, p - share->half_width()));
  const double high = pooled.quantile(p + share->half_width());
  return Interval{value, std::min(low, value), std::max(high, value)};
}

std::optional<Interval> share_above(std::span<const Histogram* const> replications, double value,
                                    double confidence) {
  std::vector<double> beyond, counts;
  for (const Histogram* replication : replications) {
    if (replication->count() == 0) return std::nullopt;
    beyond.push_back(samples_above(*replication, value));
    counts.push_back(static_cast<double>(replication->count()));
  }
  return ratio_interval(beyond, counts, confidence);
}

}  // namespace headroom::sim
