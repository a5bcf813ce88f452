#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/check.hpp"
#include "sim/kernel/event_key.hpp"
#include "sim/kernel/event_list.hpp"
#include "sim/kernel/lane.hpp"
#include "sim/kernel/time.hpp"

namespace headroom::sim {

/// What is pending, and the one place that decides its total order: by time, and at one time in the
/// order of scheduling. Lanes change the cost only, never the order.
///
/// Sequence numbers have 32 bits. Before they would wrap, what is pending is numbered anew from 0
/// in the same order, so they never repeat among the pending.
class Agenda {
 public:
  /// Below `handles`; what it means is the caller's business.
  using Handle = std::uint32_t;
  static constexpr Handle handles = 1u << 31;

  /// `first_sequence` lets a test come near the wrap.
  explicit Agenda(std::uint32_t first_sequence = 0) : next_sequence_(first_sequence) {}
  Agenda(const Agenda&) = delete;
  Agenda& operator=(const Agenda&) = delete;

  /// Schedules an event. `Time::never()` is not allowed.
  [[gnu::always_inline]] void push(Time at, Handle handle) {
    HEADROOM_CHECK(at != Time::never());
    ++size_;
    list_.push(key_of({handle, new_sequence(), at.count_ns()}));
  }

  /// The lane of this delay; the same for the same delay. For set-up: it searches.
  Lane lane(Duration delay);
  /// The lane of this number.
  Lane lane_of(std::uint32_t id) const { return Lane(id, lanes_[id].delay()); }

  /// Schedules an event at `now` + the lane's delay; `now` must not go back between calls. Returns
  /// its place, for `cancel`. An instant that saturates at `never` does not come.
  std::uint32_t push(Lane lane, Time now, Handle handle) {
    HEADROOM_CHECK(handle < marker_bit);
    LaneQueue& queue = lanes_[lane.id()];
    const Time at = now + lane.delay();
    ++size_;
    const std::uint32_t place = queue.push({handle, new_sequence(), at.count_ns()});
    if (queue.marker == LaneQueue::Marker::none) put_marker(lane.id());
    return place;
  }

  /// Takes back an event of a lane that has not been popped. Its handle is free at once.
  void cancel(Lane lane, std::uint32_t place) {
    lanes_[lane.id()].cancel(place);
    --size_;
  }

  /// Takes out every event for which `is_void(handle)`; not those of lanes. It costs time linear in
  /// the number of events.
  template <class IsVoid>
  void remove_if(IsVoid is_void) {
    size_ -= list_.remove_if(
        [&](EventKey key) { return handle_of(key) < marker_bit && is_void(handle_of(key)); });
  }

  /// Takes out the earliest event if it is not after `limit`; false if there is none.
  bool pop(Time limit, Entry& out) {
    EventKey key;
    if (!pop(limit, key, [](Handle, Handle) {})) return false;
    out = entry_of(key);
    return true;
  }

  /// The same, and calls `next(handle, handle)` when the two events after it are at hand, so that
  /// what they are about can be fetched; it may be told of others, or UINT32_MAX.
  template <class Next>
  [[gnu::always_inline]] bool pop(Time limit, EventKey& out, Next next) {
    for (;;) {
      if (!list_.pop(static_cast<std::uint64_t>(limit.count_ns()), out, next)) return false;
      if (__builtin_expect(handle_of(out) < marker_bit, 1) || take_from_lane(out)) {
        --size_;
        return true;
      }
    }
  }

  /// Nothing pending is earlier: exact unless the front was cancelled. `never` when empty.
  Time next_time() const {
    return size_ == 0 ? Time::never() : Time::at_ns(first_time(list_.top()));
  }

  /// Events that are pending and not cancelled.
  std::size_t size() const { return size_; }

 private:
  static constexpr std::uint32_t marker_bit = handles;

  static std::int64_t first_time(EventKey top) {
    const std::uint64_t time = time_of(top);
    return time < INT64_MAX ? static_cast<std::int64_t>(time) : INT64_MAX;
  }
  std::uint32_t new_sequence() {
    if (__builtin_expect(next_sequence_ == UINT32_MAX, 0)) renumber();
    return next_sequence_++;
  }
  void put_marker(std::uint32_t lane);
  bool take_from_lane(EventKey& marker);
  void renumber();

  EventList list_;
  std::size_t size_ = 0;
  std::uint32_t next_sequence_;
  std::vector<LaneQueue> lanes_;
};

}  // namespace headroom::sim
