#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/tracing.hpp"

namespace headroom {

/// What the time of a request went for.
enum class TimeCause : std::uint8_t {
  queue,           ///< Waiting for a slot, a core, a place, or for what somebody else fetches.
  work,            ///< Being served.
  network,         ///< Messages on their way.
  retry,           ///< Attempts that were not the last, and the pauses between them.
  slowest_branch,  ///< Of a parallel step, after half of the branches it needs had ended.
  unanswered,      ///< Waiting for an answer of something that was dead, silent or cut off.
};
inline constexpr auto time_cause_names = std::to_array<std::string_view>(
    {"queue", "work", "network", "retry", "slowest_branch", "unanswered"});
inline constexpr std::size_t time_causes = time_cause_names.size();
static_assert(time_causes == static_cast<std::size_t>(TimeCause::unanswered) + 1);
using CauseTimes = std::array<std::int64_t, time_causes>;  ///< ns, by cause

/// What was spent at one service, or by one client.
struct PlaceTimes {
  std::string place;
  CauseTimes ns{};
};

/// Some requests of a workload: their latencies and where they come from. The causes add up to the
/// latency, to the nanosecond, and so do the places.
struct GroupTimes {
  std::uint64_t requests = 0;
  std::int64_t latency_ns = 0;
  CauseTimes ns{};
  std::vector<PlaceTimes> places{};
};

/// Where the traced requests of one workload that ended ok spent their time.
struct TimeSpent {
  std::uint64_t traced = 0;
  std::uint64_t left_out = 0;  ///< Further ones, the last of the run, for which there was no room.
  GroupTimes slowest;  ///< The slowest hundredth.
  GroupTimes median;   ///< The tenth around the median.
};

/// A span as it is written down. Times in ns from the start of the run.
struct TracedSpan {
  std::int32_t parent = -1;  ///< Position among those of the request; -1 of the first.
  SpanKind kind{};
  Outcome outcome{};
  DropCause cause{};
  bool open = false;  ///< It had not ended at the end of the run, which stands for its end.
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;
  std::uint32_t number = Span::no_number;
  std::string name;
};

/// One traced request: its spans, each followed by what is within it, which is in the order in
/// which it began.
struct RequestTrace {
  std::string workload, endpoint;
  std::uint64_t number = 0;
  CauseTimes ns{};  ///< Of its time, up to its end.
  std::vector<TracedSpan> spans;
  std::uint64_t left_out = 0;  ///< Spans beyond those that are written down.
};

/// A request by its rank among those that ended ok.
struct PickedRequest {
  std::uint64_t number = 0;
  std::uint64_t rank = 0;  ///< From 1, the fastest, up.
  std::uint64_t of = 0;
};

}  // namespace headroom
