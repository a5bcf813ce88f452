#pragma once

#include <array>
#include <cstdint>

#include "models/client_plan.hpp"
#include "sim/kernel/time.hpp"
#include "sim/stats/time_average.hpp"

namespace headroom {

/// Closed it lets every call through and looks at how they end; open it lets none; half open it
/// lets a few through, and what they say decides.
///
/// It opens when of the calls that ended within the window at least `min_calls`, and of those at
/// least the share `failure_ratio`, failed; or after `consecutive` failures in a row. After
/// `open_for` it is half open. When as many as `half_open_calls` have ended well it closes with
/// empty books; one that fails opens it again. What ends later than the state it began in is not
/// looked at.
///
/// Source: Nygard 2007, "Release It!", ch. 5; the window of ten buckets is that of Hystrix.
class CircuitBreaker {
 public:
  enum class State : std::uint8_t { closed, open, half_open };
  /// A call that was let through says with it in which state it began.
  using Pass = std::uint32_t;

  CircuitBreaker(const CircuitBreakerPlan& plan, sim::Time now);

  /// Whether a call may go out now. If so it ends with `end` or `forget`, once, with `pass()`.
  bool admits(sim::Time now);
  Pass pass() const { return pass_; }
  void end(Pass pass, bool is_ok, sim::Time now);
  /// It ended without a word: nobody waits for its answer any more.
  void forget(Pass pass);

  State state() const { return state_; }
  void start_measuring(sim::Time now);
  std::uint64_t openings() const { return openings_; }
  /// Open or half open, in ns.
  __int128 not_closed_ns(sim::Time now) const { return not_closed_.area(now); }

 private:
  struct Bucket {
    std::int64_t slice = -1;
    std::uint64_t ended = 0;
    std::uint64_t failed = 0;
  };
  void enter(State state, sim::Time now);
  void count(bool is_ok, sim::Time now);
  bool trips(sim::Time now) const;
  std::int64_t slice_of(sim::Time now) const { return now.count_ns() / slice_ns_; }

  const CircuitBreakerPlan& plan_;
  std::int64_t slice_ns_;
  std::array<Bucket, 10> buckets_;
  State state_ = State::closed;
  Pass pass_ = 0;
  sim::Time opened_;
  std::uint32_t in_a_row_ = 0;
  std::uint32_t let_through_ = 0;  ///< Of the half-open calls.
  std::uint32_t ended_well_ = 0;
  std::uint64_t openings_ = 0;
  sim::TimeAverage not_closed_;
};

}  // namespace headroom
