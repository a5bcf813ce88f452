#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/study/consistency_summary.hpp"

namespace headroom {

/// The scenario with further settings, arguments of --set; nothing where it is refused with them.
using ReadPlan = std::function<std::optional<ScenarioPlan>(const std::vector<std::string>& set)>;

/// A violation in a smaller run of the same scenario: one replication, fewer failures, another
/// seed, no longer than it takes.
struct SmallRun {
  std::vector<std::string> set;  ///< What makes it of the scenario.
  std::size_t failures = 0, of_failures = 0;
  ConsistencySummary seen;  ///< Of that run, as it is told of any.
};

/// Where to begin.
struct LargeRun {
  std::string database;
  consistency::Guarantee violated = consistency::Guarantee::linearizable;
  std::vector<std::string> failures;  ///< Each as a scenario writes it.
  sim::Duration warmup;
  const std::atomic<bool>* interrupted = nullptr;  ///< Once it is set nothing is found.
};

/// Seeds are tried for the one whose first replication shows the violation by the fewest
/// operations; then failures are left out one by one as long as it stays; then the run ends where
/// the violation is complete. What is left is simulated and checked as any run is. Nothing where
/// no seed of those tried shows it. Chosen: no more than 20 seeds, 30 million events.
std::optional<SmallRun> smallest_run(const ReadPlan& read, const LargeRun& from);

}  // namespace headroom
