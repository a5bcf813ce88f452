#pragma once

#include <optional>
#include <span>
#include <vector>

#include "models/consistency/history.hpp"

namespace headroom::consistency {

/// Whether zones decide: reads and writes only, no value written twice, none of them the initial.
bool zones_apply(std::span<const Operation* const> operations, std::int64_t initial);

/// Why the reads and writes of one register with distinct values have no linearisation: the few
/// operations that already have none. Empty: they have one. O(n log n).
/// Source: Gibbons and Korach 1997, sec. 4.
struct ZoneConflict {
  std::vector<const Operation*> operations;
  std::string text;  ///< a sentence without its full stop
};
std::optional<ZoneConflict> zone_conflict(const History& history,
                                          std::span<const Operation* const> operations,
                                          std::int64_t initial);

}  // namespace headroom::consistency
