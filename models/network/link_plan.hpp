#pragma once

#include <optional>

#include "models/fields.hpp"

namespace headroom {

/// One way (or both) between two zones, inside one, or between two nodes of a topology.
struct LinkPlan {
  std::optional<Distribution> latency{};  ///< One way; none takes no time.
  std::optional<Distribution> jitter{};   ///< On top of it; routes are chosen without.
  std::optional<Bandwidth> bandwidth{};   ///< Above 0; unlimited when absent.
  Ratio loss{};  ///< Of one message, below 1; a lost one is sent again after a timeout.
  std::optional<Bytes> queue{};  ///< Bytes that may stand at the link; unlimited when absent.
  bool duplex = true;            ///< Whether the two directions have each their own bandwidth.
  bool shared = true;            ///< Whether messages share it, or each has all of it.
};
const FieldTable& fields_of(const LinkPlan*);

}  // namespace headroom
