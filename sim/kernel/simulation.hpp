#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/kernel/agenda.hpp"
#include "sim/kernel/digest.hpp"
#include "sim/kernel/frame_pool.hpp"
#include "sim/kernel/ring.hpp"
#include "sim/kernel/scope.hpp"
#include "sim/kernel/task.hpp"
#include "sim/kernel/time.hpp"
#include "sim/kernel/wait.hpp"

namespace headroom::sim {

/// A pause of the process that awaits it. Always suspends, also for zero: what is ready goes first.
class Delay final : public Awaitable<Delay> {
 public:
  Delay(Simulation& simulation, Duration length) : Awaitable(simulation), length_(length) {}
  bool try_now() const { return false; }
  template <class Promise>
  [[gnu::always_inline]] void await_suspend(std::coroutine_handle<Promise> process);
  void arm();
  /// False when the pause was cut short: by its deadline, or by a race that something else won.
  bool result() const { return ended() == Ended::done; }

 private:
  void withdraw() override;
  union {
    Duration length_;  ///< Until the pause begins.
    Time due_;         ///< From then on.
  };
};

/// One simulated world: a clock, what is pending, and the processes. Independent of any other in
/// the same program. Events happen in one total order, (time, sequence): first what was scheduled
/// for an instant before it began, then what became ready during it, first come first served.
class Simulation {
 public:
  enum class Status : std::uint8_t { reached, stopped, too_many_events, stuck_at_one_instant };

  explicit Simulation(std::uint64_t seed = 1, std::uint32_t replication = 0)
      : seed_(seed), replication_(replication), roots_(*this) {}
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;
  ~Simulation() { close(); }

  Time now() const { return now_; }
  std::uint64_t seed() const { return seed_; }
  std::uint32_t replication() const { return replication_; }
  std::uint64_t digest() const { return digest_.value(); }
  std::uint64_t events() const { return events_; }
  FramePool& frames() { return frames_; }

  /// Starts a process that nobody waits for. It runs at once up to its first wait.
  void spawn(Task<void> process) { roots_.spawn(std::move(process)); }
  Delay delay(Duration length) { return Delay(*this, length); }
  /// The queue of timeouts of this length; ask once, when a model is set up.
  Lane lane(Duration length) { return agenda_.lane(length); }

  /// Dispatches all that happens up to and including `limit` and sets the clock there.
  Status run_until(Time limit);
  /// Dispatches all there is; the clock stays at the last event.
  Status run();
  /// When something can happen next: never before it, and `Time::never()` when nothing is pending.
  Time next_time() const { return ready_.empty() ? agenda_.next_time() : now_; }
  /// Whether what is being destroyed was cancelled (`Scope::cancel`).
  bool cancelling() const { return cancelling_; }
  /// Ends the current `run` after the event in progress.
  void stop() {
    stopped_ = true;
    events_allowed_ = 0;
  }
  /// Destroys every process of every scope. Call it while all that they use still exists.
  void close();
  /// Destroys every root that waits, without limit and directly or through calls, groups and polls,
  /// for what never comes (`Never`). Calls of a scope that they wait for stay, as those of any
  /// caller who is gone. For the end: nothing may be run afterwards.
  void lose_hopeless();

  /// Limits against runaway models; a run that meets one ends with its status.
  void limit_events(std::uint64_t most) { most_events_ = most; }
  void limit_events_at_one_instant(std::uint64_t most) { most_at_one_instant_ = most; }

 private:
  friend class Wait;
  friend class Scope;
  static constexpr std::size_t most_void = 64;  // Chosen: fewer are not worth the search.
  template <class T>
  friend class Call;
  /// What a handle of the agenda means.
  union Timer {
    Wait* wait;  ///< Null once cancelled.
    std::uint64_t next_free;
  };

  Status dispatch_up_to(Time limit);
  Status why_no_more(Time limit);
  std::uint32_t new_timer(Wait& wait);
  void add_timer();
  void free_timer(std::uint32_t timer) {
    timers_[timer].next_free = free_timer_;
    free_timer_ = timer;
  }
  /// Its event stays where it is until its turn comes, or until it is one of too many such.
  void void_timer(std::uint32_t timer) {
    timers_[timer].wait = nullptr;
    if (++void_timers_ > most_void && 2 * void_timers_ > agenda_.size()) drop_void_timers();
  }
  void drop_void_timers();
  void set_clock(Time at) {
    now_ = at;
    at_this_instant_ = 0;
  }
  void dispatch(Wait& wait);
  static detail::PromiseBase* hopeless_root(detail::PromiseBase* call);
  void end_by_timer(Wait& wait);
  void fetch(std::uint32_t timer, std::uint32_t then) const;
  void dispatch_timer(EventKey key);

