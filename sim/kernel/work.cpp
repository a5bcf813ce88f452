#include "sim/kernel/work.hpp"

#include <algorithm>
#include <cmath>

namespace headroom::sim {

namespace {

/// How long `amount_ns` takes at `speed`, rounded up so that work is never done too early.
Duration time_for(double amount_ns, double speed) {
  if (speed <= 0) return Duration::forever();
  const double ns = std::ceil(amount_ns / speed);
  return ns < 9.2e18 ? Duration::ns(static_cast<std::int64_t>(ns)) : Duration::forever();
}

}  // namespace

void Processor::Work::arm() {
  place_ = static_cast<std::uint32_t>(processor_.active_.size());
  processor_.active_.push_back(this);
  since_ = simulation_->now();
  due_ = processor_.speed_ == 1
             ? since_ + remaining_
             : since_ + time_for(static_cast<double>(remaining_.count_ns()), processor_.speed_);
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

void Processor::Work::progress(double speed) {
  const Duration elapsed = simulation_->now() - since_;
  const double done = static_cast<double>(elapsed.count_ns()) * speed;
  remaining_ = std::max(Duration(), remaining_ - Duration::rounded_ns(done));
  since_ = simulation_->now();
}

void Processor::set_speed(double speed) {
  for (Work* work : active_) {
    work->progress(speed_);
    if (work->due_ <= simulation_.now()) continue;  // its end is on its way
    if (work->has_timer()) work->cancel_timer();
    work->due_ = simulation_.now() + time_for(static_cast<double>(work->remaining_.count_ns()), speed);
    work->set_timer(work->due_);
  }
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
  virtual_ns_ = queue_.empty()
                    ? 0
                    : virtual_ns_ + static_cast<double>((now - since_).count_ns()) * rate();
  since_ = now;
}

void SharedProcessor::Work::arm() {
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
