#pragma once

#include <cstddef>
#include <vector>

#include "sim/kernel/event_key.hpp"

namespace headroom::sim {

/// A 4-ary implicit heap of events, smallest on top. The four children of a node are one cache
/// line; empty places hold `no_event`, so the smallest of four needs no bounds and no branches.
/// Source: Johnson 1975 (d-ary heaps); LaMarca and Ladner 1996 (aligned to cache lines).
class EventHeap {
 public:
  EventHeap() { grow(); }

  bool empty() const { return end_ == root; }
  std::size_t size() const { return end_ - root; }
  /// The smallest, or `no_event`.
  EventKey top() const { return at(root); }

  void push(EventKey key) {
    std::size_t place = end_++;
    if (place / 4 == lines_.size()) grow();
    EventKey* keys = lines_.data()->keys;
    while (place >= 8) {
      const std::size_t parent = place / 4 + 2;
      if (keys[parent] < key) {
        keys[place] = key;
        return;
      }
      keys[place] = keys[parent];
      place = parent;
    }
    put_below_root(place, key);
  }

  /// The same while the heap is a root and its children; false if it is not.
  [[gnu::always_inline]] bool push_if_small(EventKey key) {
    if (__builtin_expect(end_ >= 8, 0)) return false;
    put_below_root(end_++, key);
    return true;
  }

  /// Removes the smallest; there must be one.
  [[gnu::always_inline]] void pop() {
    EventKey* keys = lines_.data()->keys;
    const std::size_t end = --end_;
    const EventKey last = keys[end];
    if (end <= 4) {
      keys[root] = last;
      keys[end] = no_event;  // Maybe the root itself.
    } else {
      keys[end] = no_event;
      sift_down(last);
    }
  }

  void clear() {
    while (end_ != root)
      at(--end_) = no_event;
  }

  /// Calls `visit(EventKey&)` for every event in no order; it must not change their order.
  template <class Visit>
  void each(Visit visit) {
    for (std::size_t place = root; place < end_; ++place)
      visit(at(place));
  }

 private:
  struct alignas(64) Line {
    EventKey keys[4] = {no_event, no_event, no_event, no_event};
  };
  // The root stands at 3, so that its children begin a line; children of p are at 4 (p - 2).
  static constexpr std::size_t root = 3;

  /// The step to the root, also where that is empty: it compares as later. The only step while few
  /// are pending, with an outcome that nobody can predict, so without a branch.
  void put_below_root(std::size_t place, EventKey key) {
    EventKey* keys = lines_.data()->keys;
    const EventKey top = keys[root];
    const bool first = key < top;
    keys[place] = first ? top : key;
    keys[root] = first ? key : top;
  }
  void sift_down(EventKey last) {
    EventKey* keys = lines_.data()->keys;
    std::size_t place = root;
    for (std::size_t child = 4; child < end_; child = 4 * (place - 2)) {
      const std::size_t least = least_of_four(keys + child) + child;
      if (last < keys[least]) break;
      keys[place] = keys[least];
      place = least;
    }
    keys[place] = last;
  }
  static std::size_t least_of_four(const EventKey* keys) {
    const std::size_t low = keys[1] < keys[0];
    const std::size_t high = 2 + (keys[3] < keys[2]);
    const std::size_t less = keys[high] < keys[low];
    return low ^ ((low ^ high) & -less);  // Not ?:, of which the compiler makes a branch.
  }
  EventKey& at(std::size_t place) { return lines_[place / 4].keys[place % 4]; }
  const EventKey& at(std::size_t place) const { return lines_[place / 4].keys[place % 4]; }
  void grow() { lines_.resize(lines_.empty() ? 4 : 2 * lines_.size()); }

  std::vector<Line> lines_;
  std::size_t end_ = root;
};

}  // namespace headroom::sim
