#include "app/report/sweep.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace headroom {

std::string SweepPoint::label() const {
  std::string text;
  for (const auto& [path, value] : at)
    text += (text.empty() ? "" : ", ") + value;
  return text;
}

std::vector<std::size_t> ascending(const std::vector<SweepPoint>& points) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const bool is_line = std::all_of(points.begin(), points.end(),
                                   [](const SweepPoint& point) { return point.x.has_value(); });
  if (is_line)
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return *points[a].x < *points[b].x; });
  return order;
}

const SweepPoint& telling_point(const std::vector<SweepPoint>& points) {
  const auto first = first_to_break(points);
  return points[first ? first->point : ascending(points).back()];
}

std::optional<std::size_t> knee(const std::vector<SweepPoint>& points) {
  constexpr std::size_t fewest = 4;
  constexpr double least_distance = 0.1;  // Chosen: a bend that the eye sees.
  constexpr double least_rise = 0.2;      // Chosen: less is a flat line with noise.
  std::vector<std::size_t> usable;
  for (const std::size_t point : ascending(points)) {
    if (points[point].x && points[point].is_settled() && points[point].p99().value) {
      usable.push_back(point);
    }
  }
  if (usable.size() < fewest) return std::nullopt;
  const SweepPoint& first = points[usable.front()];
  const SweepPoint& last = points[usable.back()];
  const double width = *last.x - *first.x;
  const double height = *last.p99().value - *first.p99().value;
  if (width <= 0 || height < least_rise * *first.p99().value) return std::nullopt;
  double furthest = least_distance;
  std::optional<std::size_t> found;
  for (const std::size_t point : usable) {
    const double along = (*points[point].x - *first.x) / width;
    const double up = (*points[point].p99().value - *first.p99().value) / height;
    if (along - up < furthest) continue;
    furthest = along - up;
    found = point;
  }
  return found;
}

std::optional<Scalability> scalability_of(const std::vector<SweepPoint>& points) {
  const bool is_line = points.front().at.size() == 1 && points.front().x.has_value();
  if (!is_line) return std::nullopt;
  const std::string& path = points.front().at.front().first;
  const std::string counted = path.substr(path.rfind('.') + 1);
  constexpr std::array<std::string_view, 4> sizes{"replicas", "cores", "concurrency", "users"};
  if (std::find(sizes.begin(), sizes.end(), counted) == sizes.end()) return std::nullopt;
  std::vector<ScalabilityPoint> curve;
  for (const SweepPoint& point : points) {
    double served = 0;
    for (const ClientSummary& client : point.summary.workloads)
      served += client.served_per_s.value.value_or(0);
    if (*point.x >= 1 && served > 0) curve.push_back({*point.x, served});
  }
  if (curve.empty()) return std::nullopt;
  const auto by_size = [](const auto& a, const auto& b) { return a.n < b.n; };
  const auto by_throughput = [](const auto& a, const auto& b) {
    return a.throughput < b.throughput;
  };
  const double fewest = std::min_element(curve.begin(), curve.end(), by_size)->throughput;
  const double most = std::max_element(curve.begin(), curve.end(), by_throughput)->throughput;
  if (most < 1.1 * fewest) return std::nullopt;
  return fit_scalability(curve);
}

std::optional<FirstToBreak> first_to_break(const std::vector<SweepPoint>& points) {
  std::optional<FirstToBreak> found;
  std::optional<std::size_t> before;
  for (const std::size_t point : ascending(points)) {
    // Of several that stop holding at the same point a missed one says more than an undecided one.
    for (const SloSummary& slo : points[point].summary.slos) {
      if (slo.verdict == Verdict::met) continue;
      if (found && (found->verdict == Verdict::missed || slo.verdict != Verdict::missed)) continue;
      found = FirstToBreak{slo.name, point, {}, slo.verdict};
    }
    if (found) break;
    before = point;
  }
  // On a grid the point before is no neighbour.
  const bool is_line = points.front().at.size() == 1;
  if (found && is_line) found->last_met = before;
  return found;
}

}  // namespace headroom
