#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/consistency/guarantees.hpp"
#include "models/history.hpp"

namespace headroom {

/// What the checkers say of what the clients of one store saw in one run.
struct StoreAudit {
  std::string service;
  std::uint64_t operations = 0;         ///< That were checked; of reads those that were answered.
  std::uint64_t left_out = 0;           ///< Operations that were not recorded.
  std::vector<consistency::Said> said;  ///< By guarantee, the strongest first.

  /// The few operations that violate the weakest guarantee that is violated.
  std::optional<consistency::Guarantee> refuted;
  std::string text;
  std::vector<RecordedOperation> anomaly;

  consistency::Staleness staleness;
  std::optional<consistency::Convergence> convergence;  ///< Where a partition was healed.
  consistency::Losses losses;
  std::vector<AnswerCounts> answers;  ///< As in the history.
};

/// The operations of a recorded history as checkers take them, and which recorded one each is.
consistency::History checked_history(const StoreHistory& recorded);

/// What its operations are checked against.
consistency::Question question_of(const StoreHistory& recorded);

/// `healed`: when the network was whole again; `end`: of the run.
StoreAudit audit(const StoreHistory& recorded, std::optional<sim::Time> healed, sim::Time end);

/// What was recorded as Jepsen writes it, in the order in which it happened.
RecordedHistory events_of(const std::vector<RecordedOperation>& operations);

}  // namespace headroom
