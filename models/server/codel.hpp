#pragma once

#include <cmath>
#include <cstdint>

#include "models/server/admission_plan.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// Drops at the head of a queue: once every wait of an interval was above the target, and then, as
/// long as waits stay above it, at times that come closer by the square root of their number.
/// Source: Nichols, Jacobson 2012, "Controlling Queue Delay"; RFC 8289, sec. 5.
/// Departs from source: of a queue of requests, so one that is nearly empty has no bytes of a
/// packet to be excused by; whoever was alone is never dropped.
class Codel {
 public:
  explicit Codel(const CodelPlan& plan) : plan_(plan) {}

  /// Whether to drop a request that comes to the head of the queue now, after that wait;
  /// `others`: how many wait behind it.
  bool drops(sim::Time now, sim::Duration waited, std::uint32_t others) {
    const bool stands = stands_too_long(now, waited, others);
    if (!dropping_) {
      if (!stands) return false;
      dropping_ = true;
      // Where dropping ended not long ago it goes on at the rate that was right then.
      const std::uint32_t more = count_ - last_count_;
      const bool recent = now < next_ + 16 * plan_.interval;
      count_ = more > 1 && recent ? more : 1;
      last_count_ = count_;
      next_ = now + spacing();
      return true;
    }
    if (!stands) {
      dropping_ = false;
      return false;
    }
    if (now < next_) return false;
    ++count_;
    next_ = next_ + spacing();
    return true;
  }

 private:
  bool stands_too_long(sim::Time now, sim::Duration waited, std::uint32_t others) {
    if (waited < plan_.target || others == 0) {
      above_ = false;
      return false;
    }
    if (!above_) {
      above_ = true;
      first_above_until_ = now + plan_.interval;
      return false;
    }
    return now >= first_above_until_;
  }
  sim::Duration spacing() const {
    const auto interval_ns = static_cast<double>(plan_.interval.count_ns());
    return sim::Duration::rounded_ns(interval_ns / std::sqrt(static_cast<double>(count_)));
  }

  const CodelPlan& plan_;
  bool above_ = false;
  bool dropping_ = false;
  sim::Time first_above_until_;
  sim::Time next_;
  std::uint32_t count_ = 0;
  std::uint32_t last_count_ = 0;
};

}  // namespace headroom
