#pragma once

#include <cstdint>

namespace headroom::sim {

/// One pending event. Entries are ordered by time, then by sequence number.
struct Entry {
  std::uint32_t handle;    ///< What the scheduler calls it; bit 31 is the agenda's own.
  std::uint32_t sequence;  ///< Order of scheduling, unique among the pending.
  std::int64_t time_ns;
};
static_assert(sizeof(Entry) == 16);

__extension__ using EventKey = unsigned __int128;

/// An entry as one number: time, sequence, handle from the top down. Comparing two of them is one
/// subtraction without a branch; on a little-endian processor it is the entry's own memory.
constexpr EventKey key_of(const Entry& entry) {
  const std::uint64_t low = std::uint64_t{entry.sequence} << 32 | entry.handle;
  return EventKey{static_cast<std::uint64_t>(entry.time_ns)} << 64 | low;
}
constexpr std::uint64_t time_of(EventKey key) {
  return static_cast<std::uint64_t>(key >> 64);
}
constexpr std::uint32_t sequence_of(EventKey key) {
  return static_cast<std::uint32_t>(key >> 32);
}
constexpr std::uint32_t handle_of(EventKey key) {
  return static_cast<std::uint32_t>(key);
}
constexpr Entry entry_of(EventKey key) {
  return {handle_of(key), sequence_of(key), static_cast<std::int64_t>(time_of(key))};
}

/// Later than every entry: stands where there is none. Its time is past every limit.
constexpr EventKey no_event = ~EventKey{0};

}  // namespace headroom::sim
