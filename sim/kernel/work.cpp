#include "sim/kernel/work.hpp"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

/// How long `amount_ns` takes at `speed`, rounded up so that work is never done too early; less
/// than a millionth of a nanosecond too much is an error of the arithmetic.
Duration time_for(double amount_ns, double speed) {
  if (speed <= 0) return Duration::forever();
  if (speed == 1 && amount_ns < 9e15) {  // So usual that it is worth sparing the division.
    const auto whole = static_cast<std::int64_t>(amount_ns);
    return Duration::ns(whole + (amount_ns - static_cast<double>(whole) > 1e-6 ? 1 : 0));
  }
  const double ns = std::max(0.0, std::ceil(amount_ns / speed - 1e-6));
  return ns < 9.2e18 ? Duration::ns(static_cast<std::int64_t>(ns)) : Duration::forever();
}

}  // namespace

Time Processor::Work::due_at(Time now) const {
  return now + time_for(remaining_ns_, processor_.speed_);
}

void Processor::Work::enlist() {
  place_ = static_cast<std::uint32_t>(processor_.active_.size());
  processor_.active_.push_back(this);
  since_ = simulation_->now();
  due_ = due_at(since_);
}

void Processor::Work::arm() {
  enlist();
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
  place_ = nowhere;
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
  processor_.finish_due();
}

void SharedProcessor::Work::withdraw() {
  processor_.progress();
  if (processor_.is_due(*this)) set_ended(Ended::done);
  processor_.queue_.remove(*this);
  processor_.finish_due();
}

/// Half a nanosecond of tolerance: the clock is rounded up, sums of doubles are not.
bool SharedProcessor::is_due(const QueuedWait& work) const {
  return work.key() <= virtual_ns_ + 0.5;
}

/// Ends what is due and sets the clock for the next. Whatever happens in the instant at which an
/// amount is due, the amount ends in it.
void SharedProcessor::finish_due() {
  while (!queue_.empty() && is_due(queue_.front())) {
    static_cast<Work&>(queue_.pop()).end(Wait::Ended::done);
  }
  if (queue_.empty()) return clock_.set(Time::never());
  // Later than now at any speed, or the clock would ring for ever in this instant.
  const Duration left = time_for(queue_.front().key() - virtual_ns_, rate());
  clock_.set(since_ + std::max(Duration::ns(1), left));
}

void SharedProcessor::Clock::withdraw() {
  processor_.progress();
  processor_.finish_due();
}

void SharedProcessor::set_speed(double speed) {
  progress();
  speed_ = speed;
  finish_due();
}

}  // namespace headroom::sim
