#pragma once

#include <cstdint>
#include <variant>

#include "models/client_plan.hpp"
#include "sim/stats/histogram.hpp"

namespace headroom {

/// How late an answer must be before another copy of its request goes out: a fixed time, or a
/// percentile of how long the answers so far took (one that did not come by its timeout took that
/// long; a copy that was cancelled does not count, which makes the percentile a little too small).
class HedgeDelay {
 public:
  explicit HedgeDelay(const std::variant<sim::Duration, Percentile>& after);

  /// For ever while too few answers tell the percentile.
  sim::Duration now() const { return delay_; }
  void note(sim::Duration answer_time);

 private:
  static constexpr std::uint64_t least_beyond = 20;  // Chosen: a rank known to about a fifth.
  static constexpr std::uint64_t refresh = 64;       // Chosen: a few instructions an answer.

  double share_ = 0;  ///< Of answers that were faster; 0 where the time is fixed.
  sim::Duration delay_;
  sim::Histogram times_;
};

}  // namespace headroom
