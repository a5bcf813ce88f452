#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/degradable.hpp"
#include "models/distribution.hpp"
#include "models/fault/deploy.hpp"
#include "models/faultable.hpp"
#include "models/partitionable.hpp"
#include "models/phase.hpp"
#include "models/surgeable.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"

namespace headroom {

/// One failure of a scenario with its targets found.
struct Failure {
  enum class Verb : std::uint8_t {
    kill,
    pause,
    slow,
    error,
    flush,
    partition,
    surge,
    drain,
    deploy,
    degrade,
    skew
  };
  Verb verb = Verb::kill;
  std::vector<Faultable*> targets;    ///< Of kill, pause, slow, error, flush and drain.
  std::vector<Surgeable*> workloads;  ///< Of surge.
  Partitionable* network = nullptr;   ///< Of partition.
  Partition partition;
  Deploy deploy;
  Degradable* links = nullptr;  ///< Of degrade.
  Degradation degradation;
  double amount = 0;           ///< The factor of slow and surge, the rate of error, ns of skew.
  std::vector<Phase*> phases;  ///< In force while this failure is, of any of its targets.

  /// Once: `at` after measuring starts, for `length` or to the end of the run.
  std::optional<sim::Duration> at, length;
  /// Again and again, each target by itself, or all together: both, or neither.
  std::optional<Distribution> every, repair;
  bool together = false;
  double common_cause = 0;  ///< Share of the failures of a target that are failures of all.
};

/// A time during which a failure was in force.
struct FailureWindow {
  std::uint32_t failure = 0;  ///< Its position in the scenario.
  std::uint32_t target = 0;   ///< Which of its targets; `all` where they fail together.
  sim::Time begin, end;
  static constexpr std::uint32_t all = UINT32_MAX;
};

/// Makes the failures of a scenario happen.
///
/// Failures at a time begin and end for all their targets in the order of the scenario. Failures
/// by `every` and `repair` are one alternating renewal process for each target, from the start of
/// the run, each with a stream of its own ("failure/<failure>/<target>"), so that neither another
/// failure nor another target disturbs it; or one for all of them together.
class Injector {
 public:
  /// Targets must outlive the processes of the simulation; `measuring_starts` is not before now.
  Injector(sim::Simulation& simulation, std::vector<Failure> failures, sim::Time measuring_starts);
  Injector(const Injector&) = delete;
  Injector& operator=(const Injector&) = delete;

  sim::Simulation& simulation() const { return simulation_; }
  /// Starts the processes; once, before the simulation runs.
  void start();
  /// What has happened up to now, in the order of beginning; what still lasts ends now.
  std::vector<FailureWindow> windows() const;

 private:
  static constexpr std::uint32_t all_targets = FailureWindow::all;

  sim::Task<> once(std::uint32_t failure);
  sim::Task<> again_and_again(std::uint32_t failure, std::uint32_t target, double share);
  /// Returns the place of its window.
  std::size_t begin(std::uint32_t failure, std::uint32_t target);
  void end(std::size_t window, std::uint32_t target);

  sim::Simulation& simulation_;
  std::vector<Failure> failures_;
  sim::Time measuring_starts_;
  std::vector<FailureWindow> windows_;
};

}  // namespace headroom
