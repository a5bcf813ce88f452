#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/kernel/event_heap.hpp"
#include "sim/kernel/event_key.hpp"

namespace headroom::sim {

/// The main list of pending events: gives back the smallest key first, whatever the times.
class EventList {
 public:
  bool empty() const { return heap_.empty(); }
  EventKey top() const { return heap_.top(); }
  void push(EventKey key) { heap_.push(key); }
  /// Removes the smallest; there must be one.
  void pop() { heap_.pop(); }

  /// Calls `visit(EventKey&)` for every event in no order; it must not change their order.
  template <class Visit>
  void each(Visit visit) {
    heap_.each(visit);
  }

 private:
  EventHeap heap_;
};

}  // namespace headroom::sim
