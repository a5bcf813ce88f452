#pragma once

#include <algorithm>
#include <cstdint>

#include "models/server/admission_plan.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// A limit of requests in flight that falls as answers become slower than usual and else grows.
///
/// After each window, from the mean answer time in it and the usual one (a moving average over 600
/// windows' samples):
///   gradient = max(0.5, min(1, tolerance x usual / recent))
///   limit = (1 - smoothing) x limit + smoothing x (gradient x limit + headroom)
/// and nothing while fewer than half of the limit were in flight. Where the usual is more than
/// twice the recent it was learnt in bad times, and shrinks by a twentieth. Source: Netflix
/// concurrency-limits 0.3, Gradient2Limit and WindowedLimit (2018). Departs from source: the first
/// ten windows are averaged evenly, also there, but a window with fewer than ten answers is
/// prolonged rather than thrown away.
class GradientLimit {
 public:
  GradientLimit(const AdaptiveConcurrencyPlan& plan, sim::Time now)
      : plan_(plan), limit_(plan.initial), ends_(now + plan.window) {}

  std::uint32_t limit() const { return static_cast<std::uint32_t>(limit_); }

  /// A request was answered now, so long after it came; `in_flight` of them when it came.
  /// Whether the limit may have changed.
  bool note(sim::Time now, sim::Duration took, std::uint32_t in_flight) {
    sum_ns_ += static_cast<double>(took.count_ns());
    ++answers_;
    most_ = std::max(most_, in_flight);
    if (now < ends_ || answers_ < 10) return false;
    update(sum_ns_ / answers_, most_);
    ends_ = now + plan_.window;
    sum_ns_ = 0;
    answers_ = most_ = 0;
    return true;
  }

  /// One step, from the mean answer time of a window and the most in flight in it.
  void update(double recent_ns, std::uint32_t in_flight) {
    learn(recent_ns);
    if (usual_ns_ > 2 * recent_ns) usual_ns_ *= 0.95;
    if (in_flight < limit_ / 2) return;
    const double gradient =
        std::max(0.5, std::min(1.0, plan_.tolerance * usual_ns_ / std::max(1.0, recent_ns)));
    const double aim = limit_ * gradient + plan_.headroom;
    limit_ = limit_ * (1 - plan_.smoothing) + aim * plan_.smoothing;
    limit_ = std::clamp(limit_, static_cast<double>(plan_.min), static_cast<double>(plan_.max));
  }

 private:
  void learn(double recent_ns) {
    constexpr double factor = 2.0 / (600 + 1);
    if (windows_ < 10) {
      ++windows_;
      warm_sum_ns_ += recent_ns;
      usual_ns_ = warm_sum_ns_ / windows_;
    } else {
      usual_ns_ = usual_ns_ * (1 - factor) + recent_ns * factor;
    }
  }

  const AdaptiveConcurrencyPlan& plan_;
  double limit_;
  double usual_ns_ = 0;
  double warm_sum_ns_ = 0;
  std::uint32_t windows_ = 0;
  sim::Time ends_;
  double sum_ns_ = 0;
  std::uint32_t answers_ = 0;
  std::uint32_t most_ = 0;
};

}  // namespace headroom
