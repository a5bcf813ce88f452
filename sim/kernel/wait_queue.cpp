#include "sim/kernel/wait_queue.hpp"

namespace headroom::sim {

void WaitQueue::push(QueuedWait& wait) {
  ++size_;
  wait.arrival_ = arrivals_++;
  if (linked()) {
    wait.previous_ = last_;
    wait.next_ = nullptr;
    (last_ != nullptr ? last_->next_ : first_) = &wait;
    last_ = &wait;
    return;
  }
  waits_.push_back(&wait);
  place(wait, size_ - 1);
  if (order_ == Order::smallest_key) sift_up(wait, size_ - 1);
}

QueuedWait& WaitQueue::pop() {
  QueuedWait* next = nullptr;
  switch (order_) {
    case Order::first_come: next = first_; break;
    case Order::last_come: next = last_; break;
    case Order::smallest_key: next = waits_.front(); break;
    case Order::random: next = waits_[random_->below(size_)]; break;
  }
  remove(*next);
  return *next;
}

void WaitQueue::remove(QueuedWait& wait) {
  --size_;
  if (linked()) {
    (wait.previous_ != nullptr ? wait.previous_->next_ : first_) = wait.next_;
    (wait.next_ != nullptr ? wait.next_->previous_ : last_) = wait.previous_;
    return;
  }
  QueuedWait& last = *waits_.back();
  waits_.pop_back();
  if (&last == &wait) return;
  const std::uint32_t hole = wait.place_;
  place(last, hole);
  if (order_ != Order::smallest_key) return;
  sift_up(last, hole);
  sift_down(last, last.place_);
}

void WaitQueue::sift_up(QueuedWait& wait, std::uint32_t at) {
  while (at > 0 && before(wait, *waits_[(at - 1) / 2])) {
    place(*waits_[(at - 1) / 2], at);
    at = (at - 1) / 2;
  }
  place(wait, at);
}

void WaitQueue::sift_down(QueuedWait& wait, std::uint32_t at) {
  for (std::uint32_t child = 2 * at + 1; child < size_; child = 2 * at + 1) {
    if (child + 1 < size_ && before(*waits_[child + 1], *waits_[child])) ++child;
    if (!before(*waits_[child], wait)) break;
    place(*waits_[child], at);
    at = child;
  }
  place(wait, at);
}

}  // namespace headroom::sim
