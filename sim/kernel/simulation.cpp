#include "sim/kernel/simulation.hpp"

#include <algorithm>
namespace headroom::sim {

void Wait::end(Ended cause) {
  HEADROOM_CHECK_IN(*simulation_, state_ == State::waiting);
  if (timer_ != no_timer) cancel_timer();
  ended_ = cause;
  if (group_ != nullptr) {
    state_ = State::over;
    group_->child_ended(*this);
  } else {
    state_ = State::ready;
    ready_place_ = simulation_->ready_.push(this);
  }
}

void Wait::leave_ready_queue() { simulation_->ready_[ready_place_] = nullptr; }

void Simulation::dispatch_timer(const Entry& entry) {
  Wait* wait = timers_[entry.handle].wait;
  free_timers_.push_back(entry.handle);
  if (wait == nullptr) return;
  if (entry.time_ns != now_.count_ns()) {
    now_ = Time::at_ns(entry.time_ns);
    stop_at_events_ = std::min(most_events_, most_at_one_instant_ < UINT64_MAX - events_
                                                 ? events_ + most_at_one_instant_
                                                 : UINT64_MAX);
  }
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
    if (events_ >= stop_at_events_ && !ready_.empty()) return limit_met();
    if (ready_.empty()) {
      if (!agenda_.pop(limit, entry)) return Status::reached;
      if (events_ >= most_events_) return Status::too_many_events;
      dispatch_timer(entry);
    } else if (agenda_.next_time() <= now_ && agenda_.pop(now_, entry)) {
      dispatch_timer(entry);
    } else {
      dispatch_ready();
    }
  }
  return Status::stopped;
}

Simulation::Status Simulation::limit_met() const {
  return events_ >= most_events_ ? Status::too_many_events : Status::stuck_at_one_instant;
}

Simulation::Status Simulation::run_until(Time limit) {
  const Status status = dispatch_up_to(limit);
  if (status == Status::reached && now_ < limit) now_ = limit;
  return status;
}

Simulation::Status Simulation::run() { return dispatch_up_to(Time::never()); }

void Simulation::close() {
  for (Scope* scope = scopes_; scope != nullptr; scope = scope->next_scope_) scope->close();
}

}  // namespace headroom::sim
