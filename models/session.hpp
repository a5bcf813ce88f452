#pragma once

#include <cstdint>

namespace headroom {

// `Request::session` is a place, one of so many sessions that go on at the same time, and a
// generation: when a session ends, the next one takes its place. So tables of sessions need no
// more entries than there are places.

inline constexpr std::uint32_t most_session_places = 1u << 24;

constexpr std::uint32_t session_of(std::uint32_t place, std::uint32_t generation) {
  return (place % most_session_places) | generation << 24;
}
constexpr std::uint32_t session_place(std::uint32_t session) {
  return session % most_session_places;
}
/// Of the last 256 of its place.
constexpr std::uint8_t session_generation(std::uint32_t session) {
  return static_cast<std::uint8_t>(session >> 24);
}

}  // namespace headroom
