#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace headroom::sim {

/// Where the transient of a series of observations ends.
struct Truncation {
  std::size_t index = 0;  ///< The first observation to keep; a multiple of 5.
  /// False when the best point is the last one that was tried, or the series has fewer than two
  /// batches: then it ends before its transient does, and is too short to judge.
  bool settled = false;
};

/// MSER-5: observations are averaged in batches of five (an incomplete last batch is left out);
/// of m batches, the first d <= m/2 are dropped such that the sum of squared deviations of the rest
/// from their mean, over (m - d)^2, is least. The smallest d among equals.
/// Only finite observations.
/// Source: White 1997; White, Cobb and Spratt 2000.
Truncation mser5(std::span<const double> observations);

/// Averages several pilot series point by point, as far as the shortest goes, so that the
/// transient stands out of the noise before `mser5` looks for its end. Source: Welch 1983.
std::vector<double> pointwise_mean(std::span<const std::vector<double>> series);

}  // namespace headroom::sim
