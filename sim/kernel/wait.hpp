#pragma once

#include <coroutine>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "sim/kernel/agenda.hpp"
#include "sim/kernel/check.hpp"
#include "sim/kernel/task.hpp"
#include "sim/kernel/time.hpp"

namespace headroom::sim {

class Simulation;

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
  /// The wait of a process begins.
  void suspend(std::coroutine_handle<> process) {
    process_ = process;
    begin(Kind::of_process);
  }
  /// The wait begins as one of those that `group` is made of.
  void suspend_in(Wait& group) {
    group_ = &group;
    begin(Kind::in_group);
  }
  /// A wait of no process, which goes on for ever: all that its timer does is to withdraw it.
  void suspend_as_clock() { begin(Kind::clock); }
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
  void set_timeout(Lane timeout);
  /// When this wait, begun now, is given up: the deadline or the timeout, whichever is nearer.
  Time gives_up_at(Time now) const;
  /// The timeout, if any, counts from now on as a deadline.
  void fix_limit(Time now) {
    deadline_ = gives_up_at(now);
    lane_ = Lane::none;
  }
  /// Whether anything but what is waited for can end it.
  bool is_limited() const { return deadline_ != Time::never() || lane_ != Lane::none; }
  void set_ended(Ended cause) { ended_ = cause; }
  /// The wait of a process for nothing but an instant, which is after now, begins. Nothing is told
  /// to withdraw when it comes.
  void pause(std::coroutine_handle<> process, Time until);
  /// A wait in progress waits from now on for nothing but an instant, which is after now: where it
  /// is that of a process and has no limit; else false.
  bool try_to_pause(Time until);
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
  template <class W, class Base>
  friend class Awaitable;
  template <class W>
  friend W before(Time deadline, W wait);
  template <class W>
  friend W before(Lane timeout, W wait);

  /// Only in the last two does anything else know of the wait.
  enum class State : std::uint8_t { idle, over, waiting, ready };
  /// What goes on when it ends. A `pause` is the wait of a process for nothing but its timer.
  enum class Kind : std::uint8_t { pause, of_process, in_group, clock };
  static constexpr std::uint32_t no_timer = UINT32_MAX;

  /// The wait goes before its process resumed: nobody may wake it any more.
  void abandon();
  /// The rest of `end` where there is more to it than to become ready.
  void end_with_more();
  void set_lane_timer(Lane lane);
  void begin(Kind kind) {
    timer_ = no_timer;
    kind_ = kind;
    state_ = State::waiting;
  }
  /// The number of the process that waits, which is that of the call in which it does.
  std::uint32_t process_number() const {
    using Waiting = std::coroutine_handle<detail::PromiseBase>;
    return Waiting::from_address(process_.address()).promise().process;
  }

  // Most of a frame is waits, and every line of a frame that is touched may have left the cache:
  // hence the small types. What has no value here gets it when the wait begins.
  union {
    std::coroutine_handle<> process_;
    Wait* group_;  ///< Told instead of the process, where several waits are one.
  };
  std::uint32_t timer_;
  std::uint32_t place_;  ///< In its lane while it waits there, in the ready queue once ready.
  Time deadline_ = Time::never();
  std::uint32_t lane_ = Lane::none;
  State state_ = State::idle;
  Ended ended_ = Ended::no;
  Kind kind_ = Kind::of_process;
  bool in_lane_ = false;  ///< Its timer, when it has one, stands in its lane.
};

/// What makes a wait usable with `co_await`. `W` has `bool try_now()` (true when there is nothing
/// to wait for), `void arm()` (enlists) and `result()`.
template <class W, class Base = Wait>
class Awaitable : public Base {
 public:
  bool await_ready() {
    if (!self().try_now()) return false;
    this->ended_ = Wait::Ended::done;
    return true;
  }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> process) {
    static_assert(std::is_base_of_v<detail::PromiseBase, Promise> &&
                  alignof(Promise) == alignof(detail::PromiseBase));
    this->suspend(process);
    self().arm();
    if (this->is_limited()) this->start_timer();
  }
  auto await_resume() { return self().result(); }

 protected:
  using Base::Base;

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
