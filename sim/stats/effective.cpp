#include "sim/stats/effective.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/stats/intervals.hpp"

namespace headroom::sim {

namespace {

/// Of a ratio of sums, one pair a replication.
std::optional<double> squared_error(const std::vector<double>& numerators,
                                    const std::vector<double>& denominators) {
  if (numerators.size() < 2) return std::nullopt;
  const auto interval = ratio_interval(numerators, denominators);
  if (!interval || !(interval->half_width() > 0)) return std::nullopt;
  const double error = interval->half_width() /
                       student_quantile(0.5 + default_confidence / 2, numerators.size() - 1);
  return error * error;
}

double middle(const Histogram::Bucket& bucket) {
  return (static_cast<double>(bucket.low) + static_cast<double>(bucket.high)) / 2;
}

}  // namespace

double samples_above(const Histogram& histogram, double value) {
  double beyond = 0;
  for (const Histogram::Bucket& bucket : histogram.buckets()) {
    const double width = static_cast<double>(bucket.high - bucket.low) + 1;
    const double above = std::clamp(static_cast<double>(bucket.high) + 1 - value, 0.0, width);
    beyond += static_cast<double>(bucket.count) * above / width;
  }
  return beyond;
}

std::optional<double> effective_samples_of_mean(std::span<const Histogram* const> replications) {
  std::vector<double> sums, counts;
  double all = 0, sum = 0;
  for (const Histogram* each : replications) {
    sums.push_back(static_cast<double>(each->sum()));
    counts.push_back(static_cast<double>(each->count()));
    sum += sums.back();
    all += counts.back();
  }
  const auto error = squared_error(sums, counts);
  if (!error) return std::nullopt;
  const double mean = sum / all;
  double squares = 0;
  for (const Histogram* each : replications)
    for (const Histogram::Bucket& bucket : each->buckets())
      squares += static_cast<double>(bucket.count) * std::pow(middle(bucket) - mean, 2);
  return squares / all / *error;
}

std::optional<double> effective_samples_beyond(std::span<const Histogram* const> replications,
                                               double value) {
  std::vector<double> beyond, counts;
  double all = 0, sum = 0;
  for (const Histogram* each : replications) {
    beyond.push_back(samples_above(*each, value));
    counts.push_back(static_cast<double>(each->count()));
    sum += beyond.back();
    all += counts.back();
  }
  const auto error = squared_error(beyond, counts);
  if (!error) return std::nullopt;
  const double share = sum / all;
  if (share <= 0 || share >= 1) return std::nullopt;
  return share * (1 - share) / *error;
}

}  // namespace headroom::sim
