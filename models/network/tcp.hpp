#pragma once

#include <cmath>
#include <limits>

namespace headroom {

/// What TCP gets over a path that loses a share `loss` of its segments, in bytes a second: the
/// round trip in seconds, segments of 1,460 bytes; infinite where nothing is lost or no time taken.
/// Source: Mathis, Semke, Mahdavi, Ott 1997, "The macroscopic behavior of the TCP congestion
/// avoidance algorithm", without delayed acknowledgements.
inline double mathis_bytes_per_s(double round_trip_s, double loss) {
  constexpr double segment_bytes = 1460;
  if (loss <= 0 || round_trip_s <= 0) return std::numeric_limits<double>::infinity();
  return segment_bytes / round_trip_s * std::sqrt(1.5 / loss);
}

/// The same with a window of so many bytes and nothing lost.
inline double window_bytes_per_s(double window_bytes, double round_trip_s) {
  return window_bytes / round_trip_s;
}

/// What is on the way when a path is full, in bytes.
inline double bandwidth_delay_bytes(double bytes_per_s, double round_trip_s) {
  return bytes_per_s * round_trip_s;
}

}  // namespace headroom
