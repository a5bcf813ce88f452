#pragma once

#include <optional>

#include "models/distribution.hpp"

namespace headroom {

/// In the base unit of the distribution; before any rounding of what is drawn.
double mean(const Distribution& distribution);
/// The largest value that no draw falls below.
double least(const Distribution& distribution);
/// 0 where there is none.
inline double mean_or_zero(const std::optional<Distribution>& distribution) {
  return distribution ? mean(*distribution) : 0;
}
/// In the base unit squared; infinite where it does not exist (a Pareto of shape up to 2).
double variance(const Distribution& distribution);
/// Variance over squared mean: 0 for a constant, 1 for an exponential, infinite where the variance
/// is; 0 where the mean is 0.
double squared_cv(const Distribution& distribution);

}  // namespace headroom
