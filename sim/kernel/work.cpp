#include "sim/kernel/work.hpp"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

/// How long `amount_ns` takes at `speed`, rounded up so that work is never done too early; less
/// than a millionth of a nanosecond too much is an error of the arithmetic.
Duration time_for(double amount_ns, double speed) {
  if (speed <= 0) return Duration::forever();
  const double ns = std::max(0.0, std::ceil(amount_ns / speed - 1e-6));
  return ns < 9.2e18 ? Duration::ns(static_cast<std::int64_t>(ns)) : Duration::forever();
}

}  // namespace

void Processor::Work::arm() {
  place_ = static_cast<std::uint32_t>(processor_.active_.size());
  processor_.active_.push_back(this);
  since_ = simulation_->now();
  due_ = since_ + time_for(remaining_ns_, processor_.speed_);
  limit_ = gives_up_at(since_);
  set_deadline(due_);
}

void Processor::Work::withdraw() {
  leave();
  if (simulation_->now() >= due_) set_ended(Ended::done);
}

void Processor::Work::leave() {
  Work* last = processor_.active_.back();
  processor_.active_[place_] = last;
  last->place_ = place_;
  processor_.active_.pop_back();
}

void Processor::Work::change_speed(double before, double after) {
  const Time now = simulation_->now();
  if (std::min(due_, limit_) <= now) return;  // its end is on its way
  const auto elapsed_ns = static_cast<double>((now - since_).count_ns());
  remaining_ns_ = std::max(0.0, remaining_ns_ - elapsed_ns * before);
  since_ = now;
  due_ = now + std::max(Duration::ns(1), time_for(remaining_ns_, after));
  if (has_timer()) cancel_timer();
  set_timer(std::min(due_, limit_));
}

void Processor::set_speed(double speed) {
  if (speed == speed_) return;
  for (Work* work : active_)
    work->change_speed(speed_, speed);
  speed_ = speed;
}

void SharedProcessor::Clock::set(Time at) {
  if (has_timer()) cancel_timer();
  if (at != Time::never()) set_timer(at);
}

double SharedProcessor::rate() const {
  const auto active = static_cast<double>(queue_.size());
  return active <= cores_ ? speed_ : speed_ * cores_ / active;
}

void SharedProcessor::progress() {
  const Time now = simulation_.now();
  virtual_ns_ =
      queue_.empty() ? 0 : virtual_ns_ + static_cast<double>((now - since_).count_ns()) * rate();
  since_ = now;
}

void SharedProcessor::Work::arm() {
  if (amount_ == Duration()) return end(Ended::done);
  processor_.progress();
  set_key(processor_.virtual_ns_ + static_cast<double>(amount_.count_ns()));
  processor_.queue_.push(*this);
  processor_.set_clock();
}

void SharedProcessor::Work::withdraw() {
  processor_.progress();
  processor_.queue_.remove(*this);
  processor_.set_clock();
}

void SharedProcessor::set_clock() {
  if (queue_.empty()) return clock_.set(Time::never());
  const double left = std::max(0.0, queue_.front().key() - virtual_ns_);
  // At least one nanosecond: several amounts may end at one instant, but time goes on.
  clock_.set(since_ + std::max(Duration::ns(1), time_for(left, rate())));
}

void SharedProcessor::finish_due() {
  progress();
  // Half a nanosecond of tolerance: the clock is rounded up, sums of doubles are not.
  while (!queue_.empty() && queue_.front().key() <= virtual_ns_ + 0.5) {
    static_cast<Work&>(queue_.pop()).end(Wait::Ended::done);
  }
  set_clock();
}

void SharedProcessor::set_speed(double speed) {
  progress();
  speed_ = speed;
  set_clock();
}

}  // namespace headroom::sim
