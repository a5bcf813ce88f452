#pragma once

#include <cstdint>

namespace headroom {

// How many replications `run.until` takes. Chosen: with fewer than 30 a chance of narrow ones ends
// it too early (Law 2015, sec. 9.4.1); what 1,000 do not narrow enough needs longer runs.
inline constexpr std::uint32_t least_for_precision = 30;
inline constexpr std::uint32_t most_for_precision = 1000;

}  // namespace headroom
