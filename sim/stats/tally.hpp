#pragma once

#include <cstdint>

namespace headroom::sim {

/// Mean, variance and extremes of numbers seen once, without keeping them.
/// Floating-point sums depend on their order a little: merge in replication order where the last
/// bit matters.
/// Source: Welford 1962; merging by Chan, Golub and LeVeque 1979.
class Tally {
 public:
  /// Only finite values.
  void add(double value);
  void merge(const Tally& other);

  std::uint64_t count() const { return count_; }
  /// Of what was added; a broken CHECK when nothing was.
  double mean() const;
  double min() const;
  double max() const;
  /// Unbiased (divided by n - 1); 0 for fewer than two values.
  double variance() const;
  double standard_deviation() const;
  /// The sum of squared deviations from the mean.
  double squared_deviations() const { return squares_; }

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
  double min_ = 0;
  double max_ = 0;
};

}  // namespace headroom::sim
