#include "sim/kernel/poll.hpp"

namespace headroom::sim {

Ballot::Ballot(Poll& poll) : poll_(&poll) {
  enlist();
}

Ballot::Ballot(Ballot&& other) noexcept : poll_(other.poll_) {
  if (poll_ == nullptr) return;
  next_ = other.next_;
  previous_ = other.previous_;
  (previous_ != nullptr ? previous_->next_ : poll_->ballots_) = this;
  if (next_ != nullptr) next_->previous_ = this;
  other.poll_ = nullptr;
}

void Ballot::enlist() {
  next_ = poll_->ballots_;
  if (next_ != nullptr) next_->previous_ = this;
  poll_->ballots_ = this;
}

void Ballot::vote(bool yes) {
  if (poll_ == nullptr) return;
  (previous_ != nullptr ? previous_->next_ : poll_->ballots_) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  std::exchange(poll_, nullptr)->count(yes);
}

Poll::~Poll() {
  for (Ballot* ballot = ballots_; ballot != nullptr; ballot = ballot->next_)
    ballot->poll_ = nullptr;
}

void Poll::count(bool yes) {
  ++(yes ? yes_ : no_);
  if (waiting_ == nullptr || !decided()) return;
  std::exchange(waiting_, nullptr)->end(yes_ >= need_ ? Wait::Ended::done : Wait::Ended::broken);
}

}  // namespace headroom::sim
