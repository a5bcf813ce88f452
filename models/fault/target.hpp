#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/fields.hpp"

namespace headroom {

/// What a failure is done to: "app", "app[0]", "app[0..1]", "app 50%", "db.shard[2]",
/// "db.shard[2].leader", "orders.leader", "zone az-a", "link a -> b", "link a <-> b", "host h1",
/// "switch s1"; "link line" where a platform file has a link of that name.
/// Whether it exists is checked when the whole scenario is known.
struct FaultTarget {
  enum class Kind : std::uint8_t { service, zone, link, node } kind = Kind::service;
  std::string name;
  std::string to{};  ///< Of a link, which begins at `name`.
  bool both_ways = false;
  bool is_host = false;                      ///< Of a node.
  std::optional<std::uint32_t> first, last;  ///< Replicas, both included; all when absent.
  std::optional<std::uint32_t> shard;        ///< Of a database: all its copies.
  bool leader = false;  ///< Of these, or of a broker's copies: the one that leads at that time.
  std::optional<Ratio> share;  ///< Of the replicas, from the first; rounded up.
  std::string written;
  bool operator==(const FaultTarget&) const = default;
};
const TextForm& text_form_of(const FaultTarget*);

/// Reads a target; false with the reason in `why` when the text is none.
bool parse_target(std::string_view text, FaultTarget& target, std::string& why);
/// The target as `parse_target` reads it, in its shortest spelling.
std::string print_target(const FaultTarget& target);

/// Replicas from `first` to before `end`, of those that a target names in a service of `replicas`;
/// of which each shard has as many; the range is empty or ends beyond `replicas` where the target
/// names some that do not exist.
struct ReplicaRange {
  std::uint32_t first = 0, end = 0;
};
ReplicaRange replicas_of(const FaultTarget& target, std::uint32_t replicas,
                         std::uint32_t shards = 1);

}  // namespace headroom
