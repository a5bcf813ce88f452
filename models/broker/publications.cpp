#include "models/broker/publications.hpp"

namespace headroom {

Publications::Wait::Wait(Publications& all, std::uint64_t draw_key)
    : all_(all), draw_key_(draw_key), own_(std::make_shared<Attempt>()) {
  ++all_.result_.offered;
  ++all_.waiting_;
  all_.open_.at(draw_key_) = own_;
}

Publications::Wait::~Wait() {
  all_.end(*own_, PublishFate::unknown);
  const Publication* listed = all_.open_.find(draw_key_);
  if (listed != nullptr && *listed == own_) all_.open_.erase(draw_key_);
}

void Publications::give_up(std::uint64_t draw_key) {
  if (const Publication* attempt = open_.find(draw_key)) end(**attempt, PublishFate::unknown);
}

void Publications::end(Attempt& attempt, PublishFate fate) {
  if (attempt.is_over) return;
  // Nobody is told of a message that there is not.
  HEADROOM_CHECK_IN(simulation_, fate != PublishFate::acknowledged || attempt.is_stored);
  attempt.is_over = true;
  attempt.fate = fate;
  attempt.period = period_;
  --waiting_;
  ++(fate == PublishFate::acknowledged ? result_.acknowledged
     : fate == PublishFate::failed     ? result_.failed
                                       : result_.unknown);
  if (attempt.is_stored) note_stored(fate);
}

void Publications::store(Attempt& attempt) {
  HEADROOM_CHECK_IN(simulation_, !attempt.is_stored);
  attempt.is_stored = true;
  ++result_.stored;
  if (attempt.is_over && attempt.period == period_) note_stored(attempt.fate);
}

void Publications::note_stored(PublishFate fate) {
  if (fate == PublishFate::failed) ++result_.failed_stored;
  if (fate == PublishFate::unknown) ++result_.unknown_stored;
}

void Publications::start_measuring() {
  ++period_;
  result_ = {};
  result_.waiting_at_start = waiting_;
}

PublishResult Publications::result() const {
  PublishResult result = result_;
  result.waiting_at_end = waiting_;
  HEADROOM_CHECK_IN(simulation_,
                    result.waiting_at_start + result.offered ==
                        result.acknowledged + result.failed + result.unknown + waiting_);
  return result;
}

}  // namespace headroom
