#include "models/store/sharding.hpp"

namespace headroom {

Sharding::Sharding(const ShardsPlan& plan, std::string_view name, std::span<const KeySpace> keys)
    : plan_(plan), keys_(keys), name_(name), hash_(sim::hash_name(name)) {
  if (plan.by == ShardBy::consistent_hash) ring_.emplace(plan.count, plan.virtual_nodes, name);
}

std::uint32_t Sharding::shard_of(const Request& request) const {
  if (plan_.count == 1) return 0;
  __extension__ using Wide = unsigned __int128;
  switch (plan_.by) {
    case ShardBy::hash:
      break;
    case ShardBy::range: {
      if (request.key_space == 0) return 0;
      const std::uint64_t items = keys_[request.key_space - 1u].items();
      return static_cast<std::uint32_t>(static_cast<Wide>(request.key) * plan_.count / items);
    }
    case ShardBy::consistent_hash:
      return static_cast<std::uint32_t>(ring_->owner(request.item()));
  }
  return static_cast<std::uint32_t>(sim::mix(hash_, request.item()) % plan_.count);
}

std::uint64_t Sharding::position_of(const Request& request) const {
  __extension__ using Wide = unsigned __int128;
  switch (plan_.by) {
    case ShardBy::hash:
      break;
    case ShardBy::range: {
      if (request.key_space == 0) return 0;
      const std::uint64_t items = keys_[request.key_space - 1u].items();
      return static_cast<std::uint64_t>((static_cast<Wide>(request.key) << 64) / items);
    }
    case ShardBy::consistent_hash:
      return ring_->position(request.item());
  }
  return sim::mix(hash_, request.item());
}

Layout Sharding::layout() const {
  if (plan_.by == ShardBy::range) return Layout::by_range(plan_.count);
  if (plan_.by == ShardBy::consistent_hash) return Layout::by_ring(ring_->points());
  std::vector<std::uint32_t> owners(plan_.count);
  for (std::uint32_t i = 0; i < plan_.count; ++i)
    owners[i] = i;
  return Layout::by_residue(std::move(owners));
}

Layout Sharding::changed(Layout layout, const RebalancePlan& change, std::uint32_t first) const {
  if (change.remove) layout.remove(*change.remove);
  if (change.split) layout.split(*change.split, first);
  for (std::uint32_t i = 0; change.add && i < *change.add; ++i) {
    std::optional<HashRing> larger;
    if (ring_) larger.emplace(first + i + 1, plan_.virtual_nodes, name_);
    layout.add(first + i, larger ? &*larger : nullptr);
  }
  return layout;
}

}  // namespace headroom
