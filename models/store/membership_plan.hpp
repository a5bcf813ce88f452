#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/fields.hpp"

namespace headroom {

/// One change of the copies of shards while they serve: some are added, or one is removed, or one
/// is replaced. One of the three is given.
struct MembershipPlan {
  sim::Duration at;                      ///< From the end of the warm-up.
  std::optional<std::uint32_t> add;      ///< How many.
  std::optional<std::uint32_t> remove;   ///< Which.
  std::optional<std::uint32_t> replace;  ///< Which, by a new one.
  std::optional<std::uint32_t> shard;    ///< Of which shard; all when absent.
  std::optional<Bandwidth> throttle;     ///< Of a leader that sends all it has; none when absent.
  sim::Duration stop_after;              ///< From the removal of a copy until it is stopped.

  /// Copies of a shard that it adds; their numbers follow the highest there was.
  std::uint32_t added() const { return add.value_or(replace ? 1 : 0); }
  /// The one that it takes away.
  std::optional<std::uint32_t> removed() const { return remove ? remove : replace; }
};
const FieldTable& fields_of(const MembershipPlan*);

/// Copies of one shard where they change, with those that are no more.
inline constexpr std::uint32_t most_changing_copies = 64;

struct DatabasePlan;
/// What is wrong with the changes of copies as they follow each other.
void check_membership(const DatabasePlan& plan, Findings& findings);
/// "copy 0 replaced by copy 3"; `first` is the number of the first new one.
std::string change_text(const MembershipPlan& change, std::uint32_t first);

}  // namespace headroom
