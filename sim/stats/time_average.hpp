#pragma once

#include <cstdint>

#include "sim/kernel/check.hpp"
#include "sim/kernel/time.hpp"

namespace headroom::sim {

/// The time average of an integer level (number in system, busy slots), exact: areas are integers
/// in level x ns, so Little's law holds to the last digit.
/// Instants never decrease from one call to the next.
class TimeAverage {
 public:
  explicit TimeAverage(Time start = Time(), std::int64_t level = 0)
      : level_(level), start_(start), last_(start) {}

  /// The level is `level` from `now` on.
  void set(Time now, std::int64_t level) {
    area_ += area_since_change(now);
    last_ = now;
    level_ = level;
  }

  /// The level changes by `delta` at `now`.
  void add(Time now, std::int64_t delta) { set(now, level_ + delta); }

  /// Keeps the level, forgets the area: the end of the warm-up.
  void restart(Time now) {
    HEADROOM_CHECK(now >= last_);
    start_ = last_ = now;
    area_ = 0;
  }

  std::int64_t level() const { return level_; }

  /// The integral of the level from the start to `now`, in level x ns.
  __int128 area(Time now) const { return area_ + area_since_change(now); }

  /// The average level from the start to `now`; the level itself where no time has passed.
  double mean(Time now) const {
    const std::int64_t elapsed_ns = (now - start_).count_ns();
    if (elapsed_ns == 0) return static_cast<double>(level_);
    return static_cast<double>(area(now)) / static_cast<double>(elapsed_ns);
  }

 private:
  __int128 area_since_change(Time now) const {
    HEADROOM_CHECK(now >= last_);
    return static_cast<__int128>(level_) * (now - last_).count_ns();
  }

  __int128 area_ = 0;
  std::int64_t level_;
  Time start_;
  Time last_;
};

}  // namespace headroom::sim
