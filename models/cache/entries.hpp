#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/cache/plan.hpp"
#include "models/cache/policy.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// One value in a cache.
struct CacheEntry {
  std::uint32_t version = 0;
  sim::Time since = sim::Time::never();        ///< When it was set; never where the place is free.
  sim::Time expires = sim::Time::never();      ///< A get from here on does not find it.
  sim::Time stale_since = sim::Time::never();  ///< When its store committed something newer.
  sim::Duration fetch_time;                    ///< How long its value took to fetch.
};

/// The values of one cache replica, within its capacity. What has expired stays, and takes room,
/// until it is looked up or evicted, as in memcached.
class Entries {
 public:
  /// `random`: for policies that choose by chance.
  Entries(const CachePlan& plan, sim::Stream random);

  /// For a get, which the policy notices; null when the item is not here. Valid, as all these,
  /// until the next change.
  CacheEntry* get(std::uint64_t item);
  /// The same without notice.
  CacheEntry* find(std::uint64_t item);
  /// The entry of a value of `size` bytes that is set now, all its members as new; null where the
  /// cache does not take it. May evict others.
  CacheEntry* set(std::uint64_t item, std::int64_t size, sim::Time now);
  /// Whether it was here.
  bool erase(std::uint64_t item, sim::Time now);
  void clear(sim::Time now);

  std::uint64_t evictions() const { return evictions_; }
  void start_measuring(sim::Time now);
  /// Entries that have not expired x ns, since measuring started.
  __int128 area(sim::Time now) const;

 private:
  void retire(CacheSlot slot, sim::Time now);
  __int128 lived(const CacheEntry& entry, sim::Time now) const;

  std::unique_ptr<EvictionPolicy> policy_;  ///< Null where nothing is ever held.
  std::vector<CacheEntry> entries_;         ///< By slot of the policy.
  std::uint64_t evictions_ = 0;
  sim::Time measured_from_;
  __int128 area_ = 0;  ///< Of those that are gone.
};

}  // namespace headroom
