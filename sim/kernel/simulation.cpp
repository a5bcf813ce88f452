#include "sim/kernel/simulation.hpp"

namespace headroom::sim {

void Wait::abandon() {
  if (state_ == State::ready) {
    simulation_->ready_[place_] = nullptr;
  } else if (timer_ != no_timer) {
    cancel_timer();
  }
}

void Wait::start_timer() {
  if (state_ != State::waiting) return;
  const Time now = simulation_->now_;
  if (lane_ != Lane::none) {
    const Lane lane = simulation_->agenda_.lane_of(lane_);
    // An instant that has begun is no place for a timer: what is ready in it goes first.
    if (lane.delay() > Duration() && now + lane.delay() <= deadline_) return set_lane_timer(lane);
    set_deadline(now + lane.delay());
  }
  if (deadline_ > now) return set_timer(deadline_);
  ended_ = Ended::timed_out;
  withdraw();
  end(ended_);
}

void Wait::set_lane_timer(Lane lane) {
  timer_ = simulation_->new_timer(*this);
  in_lane_ = true;
  place_ = simulation_->agenda_.push(lane, simulation_->now_, timer_);
}

/// Memory is of what is waited for: deadlines that are far away and hardly ever come must not
/// collect. As many are dropped as have been made void since the last time, so it costs each of
/// them a constant.
void Simulation::drop_void_timers() {
  agenda_.remove_if([this](Agenda::Handle timer) {
    if (timers_[timer].wait != nullptr) return false;
    free_timer(timer);
    return true;
  });
  void_timers_ = 0;
}

void Wait::end_with_more() {
  if (timer_ != no_timer) cancel_timer();
  if (kind_ == Kind::in_group) {
    state_ = State::over;
    group_->child_ended(*this);
  } else {
    state_ = State::ready;
    place_ = simulation_->ready_.push(this);
  }
}

void Simulation::add_timer() {
  HEADROOM_CHECK(timers_.size() < Agenda::handles);
  Timer last;
  last.next_free = Wait::no_timer;
  free_timer_ = timers_.size();
  timers_.push_back(last);
}

inline void Simulation::dispatch(Wait& wait) {
  digest_.add(now_.count_ns(), wait.process_number());
  ++events_;
  wait.state_ = Wait::State::over;
  wait.process_.resume();
}

[[gnu::always_inline]] inline void Simulation::dispatch_timer(EventKey key) {
  const std::uint32_t timer = handle_of(key);
  Wait* wait = timers_[timer].wait;
  free_timer(timer);
  if (__builtin_expect(wait == nullptr, 0)) {
    --void_timers_;
    return;
  }
  const Time at = Time::at_ns(static_cast<std::int64_t>(time_of(key)));
  if (at != now_) {
    now_ = at;
    at_this_instant_ = 1;
  }
  if (wait->kind_ != Wait::Kind::pause) return end_by_timer(*wait);
  wait->ended_ = Wait::Ended::done;
  dispatch(*wait);
}

/// What a timer wakes has often left the cache by then: it is fetched while the event before runs,
/// and what leads to it one event earlier. Inline without fail: a function that does nothing but
/// fetch seems to do nothing, and g++ leaves its calls out.
[[gnu::always_inline]] inline void Simulation::fetch(std::uint32_t timer,
                                                     std::uint32_t then) const {
  if (then < timers_.size()) __builtin_prefetch(&timers_[then]);
  if (timer >= timers_.size()) return;
  // Null or free, maybe: a fetch from nowhere does nothing.
  const auto wait = reinterpret_cast<std::uintptr_t>(timers_[timer].wait);
  __builtin_prefetch(reinterpret_cast<const void*>(wait));
  __builtin_prefetch(reinterpret_cast<const void*>(wait - 64));
  __builtin_prefetch(reinterpret_cast<const void*>(wait - 128));
  __builtin_prefetch(reinterpret_cast<const void*>(wait - 192));
}

/// Where more hangs on the timer than the end of a pause.
void Simulation::end_by_timer(Wait& wait) {
  wait.timer_ = Wait::no_timer;
  wait.ended_ = Wait::Ended::timed_out;
  wait.withdraw();
  if (wait.kind_ == Wait::Kind::in_group) {
    wait.state_ = Wait::State::over;
    wait.group_->child_ended(wait);
  } else if (wait.kind_ == Wait::Kind::of_process) {
    dispatch(wait);
  }
}

/// Nothing can become due at an instant that has begun: once its timers are through, all that
/// happens during it is what became ready.
Simulation::Status Simulation::dispatch_up_to(Time limit) {
  const auto fetch_next = [this] [[gnu::always_inline]] (Agenda::Handle next, Agenda::Handle then) {
    fetch(next, then);
  };
  EventKey key;
  stopped_ = false;
  events_allowed_ = most_events_;
  for (;;) {
    if (events_ >= events_allowed_) return why_no_more(limit);
    if (ready_.empty()) {
      if (!agenda_.pop(limit, key, fetch_next)) return Status::reached;
      dispatch_timer(key);
      continue;
    }
    while (agenda_.pop(now_, key, fetch_next)) {
      dispatch_timer(key);
      if (events_ >= events_allowed_) return why_no_more(limit);
    }
    do {
      if (events_ >= events_allowed_) return why_no_more(limit);
      if (++at_this_instant_ > most_at_one_instant_) return Status::stuck_at_one_instant;
      if (Wait* wait = ready_.pop()) dispatch(*wait);
    } while (!ready_.empty());
  }
}

Simulation::Status Simulation::why_no_more(Time limit) {
  if (stopped_) return Status::stopped;
  return next_time() <= limit ? Status::too_many_events : Status::reached;
}

Simulation::Status Simulation::run_until(Time limit) {
  const Status status = dispatch_up_to(limit);
  if (status == Status::reached && now_ < limit) set_clock(limit);
  return status;
}

Simulation::Status Simulation::run() {
  return dispatch_up_to(Time::never());
}

void Simulation::close() {
  for (Scope* scope = scopes_; scope != nullptr; scope = scope->next_scope_)
    scope->close();
}

}  // namespace headroom::sim
