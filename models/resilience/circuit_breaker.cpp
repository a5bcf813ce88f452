#include "models/resilience/circuit_breaker.hpp"

#include <algorithm>

namespace headroom {

CircuitBreaker::CircuitBreaker(const CircuitBreakerPlan& plan, sim::Time now)
    : plan_(plan),
      slice_ns_(std::max<std::int64_t>(1, plan.window.count_ns() / static_cast<std::int64_t>(10))),
      not_closed_(now, 0) {}

void CircuitBreaker::enter(State state, sim::Time now) {
  state_ = state;
  ++pass_;
  in_a_row_ = let_through_ = ended_well_ = 0;
  not_closed_.set(now, state == State::closed ? 0 : 1);
  if (state == State::closed) buckets_.fill({});
  if (state != State::open) return;
  opened_ = now;
  ++openings_;
}

bool CircuitBreaker::admits(sim::Time now) {
  if (state_ == State::open && now >= opened_ + plan_.open_for) enter(State::half_open, now);
  if (state_ == State::closed) return true;
  if (state_ == State::open || let_through_ == plan_.half_open_calls) return false;
  ++let_through_;
  return true;
}

void CircuitBreaker::end(Pass pass, bool is_ok, sim::Time now) {
  if (pass != pass_) return;
  if (state_ == State::half_open) {
    if (!is_ok) return enter(State::open, now);
    if (++ended_well_ == plan_.half_open_calls) enter(State::closed, now);
    return;
  }
  count(is_ok, now);
  if (!is_ok && trips(now)) enter(State::open, now);
}

void CircuitBreaker::forget(Pass pass) {
  if (pass == pass_ && state_ == State::half_open) --let_through_;
}

void CircuitBreaker::count(bool is_ok, sim::Time now) {
  const std::int64_t slice = slice_of(now);
  Bucket& bucket = buckets_[static_cast<std::size_t>(slice) % buckets_.size()];
  if (bucket.slice != slice) bucket = {slice, 0, 0};
  ++bucket.ended;
  bucket.failed += is_ok ? 0 : 1;
  in_a_row_ = is_ok ? 0 : in_a_row_ + 1;
}

bool CircuitBreaker::trips(sim::Time now) const {
  if (plan_.consecutive && in_a_row_ >= *plan_.consecutive) return true;
  if (!plan_.failure_ratio) return false;
  std::uint64_t ended = 0, failed = 0;
  for (const Bucket& bucket : buckets_) {
    if (bucket.slice <= slice_of(now) - static_cast<std::int64_t>(buckets_.size())) continue;
    ended += bucket.ended;
    failed += bucket.failed;
  }
  return ended >= plan_.min_calls &&
         static_cast<double>(failed) >= plan_.failure_ratio->value * static_cast<double>(ended);
}

void CircuitBreaker::start_measuring(sim::Time now) {
  openings_ = 0;
  not_closed_.restart(now);
}

}  // namespace headroom
