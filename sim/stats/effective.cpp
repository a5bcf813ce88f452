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
  const auto ratio = ratio_of(numerators, denominators);
  if (!ratio || !(ratio->error > 0)) return std::nullopt;
  return ratio->error * ratio->error;
}

double middle(const Histogram::Bucket& bucket) {
  return (static_cast<double>(bucket.low) + static_cast<double>(bucket.high)) / 2;
}

}  // namespace

Tail::Tail(const Histogram& histogram) : buckets_(histogram.buckets()), beyond_(buckets_.size()) {
  double beyond = 0;
  for (std::size_t i = buckets_.size(); i-- > 0;) {
    beyond_[i] = beyond;
    beyond += static_cast<double>(buckets_[i].count);
  }
}

double Tail::above(double value) const {
  const auto found = std::partition_point(
      buckets_.begin(), buckets_.end(),
      [&](const Histogram::Bucket& b) { return static_cast<double>(b.high) + 1 <= value; });
  if (found == buckets_.end()) return 0;
  const double width = static_cast<double>(found->high - found->low) + 1;
  const double above = std::min(static_cast<double>(found->high) + 1 - value, width);
  return static_cast<double>(found->count) * above / width +
         beyond_[static_cast<std::size_t>(found - buckets_.begin())];
}

double samples_above(const Histogram& histogram, double value) {
  return Tail(histogram).above(value);
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
