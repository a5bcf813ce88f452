#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/stats/histogram.hpp"

namespace headroom::sim {

/// An estimate and the interval that holds the truth with the stated confidence. Where no interval
/// can be given (one replication) the bounds are -infinity and +infinity, which compare as they
/// should: nothing is decided. Never NaN.
struct Interval {
  double mean = 0;
  double low = 0;
  double high = 0;

  bool bounded() const { return std::isfinite(low) && std::isfinite(high); }
  double half_width() const { return (high - low) / 2; }
  bool operator==(const Interval&) const = default;
};

inline constexpr double default_confidence = 0.95;

/// The p-quantile of Student's t with `degrees` of freedom, degrees >= 1, 0 < p < 1.
double student_quantile(double p, std::uint64_t degrees);
/// The p-quantile of the standard normal distribution, 0 < p < 1.
double normal_quantile(double p);

/// The mean of independent replications, mean +- t s / sqrt(n). At least one value, all finite,
/// 0 < confidence < 1, here and below. Equal values give an interval of no width.
Interval student_interval(std::span<const double> values, double confidence = default_confidence);

/// The Student half-width of `values` about another centre: a figure computed from all samples
/// pooled, with its values in the single replications.
Interval interval_around(double pooled, std::span<const double> values,
                         double confidence = default_confidence);

/// Student intervals window by window over series of equal length, one series a replication.
std::vector<Interval> pointwise_intervals(std::span<const std::vector<double>> series,
                                          double confidence = default_confidence);

/// A ratio of two totals, one pair a replication (errors to finished, time in system to requests):
/// sum y / sum x, not the mean of the ratios, so that each request counts the same. Its standard
/// error by the delta method: s_e / (sqrt(n) mean x), where s_e is the standard deviation of the
/// residuals y_i - r x_i (their mean is 0), 0 with one pair. Biased by O(1/n) only. `skewness` is
/// that of one replication, 0 with fewer than three pairs. Nothing when the denominators, which are
/// not negative, sum to 0.
/// Source: Cochran 1977, sec. 2.11; Law 2015, sec. 9.5.
struct Ratio {
  double value = 0;
  double error = 0;
  double skewness = 0;
};
std::optional<Ratio> ratio_of(std::span<const double> numerators,
                              std::span<const double> denominators);

/// The interval of `ratio_of` over replications, numerators not negative. Totals of what comes in
/// bursts (errors, samples beyond a percentile, time in queues) have a long tail to the right: few
/// replications without a burst look alike and make a Student interval too narrow just where it is
/// too low. Student's t of n - 1 degrees of freedom is therefore corrected for skewness by Hall's
/// cubic; the skewness is the one of the residuals but never less than their coefficient of
/// variation, as that of a compound Poisson total cannot be (Cauchy-Schwarz on the moments of its
/// bursts). Without variation the width is 0: `wilson_interval` then bounds a proportion honestly.
/// Source: Hall 1992 (removal of skewness by transformation); Willink 2005.
std::optional<Interval> ratio_interval(std::span<const double> numerators,
                                       std::span<const double> denominators,
                                       double confidence = default_confidence);

/// A proportion from independent trials, successes <= trials; within [0, 1] and of positive width
/// even when none or all succeeded. `mean` is successes / trials, not the centre. Nothing without
/// trials. Source: Wilson 1927.
std::optional<Interval> wilson_interval(std::uint64_t successes, std::uint64_t trials,
                                        double confidence = default_confidence);

/// A quantile: the value is that of the pooled samples. The interval holds every value that the
/// replications do not tell from it: those for which the `ratio_interval` of the share of samples
/// beyond has 1 - p in it. `pooled` is all of them. Nothing when fewer than 100 pooled samples lie
/// beyond the quantile. Without bounds when a replication is too short to have one beyond it, or
/// when all those beyond are of one replication. No stricter rule would be honest: few bursts, or
/// bursts all alike, are just what replications show whose quantile is too low.
/// How often it holds the truth: `bench_coverage`.
/// Source: Woodruff 1952 (inverting the interval of a proportion), here with dependent samples; a
/// share beyond a high level is compound Poisson (Hsing, Huesler and Leadbetter 1988).
std::optional<Interval> quantile_interval(const Histogram& pooled,
                                          std::span<const Histogram* const> replications, double p,
                                          double confidence = default_confidence);
/// The share of samples above a value, as a `ratio_interval` over the replications: what decides
/// whether a quantile is above that value also where it has no bounds of its own. Nothing without
/// samples.
std::optional<Interval> share_above(std::span<const Histogram* const> replications, double value,
                                    double confidence = default_confidence);

/// What each replication says of the p-quantile of all samples pooled: n q - (n - 1) q_i, where q_i
/// is the quantile without replication i. Their spread is that of the pooled quantile; the
/// quantiles of the single replications scatter less where bursts are rare, and around another
/// value. Two or more replications, two or more of them with samples. Source: Tukey 1958
/// (jackknife), replications left out whole.
std::vector<double> quantile_pseudo_values(std::span<const Histogram* const> replications,
                                           double p);

}  // namespace headroom::sim
