#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/study/capacity_search.hpp"
#include "app/study/summary.hpp"

namespace headroom {

/// One value of the setting: what its study said.
struct CapacityTrial {
  std::string written;  ///< As the scenario writes it: "80/s".
  double at_si = 0;     ///< In seconds, bytes, 1/s.
  Verdict verdict = Verdict::undecided;
  std::string because;  ///< What does not hold, or cannot be decided; empty where all is met.
  std::string broken;   ///< The SLO in question; empty where it is something else.
  Summary summary;

  /// No SLO is missed for certain: what is told is that it never settled, whatever the search made
  /// of that.
  bool never_settled() const {
    return summary.settled == false && summary.verdict != Verdict::missed;
  }
};

/// Judges one study for a capacity: met when every SLO is met, something useful is done and nothing
/// grows. What grows has no capacity left; what answers nobody in time has none to begin with.
/// Without SLOs settling is the goal.
CapacityTrial judge_trial(Summary summary);

/// To be asked for `more` replications by one study: an undecided value is looked at once more,
/// with four times as many. The plan outlives it.
std::function<std::uint32_t(const StudyResult&)> second_look(const ScenarioPlan& plan);

/// Whether every goal is kept by the estimates alone, as if they were exact.
bool seems_met(const ScenarioPlan& plan, const CapacityTrial& trial);

/// The answer of a search for the highest (or smallest) value of a setting that meets all goals.
struct Capacity {
  std::string path;
  bool smallest = false;
  bool whole = false;  ///< Only whole numbers: between two neighbours there is nothing.
  bool monotone = true;
  bool exhausted = false;  ///< Ended at the limit of trials.
  bool interrupted = false;
  double confidence = 0.95;           ///< Of every single trial's verdict.
  std::vector<CapacityTrial> trials;  ///< In increasing order of the value.
  std::optional<std::size_t> holds;   ///< The last trial that holds.
  std::optional<std::size_t> breaks;  ///< The first that does not.
  bool is_last = false;  ///< No smaller value than the one that holds is possible.
  std::optional<double> estimate_si;  ///< Where the estimates change sides.
  std::string estimate;               ///< The same as the scenario writes it.

  /// Met where something holds and nothing beyond its limit does. Undecided rather than missed
  /// where nothing holds as nothing settles.
  Verdict verdict() const;
};

}  // namespace headroom
