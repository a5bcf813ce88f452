#include "sim/kernel/simulation.hpp"

namespace headroom::sim {

void Wait::abandon() {
  if (state_ == State::ready) {
    simulation_->ready_[place_] = nullptr;
  } else if (timer_ != no_timer) {
    cancel_timer();
  }
}

inline void Simulation::dispatch(Wait& wait) {
  digest_.add(now_.count_ns(), wait.process_number_);
  ++events_;
  wait.state_ = Wait::State::over;
  wait.process_.resume();
}

inline void Simulation::dispatch_ready() {
  if (Wait* wait = ready_.pop()) dispatch(*wait);
}

inline void Simulation::dispatch_timer(const Entry& entry) {
  Wait* wait = timers_[entry.handle].wait;
  free_timer(entry.handle);
  if (wait == nullptr) return;
  if (entry.time_ns != now_.count_ns()) set_clock(Time::at_ns(entry.time_ns));
  wait->timer_ = Wait::no_timer;
  wait->ended_ = Wait::Ended::timed_out;
  wait->withdraw();
  if (wait->group_ != nullptr) {
    wait->state_ = Wait::State::over;
    wait->group_->child_ended(*wait);
  } else if (wait->process_) {
    dispatch(*wait);
  }
}

Simulation::Status Simulation::dispatch_up_to(Time limit) {
  Entry entry;
  stopped_ = false;
  while (!stopped_) {
    if (ready_.empty()) {
      if (events_ >= most_events_ && agenda_.next_time() <= limit) return Status::too_many_events;
      if (!agenda_.pop(limit, entry)) return Status::reached;
      dispatch_timer(entry);
    } else if (limit_met()) {
      return events_ >= most_events_ ? Status::too_many_events : Status::stuck_at_one_instant;
    } else if (agenda_.next_time() <= now_ && agenda_.pop(now_, entry)) {
      dispatch_timer(entry);
    } else {
      dispatch_ready();
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