  std::uint64_t seed_;
  std::uint32_t replication_;
  FramePool frames_;
  Agenda agenda_;
  Ring<Wait*> ready_;
  std::vector<Timer> timers_;
  std::uint64_t free_timer_ = Wait::no_timer;
  std::size_t void_timers_ = 0;  ///< Still in the agenda although nobody waits for them.
  Time now_;
  Digest digest_;
  std::uint64_t events_ = 0;
  std::uint64_t events_allowed_ = UINT64_MAX;  ///< As many as a limit says; none once stopped.
  std::uint64_t at_this_instant_ = 0;          ///< What made it begin, and what became ready since.
  std::uint64_t most_events_ = UINT64_MAX;
  std::uint64_t most_at_one_instant_ = UINT64_MAX;
  std::uint32_t processes_ = 0;
  bool stopped_ = false;
  bool cancelling_ = false;
  Scope* scopes_ = nullptr;
  Scope roots_;  // last, so that it goes first
};

inline void Scope::spawn(Task<void> process) {
  const auto handle = std::exchange(process.handle_, {});
  Root& root = std::coroutine_handle<Root>::from_address(handle.address()).promise();
  root.scope = this;
  root.process = ++simulation_.processes_;
  root.is_root = true;
  root.enter_scope(nullptr, nullptr);
  handle.resume();
}

inline bool detail::PromiseBase::leave_scope() noexcept {
  std::exchange(scope, nullptr)->remove(*this);
  if (waiter == nullptr) return held != nullptr;
  if (waiter->waiting()) waiter->end(Wait::Ended::done);
  continuation = std::noop_coroutine();
  return true;
}

inline std::uint32_t Simulation::new_timer(Wait& wait) {
  if (__builtin_expect(free_timer_ == Wait::no_timer, 0)) add_timer();
  const auto timer = static_cast<std::uint32_t>(free_timer_);
  free_timer_ = timers_[timer].next_free;
  timers_[timer].wait = &wait;
  return timer;
}

inline void Delay::arm() {
  due_ = simulation_->now() + length_;
  set_deadline(due_);
}

inline void Delay::withdraw() {
  if (simulation_->now() >= due_) set_ended(Ended::done);
}

/// Most pauses have no other end than their own: these need neither a deadline nor to withdraw.
template <class Promise>
[[gnu::always_inline]] inline void Delay::await_suspend(std::coroutine_handle<Promise> process) {
  if (is_limited() || length_ <= Duration()) return Awaitable::await_suspend(process);
  due_ = simulation_->now() + length_;
  pause(process, due_);
}

inline void Wait::set_timeout(Lane timeout) {
  if (lane_ == Lane::none || timeout.delay() < simulation_->agenda_.lane_of(lane_).delay()) {
    lane_ = timeout.id();
  }
}

inline Time Wait::gives_up_at(Time now) const {
  if (lane_ == Lane::none) return deadline_;
  return std::min(deadline_, now + simulation_->agenda_.lane_of(lane_).delay());
}

inline void Wait::set_timer(Time at) {
  if (at == Time::never()) return;
  timer_ = simulation_->new_timer(*this);
  in_lane_ = false;
  simulation_->agenda_.push(at, timer_);
}

[[gnu::always_inline]] inline void Wait::pause(std::coroutine_handle<> process, Time until) {
  process_ = process;
  begin(Kind::pause);
  if (__builtin_expect(until == Time::never(), 0)) return;
  timer_ = simulation_->new_timer(*this);
  in_lane_ = false;
  simulation_->agenda_.push(until, timer_);
}

inline bool Wait::try_to_pause(Time until) {
  if (kind_ != Kind::of_process || is_limited()) return false;
  kind_ = Kind::pause;
  set_timer(until);
  return true;
}

inline void Wait::cancel_timer() {
  if (in_lane_) {
    simulation_->agenda_.cancel(simulation_->agenda_.lane_of(lane_), place_);
    simulation_->free_timer(timer_);
  } else {
    simulation_->void_timer(timer_);
  }
  timer_ = no_timer;
}

[[gnu::always_inline]] inline void Wait::end(Ended cause) {
  HEADROOM_CHECK_IN(*simulation_, state_ == State::waiting);
  ended_ = cause;
  auto& ready = simulation_->ready_;
  if (timer_ != no_timer || kind_ == Kind::in_group || ready.full()) return end_with_more();
  state_ = State::ready;
  place_ = ready.push_where_room(this);
}

}  // namespace headroom::sim
