#include "sim/stats/intervals.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <limits>

#include "sim/kernel/check.hpp"
#include "sim/stats/effective.hpp"
#include "sim/stats/leaning.hpp"
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

/// How many samples of each replication are above a value, for many values.
class Shares {
 public:
  Shares(std::span<const Histogram* const> replications, double confidence)
      : confidence_(confidence), above_(replications.size()) {
    for (const Histogram* replication : replications) {
      tails_.emplace_back(*replication);
      counts_.push_back(static_cast<double>(replication->count()));
    }
  }

  /// The interval of the share above `value`.
  std::optional<Interval> at(double value) {
    for (std::size_t i = 0; i < tails_.size(); ++i)
      above_[i] = tails_[i].above(value);
    return ratio_interval(above_, counts_, confidence_);
  }

  std::size_t with_samples_above(double value) const {
    return static_cast<std::size_t>(std::count_if(
        tails_.begin(), tails_.end(), [&](const Tail& tail) { return tail.above(value) > 0; }));
  }

  /// The samples above `value` over all samples, without replication `left_out`.
  double without(std::size_t left_out, double value) const {
    double above = 0;
    double count = 0;
    for (std::size_t i = 0; i < tails_.size(); ++i) {
      if (i == left_out) continue;
      above += tails_[i].above(value);
      count += counts_[i];
    }
    return above / count;
  }

 private:
  double confidence_;
  std::vector<Tail> tails_;
  std::vector<double> counts_, above_;
};

/// Where `is_beyond` turns from true to false between `low` and `high`, to about a thousandth of
/// the width of a bucket there.
double turning_point(double low, double high, const auto& is_beyond) {
  while (high - low > std::max(low, 1.0) * 1e-5) {
    const double middle = low + (high - low) / 2;
    (is_beyond(middle) ? low : high) = middle;
  }
  return low + (high - low) / 2;
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

std::optional<Ratio> ratio_of(std::span<const double> numerators,
                              std::span<const double> denominators) {
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
  Ratio ratio{numerator / denominator, 0, 0};
  double squares = 0;
  double cubes = 0;
  for (std::size_t i = 0; i < numerators.size(); ++i) {
    const double residual = numerators[i] - ratio.value * denominators[i];
    squares += residual * residual;
    cubes += residual * residual * residual;
  }
  const auto n = static_cast<double>(numerators.size());
  if (n < 2 || squares == 0) return ratio;
  const double deviation = std::sqrt(squares / (n - 1));
  ratio.error = deviation * std::sqrt(n) / denominator;
  if (n > 2) ratio.skewness = n / (n - 1) / (n - 2) * cubes / std::pow(deviation, 3);
  return ratio;
}

std::optional<Interval> ratio_interval(std::span<const double> numerators,
                                       std::span<const double> denominators, double confidence) {
  check_confidence(confidence);
  const auto ratio = ratio_of(numerators, denominators);
  if (!ratio) return std::nullopt;
  const std::uint64_t n = numerators.size();
  if (n < 2) return without_bounds(ratio->value);
  if (ratio->error == 0) return around(ratio->value, 0);
  HEADROOM_CHECK(ratio->value > 0);
  const double root = std::sqrt(static_cast<double>(n));
  const double variation = root * ratio->error / ratio->value;
  const double skewness = std::max(ratio->skewness, variation);
  const double t = student_factor(n, confidence);
  return Interval{ratio->value, ratio->value - skewed_factor(t, skewness / root) * ratio->error,
                  ratio->value - skewed_factor(-t, skewness / root) * ratio->error};
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
  for (const Histogram* replication : replications)
    if (static_cast<double>(replication->count()) * (1 - p) < 1) return without_bounds(value);
  Shares shares(replications, confidence);
  if (shares.with_samples_above(value) < 2) return without_bounds(value);
  const double high = turning_point(value, static_cast<double>(pooled.max()) + 1,
                                    [&](double x) { return shares.at(x)->high >= 1 - p; });
  const double low = turning_point(static_cast<double>(pooled.min()) - 1, value,
                                   [&](double x) { return shares.at(x)->low > 1 - p; });
  return Interval{value, std::clamp(low, static_cast<double>(pooled.min()), value),
                  std::clamp(high, value, static_cast<double>(pooled.max()))};
}

std::optional<Interval> share_above(std::span<const Histogram* const> replications, double value,
                                    double confidence) {
  for (const Histogram* replication : replications)
    if (replication->count() == 0) return std::nullopt;
  return Shares(replications, confidence).at(value);
}

std::vector<double> quantile_pseudo_values(std::span<const Histogram* const> replications,
                                           double p) {
  Histogram pooled;
  for (const Histogram* replication : replications)
    pooled.merge(*replication);
  const Shares shares(replications, default_confidence);
  const double all = pooled.quantile(p);
  const auto n = static_cast<double>(replications.size());
  std::vector<double> values;
  for (std::size_t i = 0; i < replications.size(); ++i) {
    const double without =
        turning_point(static_cast<double>(pooled.min()) - 1, static_cast<double>(pooled.max()) + 1,
                      [&](double x) { return shares.without(i, x) > 1 - p; });
    values.push_back(n * all - (n - 1) * without);
  }
  return values;
}

}  // namespace headroom::sim
