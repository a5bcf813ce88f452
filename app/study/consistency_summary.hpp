#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/scenario/plan.hpp"
#include "app/study/audit.hpp"
#include "app/study/figure.hpp"

namespace headroom {

/// What is said of the consistency of one store over all replications: a violation in any of them
/// is one, and what is not decided in one is not decided.
struct ConsistencySummary {
  std::string service;
  std::uint64_t operations = 0;  ///< That were checked, in all replications.
  std::uint64_t left_out = 0;
  std::vector<consistency::Said> said;  ///< By guarantee, the strongest first.

  /// The replication and the operations of the counterexample to the weakest violated guarantee.
  std::optional<consistency::Guarantee> refuted;
  std::uint32_t replication = 0;
  std::string text;
  std::vector<RecordedOperation> anomaly;
  std::vector<std::pair<std::uint64_t, std::string>> key_names;  ///< Of its operations.

  std::uint64_t reads = 0, stale = 0, most_versions = 0;
  double staleness_max_s = 0;
  std::optional<consistency::Holds> converged;  ///< Where a partition was healed.
  Figure converged_after_s;
  std::uint64_t acknowledged_writes = 0, lost_writes = 0;

  /// Operations that were answered ok, of those that began while the network was cut, by the side
  /// on which the client was; and of those that began while it was whole.
  std::vector<std::pair<std::string, Figure>> during_partition;
  Figure outside;

  /// The strongest guarantee that is not refuted; none where all are.
  std::optional<consistency::Guarantee> strongest() const;
  const consistency::Said& of(consistency::Guarantee guarantee) const {
    return said[static_cast<std::size_t>(guarantee)];
  }
  std::string key_name(std::uint64_t key) const;
};

struct RunResult;

/// Of each store that is recorded, in the order of their names.
std::vector<ConsistencySummary> consistency_summaries(const ScenarioPlan& plan,
                                                      const std::vector<RunResult>& runs);

/// The name of a recorded item: "product/12".
std::string item_name(const ScenarioPlan& plan, std::uint64_t item);

}  // namespace headroom
