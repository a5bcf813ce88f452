#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "models/server/admission_plan.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// Refuses all requests below a level, which follows the waits in the queue. A level is a priority
/// and, within it, one of 128 parts by whose request it is, so that a class can be shed in part,
/// and a request meets the same decision wherever it goes.
///
/// After each window: where the mean wait was too long, as many are to be let in as were, less the
/// share `decrease`; else more by the share `increase` of those that came. The level is the
/// highest at which the requests of the last window would have been as many: rounded the other way
/// it would sink for ever where windows are short. Source: Zhou et al. 2018, "Overload Control for
/// Scaling WeChat Microservices" (DAGOR), sec. 4.2. Departs from source: windows have a length in
/// time only.
class PriorityShed {
 public:
  PriorityShed(const PriorityShedPlan& plan, sim::Time now)
      : plan_(plan), ends_(now + plan.window) {}

  bool admits(sim::Time now, std::int32_t priority, std::uint64_t origin) {
    if (now >= ends_) adjust(now);
    const Level level{priority, static_cast<std::uint8_t>(origin >> 57)};
    ++came_[level];
    ++arrived_;
    const bool in = !sheds_ || level >= lowest_;
    admitted_ += in ? 1 : 0;
    return in;
  }
  void note_wait(sim::Duration waited) {
    waited_ns_ += static_cast<double>(waited.count_ns());
    ++waits_;
  }

 private:
  using Level = std::pair<std::int32_t, std::uint8_t>;

  void adjust(sim::Time now) {
    const bool overloaded =
        waits_ > 0 && waited_ns_ / waits_ > static_cast<double>(plan_.wait.count_ns());
    const double let_in = overloaded ? (1 - plan_.decrease.value) * admitted_
                                     : admitted_ + plan_.increase.value * arrived_;
    set_level(let_in);
    came_.clear();
    arrived_ = admitted_ = waits_ = 0;
    waited_ns_ = 0;
    ends_ = now + plan_.window;
  }
  void set_level(double let_in) {
    double sum = 0;
    sheds_ = false;
    for (auto level = came_.rbegin(); level != came_.rend(); ++level) {
      sum += level->second;
      if (sum < let_in) continue;
      lowest_ = level->first;
      sheds_ = true;
      return;
    }
  }

  const PriorityShedPlan& plan_;
  sim::Time ends_;
  bool sheds_ = false;
  Level lowest_;
  std::map<Level, std::uint32_t> came_;  ///< In the window that is under way.
  double arrived_ = 0;
  double admitted_ = 0;
  double waits_ = 0;
  double waited_ns_ = 0;
};

}  // namespace headroom
