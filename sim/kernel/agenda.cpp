#include "sim/kernel/agenda.hpp"

#include <algorithm>

namespace headroom::sim {

Lane Agenda::lane(Duration delay) {
  HEADROOM_CHECK(delay >= Duration());
  std::uint32_t id = 0;
  while (id < lanes_.size() && lanes_[id].delay() != delay)
    ++id;
  if (id == lanes_.size()) lanes_.emplace_back(delay);
  return Lane(id, delay);
}

void Agenda::put_marker(std::uint32_t lane) {
  LaneQueue& queue = lanes_[lane];
  Entry marker = queue.front();
  if (marker.time_ns == INT64_MAX) return;  // Nor do those behind it come.
  marker.handle = marker_bit | lane;
  queue.marker = LaneQueue::Marker::of_front;
  list_.push(key_of(marker));
}

/// Turns a marker that has come due into the entry it stands for; false if that was cancelled.
bool Agenda::take_from_lane(EventKey& marker) {
  const std::uint32_t lane = handle_of(marker) & ~marker_bit;
  LaneQueue& queue = lanes_[lane];
  const bool live = queue.marker == LaneQueue::Marker::of_front;
  queue.marker = LaneQueue::Marker::none;
  if (live) marker = key_of(queue.pop());
  if (!queue.empty()) put_marker(lane);
  return live;
}

/// Every sequence number becomes its rank among all. That keeps the order of any two entries, so
/// everything stays where it is. A marker and its entry share a number and go on sharing it.
void Agenda::renumber() {
  std::vector<std::uint32_t> used;
  list_.each([&](EventKey& key) { used.push_back(sequence_of(key)); });
  for (LaneQueue& lane : lanes_) {
    lane.each([&](Entry& entry) { used.push_back(entry.sequence); });
  }
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  HEADROOM_CHECK(used.size() < UINT32_MAX);
  const auto rank = [&](std::uint32_t sequence) {
    const auto found = std::lower_bound(used.begin(), used.end(), sequence);
    return static_cast<std::uint32_t>(found - used.begin());
  };
  list_.each([&](EventKey& key) {
    Entry entry = entry_of(key);
    entry.sequence = rank(entry.sequence);
    key = key_of(entry);
  });
  for (LaneQueue& lane : lanes_) {
    lane.each([&](Entry& entry) { entry.sequence = rank(entry.sequence); });
  }
  next_sequence_ = static_cast<std::uint32_t>(used.size());
}

}  // namespace headroom::sim
