#pragma once

#include <cstdint>

#include "sim/kernel/check.hpp"
#include "sim/kernel/event_key.hpp"
#include "sim/kernel/ring.hpp"
#include "sim/kernel/time.hpp"

namespace headroom::sim {

/// Names a queue of events that all have the same delay, and so come due in the order in which
/// they were scheduled. From `Agenda::lane`; the default one names none.
class Lane {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;  ///< The number of no lane.

  Lane() = default;
  bool valid() const { return id_ != none; }
  std::uint32_t id() const { return id_; }
  Duration delay() const { return delay_; }

 private:
  friend class Agenda;
  Lane(std::uint32_t id, Duration delay) : id_(id), delay_(delay) {}

  std::uint32_t id_ = none;
  Duration delay_;
};

/// What waits in one lane, oldest first; the oldest is never a cancelled one. At most one marker of
/// the lane stands in the main list, with the time and sequence of the entry that it was put there
/// for; when that entry is cancelled the marker stays until its turn comes.
/// Source: one ordered queue per constant delay, Varghese and Lauck 1987 (timers), scheme 2.
class LaneQueue {
 public:
  enum class Marker : std::uint8_t { none, of_front, of_cancelled };

  explicit LaneQueue(Duration delay) : delay_(delay) {}

  Duration delay() const { return delay_; }
  bool empty() const { return waiting_.empty(); }
  const Entry& front() { return waiting_.front(); }
  std::uint32_t push(const Entry& entry) { return waiting_.push(entry); }

  Entry pop() {
    const Entry entry = waiting_.pop();
    drop_cancelled();
    return entry;
  }

  void cancel(std::uint32_t place) {
    HEADROOM_CHECK(place - waiting_.head() < waiting_.size());
    waiting_[place].handle = cancelled;
    if (place != waiting_.head()) return;
    if (marker == Marker::of_front) marker = Marker::of_cancelled;
    drop_cancelled();
  }

  template <class Visit>
  void each(Visit visit) {
    const auto size = static_cast<std::uint32_t>(waiting_.size());
    for (std::uint32_t i = 0; i < size; ++i)
      visit(waiting_[waiting_.head() + i]);
  }

  Marker marker = Marker::none;

 private:
  static constexpr std::uint32_t cancelled = UINT32_MAX;

  void drop_cancelled() {
    while (!waiting_.empty() && waiting_.front().handle == cancelled)
      waiting_.pop();
  }

  Duration delay_;
  Ring<Entry> waiting_;
};

}  // namespace headroom::sim
