#pragma once

#include <cstdint>
#include <vector>

#include "sim/kernel/random.hpp"
#include "sim/kernel/wait.hpp"

namespace headroom::sim {

/// A wait that stands in a queue whose order is not that of arrival.
class QueuedWait {
 public:
  explicit QueuedWait(double key) : key_(key) {}
  QueuedWait(QueuedWait&& unarmed) noexcept : key_(unarmed.key_) {}
  double key() const { return key_; }
  void set_key(double key) { key_ = key; }

 private:
  friend class WaitQueue;
  double key_;
  struct Links {
    QueuedWait* next;
    QueuedWait* previous;
  };
  struct Rank {
    std::uint64_t arrival;
    std::uint32_t place;
  };
  union {          // Set when it joins a queue.
    Links links_;  ///< Where the order is that of arrival.
    Rank rank_;    ///< Elsewhere.
  };
};

/// Who is served next: the first to come, the last to come, the first or (while more wait than a
/// limit) the last to come, the smallest key (among equal keys the first to come), or anyone with
/// equal chances.
enum class Order : std::uint8_t { first_come, last_come, first_or_last, smallest_key, random };

/// Waits in the order in which they will be served. First and last come cost constant time and no
/// memory of their own; by key the cost is logarithmic; leaving early is as cheap as being served.
class WaitQueue {
 public:
  /// `random` decides for Order::random and is not looked at otherwise.
  WaitQueue(Order order, Stream* random) : order_(order), random_(random) {}

  /// The last to come is next while more than so many wait; only for Order::first_or_last.
  void serve_last_beyond(std::uint32_t waiting) { last_beyond_ = waiting; }
  bool empty() const { return size_ == 0; }
  std::uint32_t size() const { return size_; }
  void push(QueuedWait& wait) {
    if (!linked()) return push_unlinked(wait);
    ++size_;
    wait.links_.previous = last_;
    wait.links_.next = nullptr;
    (last_ != nullptr ? last_->links_.next : first_) = &wait;
    last_ = &wait;
  }
  /// The one with the smallest key; only where the order is by key. Not when empty.
  QueuedWait& front() { return *waits_.front(); }
  Order order() const { return order_; }
  /// Takes out the one to be served next. Not when empty.
  QueuedWait& pop() {
    if (order_ == Order::first_come) return pop_first();
    QueuedWait& next = choose();
    remove(next);
    return next;
  }
  /// The same where the first to come is next.
  QueuedWait& pop_first() {
    QueuedWait& next = *first_;
    --size_;
    first_ = next.links_.next;
    (first_ != nullptr ? first_->links_.previous : last_) = nullptr;
    return next;
  }
  void remove(QueuedWait& wait) {
    if (!linked()) return remove_unlinked(wait);
    --size_;
    (wait.links_.previous != nullptr ? wait.links_.previous->links_.next : first_) =
        wait.links_.next;
    (wait.links_.next != nullptr ? wait.links_.next->links_.previous : last_) =
        wait.links_.previous;
  }

 private:
  bool linked() const { return order_ <= Order::first_or_last; }
  QueuedWait& choose();
  void push_unlinked(QueuedWait& wait);
  void remove_unlinked(QueuedWait& wait);
  static bool before(const QueuedWait& a, const QueuedWait& b) {
    return a.key_ != b.key_ ? a.key_ < b.key_ : a.rank_.arrival < b.rank_.arrival;
  }
  void place(QueuedWait& wait, std::uint32_t at) {
    waits_[at] = &wait;
    wait.rank_.place = at;
  }
  void sift_up(QueuedWait& wait, std::uint32_t at);
  void sift_down(QueuedWait& wait, std::uint32_t at);

  Order order_;
  Stream* random_;
  std::uint32_t size_ = 0;
  std::uint32_t last_beyond_ = 0;
  std::uint64_t arrivals_ = 0;
  QueuedWait* first_ = nullptr;
  QueuedWait* last_ = nullptr;
  std::vector<QueuedWait*> waits_;  ///< A binary heap by key, or any order where chance decides.
};

}  // namespace headroom::sim
