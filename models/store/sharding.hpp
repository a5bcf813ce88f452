#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "models/hash_ring.hpp"
#include "models/keys.hpp"
#include "models/store/layout.hpp"
#include "models/store/plan.hpp"

namespace headroom {

/// Which shard a key is in. The same for the same plan and name, whoever asks.
class Sharding {
 public:
  /// `keys` by number less one.
  Sharding(const ShardsPlan& plan, std::string_view name, std::span<const KeySpace> keys);

  std::uint32_t count() const { return plan_.count; }
  ShardBy by() const { return plan_.by; }
  std::uint32_t shard_of(const Request& request) const;

  /// The same as a layout, which can change, and where a key stands in it.
  Layout layout() const;
  std::uint64_t position_of(const Request& request) const;
  /// The layout after a change of it; `first` is the number of the first new shard.
  Layout changed(Layout layout, const RebalancePlan& change, std::uint32_t first) const;

 private:
  const ShardsPlan& plan_;
  std::span<const KeySpace> keys_;
  std::string name_;
  std::uint64_t hash_;
  std::optional<HashRing> ring_;
};

}  // namespace headroom
