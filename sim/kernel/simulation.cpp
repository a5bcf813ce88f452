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

inline void Simulation::dispatch(Wait& wait) {
  digest_.add(now_.count_ns(), wait.process_number());
  ++events_;
  wait.state_ = Wait::State::over;
  wait.process_.resume();
}

[[gnu::always_inline]] inline void Simulation::dispatch_timer(const Entry& entry) {
  Wait* wait = timers_[entry.handle].wait;
  free_timer(entry.handle);
  if (__builtin_expect(wait == nullptr, 0)) {
    --void_timers_;
    return;
  }
  if (entry.time_ns != now_.count_ns()) set_clock(Time::at_ns(entry.time_ns));
  if (wait->kind_ != Wait::Kind::pause) return end_by_timer(*wait);
  wait->ended_ = Wait::Ended::done;
  dispatch(*wait);
}

/// What a timer wakes has often left the cache by then: it is fetched while the event before runs.
inline void Simulation::fetch(std::uint32_t timer) const {
  if (timer >= timers_.size()) return;
  // As a number, for it may be null or free: a fetch from nowhere does nothing.
  const auto wait = reinterpret_cast<std::uintptr_t>(timers_[timer].wait);
  for (const std::uintptr_t before : {0, 64, 128, 192}) {
    __builtin_prefetch(reinterpret_cast<const void*>(wait - before));
  }
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

Simulation::Status Simulation::dispatch_up_to(Time limit) {
  Entry entry;
  stopped_ = false;
  while (!stopped_) {
    if (ready_.empty()) {
      if (events_ >= most_events_ && agenda_.next_time() <= limit) return Status::too_many_events;
      const auto fetch_next = [this](Agenda::Handle next) { fetch(next); };
      if (!agenda_.pop(limit, entry, fetch_next)) return Status::reached;
      dispatch_timer(entry);
    } else if (limit_met()) {
      return events_ >= most_events_ ? Status::too_many_events : Status::stuck_at_one_instant;
    } else if (agenda_.next_time() <= now_ && agenda_.pop(now_, entry)) {
      dispatch_timer(entry);
    } else {
      if (Wait* wait = ready_.pop()) dispatch(*wait);
    }
  }
  return Status::stopped;
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
