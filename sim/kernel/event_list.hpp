#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/bucket_queue.hpp"
#include "sim/kernel/event_heap.hpp"
#include "sim/kernel/event_key.hpp"
#include "sim/kernel/ring.hpp"

namespace headroom::sim {

/// The main list of pending events: gives back the smallest key first, whatever the times. While
/// few are pending they all stand in a heap. When the heap grows too large its events move to
/// buckets, from which the next few come back as a sorted run; the heap then holds only what was
/// scheduled since for before the end of that run. What is scheduled in the order in which it comes
/// due, as by constant delays, needs no sorting and stands in a queue beside the buckets.
class EventList {
 public:
  EventList() : run_(BucketQueue::least_run, no_event), first_(run_.data()) {}
  EventList(const EventList&) = delete;
  EventList& operator=(const EventList&) = delete;

  /// The smallest, or `no_event`. Before any `no_event` there is no other event at all.
  EventKey top() const {
    const EventKey top = heap_.top();
    return *first_ < top ? *first_ : top;
  }

  [[gnu::always_inline]] void push(EventKey key) {
    if (__builtin_expect(time_of(key) >= near_end_, 0)) {
      push_far(key);
      return;
    }
    if (heap_.push_if_small(key)) return;
    push_into_heap(key);
  }

  /// Removes the smallest into `key` if it is not after `limit`; false if there is none. Where the
  /// two that follow may be known, calls `next(handle, handle)` with a guess: of events that were,
  /// or UINT32_MAX.
  template <class Next>
  [[gnu::always_inline]] bool pop(std::uint64_t limit, EventKey& key, Next next) {
    const EventKey first = *first_;
    const EventKey top = heap_.top();
    if (first < top) {
      if (time_of(first) > limit) return false;
      key = first;
      ++first_;
      next(handle_of(first_[0]), handle_of(first_[1]));
    } else {
      // Also when there is none at all: its time is past every limit.
      if (time_of(top) > limit) return false;
      key = top;
      heap_.pop();
    }
    if (near_end_ != BucketQueue::all_time && heap_.empty() && *first_ == no_event) refill();
    return true;
  }

  /// Removes every event of which `is_void(key)` is true, and says how many those were.
  template <class IsVoid>
  std::size_t remove_if(IsVoid is_void) {
    std::vector<EventKey> kept;
    std::size_t removed = 0;
    each([&](const EventKey& key) { is_void(key) ? void(++removed) : kept.push_back(key); });
    start_again(kept);
    return removed;
  }

  /// Calls `visit(EventKey&)` for every event in no order; it must not change their order.
  template <class Visit>
  void each(Visit visit) {
    heap_.each(visit);
    for (EventKey* key = first_; *key != no_event; ++key)
      visit(*key);
    for (std::uint32_t i = 0; i < in_order_.size(); ++i)
      visit(in_order_[in_order_.head() + i]);
    far_.each(visit);
  }

 private:
  // Chosen: from here buckets are faster, measured with the hold model.
  static constexpr std::size_t few = 20;

  void push_into_heap(EventKey key);
  void push_far(EventKey key);
  void push_in_order(EventKey key);
  void refill();
  std::size_t take_in_order(std::uint64_t end);
  void spill();
  void start_again(const std::vector<EventKey>& keys);

  EventHeap heap_;
  std::vector<EventKey> run_;
  EventKey* first_;  ///< Of the run, which ends with `no_event`.
  std::size_t most_in_heap_ = few;
  /// What is before it stands in the heap or the run; the rest, if any, is far.
  std::uint64_t near_end_ = BucketQueue::all_time;
  BucketQueue far_;
  Ring<EventKey> in_order_;  ///< Far events too, each later than the one before.
};

}  // namespace headroom::sim
