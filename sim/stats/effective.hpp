#pragma once

#include <optional>
#include <span>
#include <vector>

#include "sim/stats/histogram.hpp"

namespace headroom::sim {

// Samples of one replication follow one another and are alike, so many of them say less than as
// many independent ones. The effective number is that of independent samples whose estimate would
// have the variance that the replications show: (variance of one sample) / (squared standard error
// of the estimate). As uncertain as any variance of that few replications: with ten, by a factor of
// about 1.6 either way. It may exceed the number of samples, where they balance each other.
// Source: Kish 1965, sec. 8.2 (effective size); Law 2015, sec. 9.5.

/// How many samples are larger than a value, where those of a bucket are spread evenly over it; for
/// many values of one histogram.
class Tail {
 public:
  explicit Tail(const Histogram& histogram);
  double above(double value) const;

 private:
  std::vector<Histogram::Bucket> buckets_;
  std::vector<double> beyond_;  ///< Samples in the buckets after this one.
};
double samples_above(const Histogram& histogram, double value);

/// Of the mean. Nothing with fewer than two replications, without samples, or where they do not
/// differ.
std::optional<double> effective_samples_of_mean(std::span<const Histogram* const> replications);

/// Of the share of samples beyond `value`, and so of the quantile that `value` is. Nothing in the
/// same cases, and where none or all lie beyond.
std::optional<double> effective_samples_beyond(std::span<const Histogram* const> replications,
                                               double value);

}  // namespace headroom::sim
