#include "app/study/stability.hpp"

#include <algorithm>
#include <cmath>

#include "sim/kernel/check.hpp"
#include "sim/stats/intervals.hpp"

namespace headroom {

namespace {

/// Finished requests of all workloads, and those answered well and in time, in whole seconds.
struct Tally {
  double finished = 0, in_time = 0, seconds = 0;
};

Tally tally_between(const RunResult& run, double from_s, double until_s) {
  Tally tally;
  const auto first = static_cast<std::size_t>(std::ceil(std::max(0.0, from_s)));
  const auto last = static_cast<std::size_t>(std::max(0.0, until_s));
  tally.seconds = last > first ? static_cast<double>(last - first) : 0;
  for (const WorkloadResult& workload : run.workloads) {
    for (std::size_t second = first; second < std::min(last, workload.by_second.size()); ++second) {
      const SecondResult& counted = workload.by_second[second];
      tally.finished += counted.ok + counted.not_ok;
      tally.in_time += counted.in_time;
    }
  }
  return tally;
}

}  // namespace

std::optional<bool> stays_down(const RunResult& run, std::size_t failure) {
  const auto span = std::find_if(run.failures.begin(), run.failures.end(),
                                 [&](const FailureSpan& each) { return each.failure == failure; });
  if (span == run.failures.end()) return std::nullopt;
  const auto seconds = [&](sim::Time at) { return (at - run.measurement.start).in_seconds(); };
  const double length = seconds(run.measurement.end);
  const double end = seconds(span->end);
  const Tally before = tally_between(run, 0, seconds(span->begin));
  const Tally after = tally_between(run, length - (length - end) / 4, length);
  if (before.seconds == 0 || after.seconds == 0 || before.in_time == 0) return std::nullopt;
  if (before.in_time < kept_share * before.finished) return true;
  // Counts of requests scatter by themselves, as those of a Poisson process.
  constexpr double deviations = 3;  // Chosen: of runs without a trigger one in a thousand.
  const double scale = kept_share * after.seconds / before.seconds;
  const double scatter = std::sqrt(after.in_time + scale * scale * before.in_time);
  return after.in_time < scale * before.in_time - deviations * scatter;
}

StabilityCell stability_cell(std::size_t load, std::size_t trigger,
                             const std::vector<RunResult>& runs, std::size_t failure) {
  StabilityCell cell{load, trigger, 0, 0, {}};
  for (const RunResult& run : runs) {
    const auto down = stays_down(run, failure);
    if (!down) continue;
    ++cell.runs;
    cell.down += *down;
  }
  const auto interval = sim::wilson_interval(cell.down, cell.runs);
  cell.probability = interval ? Figure::of(*interval, cell.runs)
                              : Figure::none("no run had a time before and after the failure");
  return cell;
}

const StabilityCell& StabilityMap::at(std::size_t load, std::size_t trigger) const {
  const auto found = std::find_if(cells.begin(), cells.end(), [&](const StabilityCell& cell) {
    return cell.load == load && cell.trigger == trigger;
  });
  HEADROOM_CHECK(found != cells.end());
  return *found;
}

std::optional<std::size_t> StabilityMap::first_to_stay_down(
    std::optional<std::size_t> trigger) const {
  std::optional<std::size_t> first;
  for (const StabilityCell& cell : cells) {
    if (trigger && cell.trigger != *trigger) continue;
    if (cell.runs > 0 && cell.down == 0) continue;
    first = std::min(first.value_or(cell.load), cell.load);
  }
  return first;
}

std::optional<std::size_t> StabilityMap::always_recovers(std::optional<std::size_t> trigger) const {
  const std::size_t below = first_to_stay_down(trigger).value_or(loads.size());
  if (below == 0) return std::nullopt;
  return below - 1;
}

}  // namespace headroom
