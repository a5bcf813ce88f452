#pragma once

#include <algorithm>

#include "models/server/admission_plan.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// The share of requests that get what is optional. After each interval it moves by the distance of
/// the mean answer time from its target, in proportion to the target: an integral controller.
/// Source: Klein et al. 2014, "Brownout: Building More Robust Cloud Applications", sec. 3.
/// Departs from source: a fixed gain in place of one estimated from the answers so far.
class Brownout {
 public:
  Brownout(const BrownoutPlan& plan, sim::Time now) : plan_(plan), ends_(now + plan.interval) {}

  double dimmer() const { return dimmer_; }
  void note(sim::Time now, sim::Duration took) {
    sum_ns_ += static_cast<double>(took.count_ns());
    ++answers_;
    if (now < ends_) return;
    const auto target_ns = static_cast<double>(plan_.target.count_ns());
    const double error = (target_ns - sum_ns_ / answers_) / target_ns;
    // An answer may be late by any factor, but is never early by more than one.
    dimmer_ = std::clamp(dimmer_ + plan_.gain * std::max(-1.0, error), 0.0, 1.0);
    sum_ns_ = answers_ = 0;
    ends_ = now + plan_.interval;
  }

 private:
  const BrownoutPlan& plan_;
  sim::Time ends_;
  double dimmer_ = 1;
  double sum_ns_ = 0;
  double answers_ = 0;
};

}  // namespace headroom
