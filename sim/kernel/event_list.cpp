#include "sim/kernel/event_list.hpp"

#include <algorithm>

namespace headroom::sim {

void EventList::push_far(EventKey key) {
  if (in_order_.empty() || in_order_.back() < key) return push_in_order(key);
  far_.push(key);
}

/// Apart, so that the other way needs few registers.
[[gnu::noinline]] void EventList::push_in_order(EventKey key) {
  in_order_.push(key);
}

void EventList::push_into_heap(EventKey key) {
  heap_.push(key);
  if (heap_.size() > most_in_heap_) spill();
}

void EventList::refill() {
  most_in_heap_ = few;
  std::size_t count = 0;
  if (!in_order_.empty()) {
    const std::uint64_t first_far = far_.find_first();
    count = take_in_order(first_far);
    if (count == 0) {  // Both come due together: the buckets sort it out.
      while (!in_order_.empty() && time_of(in_order_.front()) < far_.end_of_first())
        far_.put_back(in_order_.pop());
    }
  }
  if (count == 0) {
    count = far_.next(run_);
    near_end_ = far_.near_end();
  }
  // One more, for whoever looks two ahead.
  if (run_.size() < count + 2) run_.resize(2 * run_.size(), no_event);
  run_[count] = no_event;
  first_ = run_.data();
}

/// Moves those before `end` to the run, as many as there is room for and whole instants, and the
/// near end behind them.
std::size_t EventList::take_in_order(std::uint64_t end) {
  std::size_t count = 0;
  std::uint64_t last = 0;
  while (!in_order_.empty() && time_of(in_order_.front()) < end) {
    const std::uint64_t time = time_of(in_order_.front());
    if (count + 1 == run_.size()) {
      if (time != last) break;
      run_.resize(2 * run_.size());
    }
    last = time;
    run_[count++] = in_order_.pop();
  }
  near_end_ = end;
  if (!in_order_.empty()) {
    near_end_ = std::min(end, time_of(in_order_.front()));
  } else if (end == BucketQueue::all_time && count > few) {
    near_end_ = last + 1;  // What comes next may be in order again.
  }
  return count;
}

/// Gives everything near back to the buckets, which then divide it more finely. Only when the heap
/// outgrows the run, so that each event that ever enters the heap pays for at most two moves;
/// and where ever earlier events come ahead of the buckets, which
/// piles up levels, only for four times as many each time.
void EventList::spill() {
  std::uint64_t first = UINT64_MAX;
  heap_.each([&](const EventKey& key) { first = std::min(first, time_of(key)); });
  const auto in_run =
      static_cast<std::size_t>(std::find(first_, run_.data() + run_.size(), no_event) - first_);
  const bool early = first < far_.near_floor();
  const std::size_t worth = early ? few << 2 * far_.early_levels() : few;
  if (heap_.size() <= in_run || heap_.size() <= worth) {
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
  while (!in_order_.empty())
    in_order_.pop();
  for (const EventKey key : keys)
    far_.put_back(key);
  refill();
}

}  // namespace headroom::sim
