#pragma once

#include <coroutine>
#include <cstdint>
#include <utility>

#include "sim/kernel/agenda.hpp"
#include "sim/kernel/check.hpp"
#include "sim/kernel/time.hpp"

namespace headroom::sim {

class Simulation;
namespace detail {
struct PromiseBase;
}

/// One suspension of one process. It lives in the frame of the process and ends once, by one
/// cause: what is waited for (`done`), its deadline (`timed_out`), or the disappearance of what
/// could end it (`broken`). Whoever ends it first takes it out of every place that could end it
/// again, so there is no stale wake-up. A wait destroyed before its process resumes (the scope of
/// the process closed) withdraws itself.
class Wait {
 public:
  enum class Ended : std::uint8_t { no, done, timed_out, broken };

  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;
  Ended ended() const { return ended_; }

 protected:
  explicit Wait(Simulation& simulation) : simulation_(&simulation) {}
  Wait(Wait&& unarmed) noexcept
      : simulation_(unarmed.simulation_), deadline_(unarmed.deadline_), lane_(unarmed.lane_) {
    HEADROOM_CHECK(unarmed.state_ == State::idle);
  }
  ~Wait() {
    if (__builtin_expect(state_ >= State::waiting, 0)) abandon();
  }

  bool waiting() const { return state_ == State::waiting; }
  void suspend(std::coroutine_handle<> process, std::uint32_t number) {
    process_ = process;
    process_number_ = number;
    timer_ = no_timer;
    state_ = State::waiting;
  }
  /// Starts the timer of a wait that has a deadline and has not ended while it was set up.
  void start_timer();
  /// Ends a wait in progress, which must have left its list already; its process becomes ready.
  void end(Ended cause);
  /// Leaves the list of what is waited for, because the wait ends by something else. A clock,
  /// which is a wait of no process, does its work here when its time comes.
  virtual void withdraw() {}
  /// One of the waits that this one is made of has ended.
  virtual void child_ended(Wait&) {}
  void set_deadline(Time at) {
    if (at < deadline_) deadline_ = at;
  }
  /// Gives up after the delay of `timeout` too; of several the shortest counts.
  void set_timeout(Lane timeout) {
    if (!lane_.valid() || timeout.delay() < lane_.delay()) lane_ = timeout;
  }
  /// When this wait, begun now, is given up: the deadline or the timeout, whichever is nearer.
  Time gives_up_at(Time now) const {
    return lane_.valid() && now + lane_.delay() < deadline_ ? now + lane_.delay() : deadline_;
  }
  void set_ended(Ended cause) { ended_ = cause; }
  /// Sets a timer at `at`, which is after now; `Time::never()` sets none.
  void set_timer(Time at);
  void cancel_timer();
  bool has_timer() const { return timer_ != no_timer; }

  Simulation* simulation_;

 private:
  friend class Simulation;
  friend struct detail::PromiseBase;
  template <class... Waits>
  friend class Group;
  template <class W>
  friend class Awaitable;
  template <class W>
  friend W before(Time deadline, W wait);
  template <class W>
  friend W before(Lane timeout, W wait);

  /// Only in the last two does anything else know of the wait.
  enum class State : std::uint8_t { idle, over, waiting, ready };
  static constexpr std::uint32_t no_timer = UINT32_MAX;

  /// The wait goes before its process resumed: nobody may wake it any more.
  void abandon();
  void set_lane_timer();

  // What has no value here gets it when the wait begins: not before it is needed.
  std::coroutine_handle<> process_;
  Wait* group_ = nullptr;  ///< Told instead of the process, where several waits are one.
  Time deadline_ = Time::never();
  Lane lane_;
  std::uint32_t process_number_;
  std::uint32_t timer_;
  std::uint32_t place_;  ///< In its lane while it waits there, in the ready queue once ready.
  State state_ = State::idle;
  Ended ended_ = Ended::no;
  bool in_lane_;  ///< Its timer, when it has one, stands in its lane.
};

/// What makes a wait usable with `co_await`. `W` has `bool try_now()` (true when there is nothing
/// to wait for), `void arm()` (enlists) and `result()`.
template <class W>
class Awaitable : public Wait {
 public:
  bool await_ready() {
    if (!self().try_now()) return false;
    ended_ = Ended::done;
    return true;
  }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> process) {
    suspend(process, process.promise().process);
    self().arm();
    start_timer();
  }
  auto await_resume() { return self().result(); }

 protected:
  using Wait::Wait;

 private:
  W& self() { return static_cast<W&>(*this); }
};

/// The same wait, given up at `deadline`: its result is then empty (an empty lease, no value). Of
/// several deadlines the nearest counts.
template <class W>
W before(Time deadline, W wait) {
  wait.set_deadline(deadline);
  return wait;
}

/// The same wait, given up after the delay of `timeout`; the cheap way for a timeout used often.
template <class W>
W before(Lane timeout, W wait) {
  wait.set_timeout(timeout);
  return wait;
}

}  // namespace headroom::sim
