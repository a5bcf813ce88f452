#include "sim/kernel/event_list.hpp"

#include <algorithm>

namespace headroom::sim {

void EventList::push_far(EventKey key) {
  far_.push(key);
}

void EventList::push_into_heap(EventKey key) {
  heap_.push(key);
  if (heap_.size() > most_in_heap_) spill();
}

void EventList::refill() {
  const std::size_t count = far_.next(run_);
  run_[count] = no_event;
  first_ = run_.data();
  most_in_heap_ = few;
}

/// Gives everything near back to the buckets, which then divide it more finely. Only when the heap
/// outgrows the run, so that each event that ever enters the heap pays for at most two moves; not
/// when nothing can be divided; and where ever earlier events come ahead of the buckets, which
/// piles up levels, only for four times as many each time.
void EventList::spill() {
  std::uint64_t first = UINT64_MAX;
  std::uint64_t last = 0;
  heap_.each([&](const EventKey& key) {
    first = std::min(first, time_of(key));
    last = std::max(last, time_of(key));
  });
  const auto in_run =
      static_cast<std::size_t>(std::find(first_, run_.data() + run_.size(), no_event) - first_);
  const bool early = first < far_.near_floor();
  const std::size_t worth = early ? few << 2 * far_.early_levels() : few;
  if (first == last || heap_.size() <= in_run || heap_.size() <= worth) {
    most_in_heap_ = std::max({2 * heap_.size(), in_run, worth});
    return;
  }
  for (; *first_ != no_event; ++first_)
    far_.put_back(*first_);
  heap_.each([&](const EventKey& key) { far_.put_back(key); });
  heap_.clear();
  refill();
}

/// Holds these and nothing else from now on.
void EventList::start_again(const std::vector<EventKey>& keys) {
  heap_.clear();
  far_.clear();
  for (const EventKey key : keys)
    far_.put_back(key);
  refill();
}

}  // namespace headroom::sim
