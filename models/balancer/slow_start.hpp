#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "sim/kernel/random.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// Spares replicas that have just come, or come back: of the calls that the policy would give one
/// it gets a share that grows linearly over the window, from a tenth; the rest go to others.
/// Source: slow start of Envoy (aggression 1, min_weight_percent 10) and nginx.
class SlowStart {
 public:
  SlowStart(sim::Duration window, std::size_t backends, sim::Stream random)
      : window_(window), random_(random), since_(backends, sim::Time::never()) {}

  void joined(std::size_t backend, sim::Time now) {
    since_[backend] = now;
    none_before_ = std::max(none_before_, now + window_);
  }
  /// Whether anybody is spared now.
  bool is_on(sim::Time now) const { return now < none_before_; }
  /// Whether this call goes to somebody else.
  bool refuses(std::size_t backend, sim::Time now) {
    if (since_[backend] == sim::Time::never()) return false;
    const auto passed_ns = static_cast<double>((now - since_[backend]).count_ns());
    const double share = std::max(0.1, passed_ns / static_cast<double>(window_.count_ns()));
    return share < 1 && random_.uniform() >= share;
  }

 private:
  sim::Duration window_;
  sim::Stream random_;
  std::vector<sim::Time> since_;
  sim::Time none_before_;
};

}  // namespace headroom
