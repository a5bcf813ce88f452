#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/study/figures_of_runs.hpp"
#include "app/study/small_run.hpp"

namespace headroom {

/// One protocol with one setting, and how the scenario becomes it.
struct CapSetting {
  std::string name;              ///< "quorum R=1 W=3"
  std::vector<std::string> set;  ///< Arguments of --set.
};

/// Every protocol of the catalogue, by itself or with the settings that make it another one, for
/// the database of that name: one copy, quorums of one, all, a majority, and of a majority with
/// siblings, reads of any copy.
std::vector<CapSetting> cap_settings(const ScenarioPlan& plan, const std::string& database);

/// The first database of the scenario; empty where there is none.
std::string database_of(const ScenarioPlan& plan);

/// The scenario so that requests outside its failures are counted apart and operations recorded.
ScenarioPlan prepared_for_cap(ScenarioPlan plan, const std::string& database);

/// What one setting did.
struct CapPoint {
  CapSetting setting;
  std::string skipped;            ///< Why it was not run; empty where it was.
  Figure calm_p50_s, calm_p99_s;  ///< Of requests that began while nothing failed.
  Figure stale_reads;             ///< Of the reads that were answered, as clients can tell.
  ConsistencySummary consistency;
  std::string digest;
  std::optional<SmallRun> small;  ///< Where something is refuted: the least that shows it.

  /// The counterexample to be shown.
  const ConsistencySummary& shown() const { return small ? small->seen : consistency; }
};

/// `plan` as prepared; its study on the random numbers that all settings share.
CapPoint cap_point(CapSetting setting, const ScenarioPlan& plan, const StudyResult& study,
                   const Summary& summary, const std::string& database);

/// The worst side of the cut; none where there was no cut.
Figure worst_side(const CapPoint& point);

}  // namespace headroom
