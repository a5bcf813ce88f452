#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/study/summary.hpp"

namespace headroom {

/// A point of a sweep as refinement sees it.
struct MapPoint {
  std::vector<double> x;  ///< By axis, in base units.
  Verdict verdict = Verdict::met;
  std::optional<double> height;  ///< What the map shows, p99 for one; above 0.
};

/// Two points that differ on one axis only, with none between them.
struct MapGap {
  std::size_t low = 0, high = 0, axis = 0;
};

/// Where one more point tells most: first between neighbours with different verdicts, the widest
/// gap of those (as a share of its axis); where there are none, where the height changes most.
/// `closed` are gaps that cannot be divided further. Nothing where no gap is left.
std::optional<MapGap> gap_to_divide(const std::vector<MapPoint>& points,
                                    const std::vector<MapGap>& closed);

/// Between two values of a setting, in their unit: "150/s" between "100/s" and "200/s". Nothing
/// where they have no number or different units.
std::optional<std::string> value_between(const std::string& low, const std::string& high);

}  // namespace headroom
