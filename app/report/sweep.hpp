#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/study/summary.hpp"
#include "models/analytic/scalability.hpp"

namespace headroom {

/// One point of a sweep: what was set and what came of it.
struct SweepPoint {
  std::vector<std::pair<std::string, std::string>> at;  ///< Path and value.
  std::optional<double> x;  ///< The value as a number, where there is one axis of numbers.
  Summary summary;
  std::size_t warnings = 0;

  /// "1.5", or "4, 100/s" on a grid.
  std::string label() const;
  bool is_settled() const { return summary.settled != false; }
  /// Of the requests that matter to the eye: the first workload's p99.
  const Figure& p99() const { return summary.workloads.front().latency_s.percentile(99); }
};

/// The points by ascending value where there is one axis of numbers, else as they were given.
/// Points are listed as they were asked for, but a line is looked at from its lower end.
std::vector<std::size_t> ascending(const std::vector<SweepPoint>& points);

/// Whom to speak of: the first point that does not meet every SLO, else the highest.
const SweepPoint& telling_point(const std::vector<SweepPoint>& points);

/// Where the curve of p99 leaves the straight: of the settled points the one furthest below the
/// straight line from the first to the last, both axes scaled to 0..1. Nothing where fewer than
/// four points have a p99, where it rises by less than a fifth, or where no point is 0.1 or more
/// below the line. Source: Satopaa et al. 2011, "Finding a kneedle in a haystack" (offline, no
/// smoothing).
std::optional<std::size_t> knee(const std::vector<SweepPoint>& points);

/// The universal scalability law that is nearest to the throughput of all workloads, where one axis
/// counts replicas, cores, slots or users (from 1 on, three different ones at least) and throughput
/// depends on it: the highest at least a tenth above that of the fewest.
std::optional<Scalability> scalability_of(const std::vector<SweepPoint>& points);

/// The first point, by ascending value, of an SLO that is not met, for the SLO that stops holding
/// first.
struct FirstToBreak {
  std::string slo;
  std::size_t point = 0;                ///< The first where it is missed, or not decided.
  std::optional<std::size_t> last_met;  ///< The one before by value; none on a grid.
  Verdict verdict = Verdict::missed;
};
std::optional<FirstToBreak> first_to_break(const std::vector<SweepPoint>& points);

}  // namespace headroom
