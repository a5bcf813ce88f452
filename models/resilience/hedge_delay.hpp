#pragma once

#include <cstdint>
#include <variant>

#include "models/client_plan.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/stats/histogram.hpp"

namespace headroom {

/// How late an answer must be before another copy of its request goes out: a fixed time, or a
/// percentile of how long first copies took so far. One that was given up or cancelled took at
/// least as long as until then, and as only what is later than the percentile has a rival, that is
/// enough to know on which side of it each is.
class HedgeDelay {
 public:
  explicit HedgeDelay(const std::variant<sim::Duration, Percentile>& after);

  /// For ever while too few answers tell the percentile.
  sim::Duration now() const { return delay_; }
  void note(sim::Duration answer_time);

  /// A first copy, until its answer or until it is cancelled.
  class Copy {
   public:
    Copy(HedgeDelay& delay, sim::Simulation& simulation)
        : delay_(delay), simulation_(simulation), sent_(simulation.now()) {}
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    ~Copy() { delay_.note(simulation_.now() - sent_); }

   private:
    HedgeDelay& delay_;
    sim::Simulation& simulation_;
    sim::Time sent_;
  };

 private:
  static constexpr std::uint64_t least_beyond = 20;  // Chosen: a rank known to about a fifth.
  static constexpr std::uint64_t refresh = 64;       // Chosen: a few instructions an answer.

  double share_ = 0;  ///< Of answers that were faster; 0 where the time is fixed.
  sim::Duration delay_;
  sim::Histogram times_;
};

}  // namespace headroom
