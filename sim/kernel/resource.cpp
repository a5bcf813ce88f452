#include "sim/kernel/resource.hpp"

namespace headroom::sim {

void Resource::Hold::arm() {
  fix_limit(simulation_->now());
  if (resource_.take_free()) {
    begin();
    set_deadline(due_);
  } else {
    resource_.queue_.push(*this);
  }
}

/// A limit that is nearer than the end goes on to count, also where its time is this instant.
void Resource::Hold::begin_with_more() {
  if (due_ <= simulation_->now()) return end(Ended::done);
  if (gives_up_at(due_) <= due_) return;
  if (has_timer()) cancel_timer();
  set_deadline(due_);
  set_timer(due_);
}

void Resource::Hold::withdraw() {
  if (!has_unit_) {
    resource_.queue_.remove(*this);
  } else if (simulation_->now() >= due_) {
    set_ended(Ended::done);
  } else {
    give_back();
  }
}

}  // namespace headroom::sim
