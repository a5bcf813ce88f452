#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/fields.hpp"

namespace headroom {

/// How a shard sends its keys to another one.
struct MovePlan {
  std::optional<Bandwidth> throttle;  ///< Of each shard that sends; unlimited when absent.
  Bytes chunk{1'000'000};             ///< Sent and acknowledged as one.
  sim::Duration timeout = sim::Duration::seconds(30);  ///< Of a chunk, until it is sent again.
  bool operator==(const MovePlan&) const = default;
};
const FieldTable& fields_of(const MovePlan*);

/// One change of the shards of a database while it serves: shards are added, or one is removed, or
/// one is split. One of the three is given.
struct RebalancePlan {
  sim::Duration at;                     ///< From the end of the warm-up.
  std::optional<std::uint32_t> add;     ///< How many.
  std::optional<std::uint32_t> remove;  ///< Which.
  std::optional<std::uint32_t> split;   ///< Which.
  MovePlan move;                        ///< inlined

  /// Shards that it adds; their numbers follow the highest there was.
  std::uint32_t added() const { return add.value_or(split ? 1 : 0); }
};
const FieldTable& fields_of(const RebalancePlan*);

struct DatabasePlan;
/// What is wrong with the changes of a database as they follow each other.
void check_rebalance(const DatabasePlan& plan, Findings& findings);
/// "shards 8 to 9 added"; `first` is the number of the first new one.
std::string change_text(const RebalancePlan& change, std::uint32_t first);

}  // namespace headroom
