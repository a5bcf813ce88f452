#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "app/study/arithmetic_demand.hpp"

namespace headroom {

/// Times of requests without any waiting for others, where means do not tell: the mean of the
/// slowest of several branches is more than the slowest of their means. Each time is a column of
/// draws, the same in every run of the program; exact where all is constant. Steps are stratified,
/// each column shuffled by itself, so that some thousand rows give a mean within a per cent.
/// Source: McKay, Beckman, Conover 1979 (Latin hypercube sampling).
class DrawnTimes {
 public:
  /// `demands` must outlive it; demands of whatever is called must be known before they are used.
  explicit DrawnTimes(const Demands& demands);

  /// Mean time until as many branches as the step needs have ended well, or can no longer. `cores`
  /// of one replica, infinitely many where unlimited: all the work of all branches takes so long at
  /// least.
  double mean_s(const ParallelStep& step, const Demands::Places& places, double cores);

 private:
  friend class DrawnSteps;
  /// Of so many requests, one a row.
  struct Columns {
    std::vector<double> time_s, cpu_s;
    std::vector<char> fails;
  };
  const Columns& of(std::size_t node);
  Columns drawn(std::size_t node);

  const Demands& demands_;
  std::size_t rows_;
  std::map<std::size_t, Columns> of_node_;
};

}  // namespace headroom
