#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/study/figure.hpp"
#include "app/study/run.hpp"

namespace headroom {

/// Whether one run stayed down after a trigger: over the last quarter of the time from the end of
/// the failure to the end of the run, goodput of all workloads together was below `kept` of what it
/// was before, by more than such counts scatter. What was no better than that share of its requests
/// before is counted as down too: it did not need the trigger. Nothing where the failure did not
/// happen, began at once, or left less than four seconds to look at. Chosen: a quarter is long
/// enough to count and late enough to have recovered.
inline constexpr double kept_share = 0.9;
std::optional<bool> stays_down(const RunResult& run, std::size_t failure);

/// All runs at one load with one size of the trigger.
struct StabilityCell {
  std::size_t load = 0, trigger = 0;  ///< Positions in the map.
  std::uint64_t runs = 0, down = 0;
  Figure probability;  ///< Of staying down; Wilson's interval.
};
StabilityCell stability_cell(std::size_t load, std::size_t trigger,
                             const std::vector<RunResult>& runs, std::size_t failure);

/// Probability of staying down after a trigger, over load and size of the trigger.
struct StabilityMap {
  std::string scenario, load_path, trigger_path;
  std::size_t failure = 0;
  std::string described;  ///< "pause db"
  std::uint32_t replications = 0;
  bool partial = false;  ///< Interrupted: only the first loads are there.
  double watched_s = 0;  ///< From the end of the longest trigger to the end of a run.
  std::vector<std::string> loads, triggers;  ///< In rising order.
  std::vector<StabilityCell> cells;          ///< By load, then trigger.

  const StabilityCell& at(std::size_t load, std::size_t trigger) const;
  /// The highest load up to which, from the lowest on, no run stayed down: for one size of the
  /// trigger, or for all. Nothing where some did at the lowest.
  std::optional<std::size_t> always_recovers(std::optional<std::size_t> trigger = {}) const;
  /// The lowest load beyond that one: there some run stayed down.
  std::optional<std::size_t> first_to_stay_down(std::optional<std::size_t> trigger = {}) const;
};

}  // namespace headroom
