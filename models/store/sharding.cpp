#include "models/store/sharding.hpp"

namespace headroom {

Sharding::Sharding(const ShardsPlan& plan, std::string_view name, std::span<const KeySpace> keys)
    : plan_(plan), keys_(keys), hash_(sim::hash_name(name)) {
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

}  // namespace headroom
