#pragma once

#include <algorithm>

#include "sim/kernel/time.hpp"

namespace headroom {

/// When somebody who was refused on the way tries again: after a pause, which doubles each time,
/// and is short again once he got through.
///
/// Source: reconnect.backoff.ms and reconnect.backoff.max.ms of the clients of Kafka. Departs from
/// source: without a random part. Chosen for queues too, whose clients mostly wait for longer.
class Reconnect {
 public:
  bool may_try(sim::Time now) const { return now >= next_try_; }
  /// Refused now: when to try again. What was refused during a pause does not make it longer.
  sim::Duration refused(sim::Time now) {
    if (may_try(now)) {
      next_try_ = now + pause_;
      pause_ = std::min(pause_ + pause_, longest);
    }
    return next_try_ - now;
  }
  void got_through() { *this = Reconnect(); }

 private:
  static constexpr sim::Duration longest = sim::Duration::seconds(1);

  sim::Duration pause_ = sim::Duration::ms(50);
  sim::Time next_try_;
};

}  // namespace headroom
