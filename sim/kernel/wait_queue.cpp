#include "sim/kernel/wait_queue.hpp"

namespace headroom::sim {

void WaitQueue::push_unlinked(QueuedWait& wait) {
  wait.rank_.arrival = arrivals_++;
  waits_.push_back(&wait);
  place(wait, size_++);
  if (order_ == Order::smallest_key) sift_up(wait, size_ - 1);
}

QueuedWait& WaitQueue::choose() {
  switch (order_) {
    case Order::first_come:
      return *first_;
    case Order::last_come:
      return *last_;
    case Order::first_or_last:
      return size_ > last_beyond_ ? *last_ : *first_;
    case Order::smallest_key:
      break;
    case Order::random:
      return *waits_[random_->below(size_)];
  }
  return *waits_.front();
}

void WaitQueue::remove_unlinked(QueuedWait& wait) {
  --size_;
  QueuedWait& last = *waits_.back();
  waits_.pop_back();
  if (&last == &wait) return;
  const std::uint32_t hole = wait.rank_.place;
  place(last, hole);
  if (order_ != Order::smallest_key) return;
  sift_up(last, hole);
  sift_down(last, last.rank_.place);
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
