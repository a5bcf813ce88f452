#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/kernel/time.hpp"

namespace headroom {

/// The times during which something is in force, as they come. What overlaps is one time; each
/// holds its first instant and not its last.
class Phase {
 public:
  /// Once more in force from `now` on; calls come in the order of time.
  void begin(sim::Time now) {
    if (in_force_++ == 0) begins_.push_back(now);
  }
  void end(sim::Time now) {
    if (--in_force_ == 0) ends_.push_back(now);
  }

  /// Whether it was in force at `time`, which has come.
  bool covers(sim::Time time) const {
    const auto after = std::upper_bound(begins_.begin(), begins_.end(), time) - begins_.begin();
    if (after == 0) return false;
    const auto last = static_cast<std::size_t>(after - 1);
    return last >= ends_.size() || time < ends_[last];
  }
  /// How long it was in force between two instants that have come.
  sim::Duration covered(sim::Time from, sim::Time until) const {
    sim::Duration sum;
    for (std::size_t i = 0; i < begins_.size(); ++i) {
      const sim::Time begin = std::max(begins_[i], from);
      const sim::Time end = i < ends_.size() ? std::min(ends_[i], until) : until;
      if (begin < end) sum = sum + (end - begin);
    }
    return sum;
  }

 private:
  std::uint32_t in_force_ = 0;
  std::vector<sim::Time> begins_;
  std::vector<sim::Time> ends_;  ///< One fewer while it is in force.
};

/// A phase, or all the time outside it.
struct Part {
  const Phase* phase = nullptr;
  bool is_outside = false;

  bool holds(sim::Time time) const { return phase->covers(time) != is_outside; }
  sim::Duration length(sim::Time from, sim::Time until) const {
    const sim::Duration covered = phase->covered(from, until);
    return is_outside ? until - from - covered : covered;
  }
};

}  // namespace headroom
