#include "app/cli/refine.hpp"

#include <algorithm>
#include <cmath>

#include "app/cli/vary.hpp"

namespace headroom {

namespace {

bool is_closed(const MapGap& gap, const std::vector<MapGap>& closed) {
  return std::any_of(closed.begin(), closed.end(), [&](const MapGap& each) {
    return each.low == gap.low && each.high == gap.high && each.axis == gap.axis;
  });
}

/// The nearest point above `low` on the axis with all else equal.
std::optional<std::size_t> neighbour(const std::vector<MapPoint>& points, std::size_t low,
                                     std::size_t axis) {
  std::optional<std::size_t> nearest;
  for (std::size_t other = 0; other < points.size(); ++other) {
    if (points[other].x[axis] <= points[low].x[axis]) continue;
    bool in_line = true;
    for (std::size_t each = 0; each < points[low].x.size(); ++each)
      in_line = in_line && (each == axis || points[other].x[each] == points[low].x[each]);
    if (in_line && (!nearest || points[other].x[axis] < points[*nearest].x[axis])) nearest = other;
  }
  return nearest;
}

}  // namespace

std::optional<MapGap> gap_to_divide(const std::vector<MapPoint>& points,
                                    const std::vector<MapGap>& closed) {
  std::optional<MapGap> best;
  bool best_differs = false;
  double best_score = 0;
  const std::size_t axes = points.empty() ? 0 : points.front().x.size();
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const auto [least, most] =
        std::minmax_element(points.begin(), points.end(),
                            [&](const auto& a, const auto& b) { return a.x[axis] < b.x[axis]; });
    const double span = most->x[axis] - least->x[axis];
    for (std::size_t low = 0; low < points.size(); ++low) {
      const auto high = neighbour(points, low, axis);
      if (!high) continue;
      const MapGap gap{low, *high, axis};
      if (is_closed(gap, closed)) continue;
      const MapPoint &a = points[low], &b = points[*high];
      const bool differs = a.verdict != b.verdict;
      double score = (b.x[axis] - a.x[axis]) / span;
      if (!differs)
        score *= a.height && b.height ? std::fabs(std::log(*b.height / *a.height)) : 0.0;
      if (best && (best_differs != differs ? best_differs : best_score >= score)) continue;
      best = gap;
      best_differs = differs;
      best_score = score;
    }
  }
  return best;
}

std::optional<std::string> value_between(const std::string& low, const std::string& high) {
  const auto one = parse_amount(low), other = parse_amount(high);
  if (!one || !other || one->unit != other->unit) return std::nullopt;
  const double half = (other->number - one->number) / 2;
  return written({rounded(one->number + half, half), one->unit});
}

}  // namespace headroom
