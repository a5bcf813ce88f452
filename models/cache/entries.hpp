#pragma once

#include <cstdint>
#include <memory>

#include "models/cache/plan.hpp"
#include "models/cache/policy.hpp"
#include "models/cache/records.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// The values of one cache replica, within its capacity. What has expired stays, and takes room,
/// until it is looked up or evicted, as in memcached. At most 64 bytes an entry with its key, for
/// every policy and setting, while it fills and when it is full, where a run is no longer than
/// three days, a value no larger than 16 MB and fetched in less than four seconds.
class Entries {
 public:
  /// `random`: for policies that choose by chance. `end`: of the run.
  Entries(const CachePlan& plan, sim::Stream random, sim::Time end);

  /// For a get, which the policy notices; no_slot when the item is not here. Valid, as all slots
  /// here, until the next change.
  CacheSlot get(std::uint64_t item) { return policy_ ? policy_->lookup(item) : no_slot; }
  /// The same without notice.
  CacheSlot find(std::uint64_t item) const { return policy_ ? policy_->find(item) : no_slot; }
  /// The entry of a value of `size` bytes that is set now, which never expires and is not stale;
  /// no_slot where the cache does not take it. May evict others.
  CacheSlot set(std::uint64_t item, std::int64_t size, sim::Time now);
  /// Whether it was here.
  bool erase(std::uint64_t item, sim::Time now);
  void clear(sim::Time now);

  std::uint32_t version(CacheSlot slot) const { return records_.version(slot); }
  void set_version(CacheSlot slot, std::uint32_t version) { records_.set_version(slot, version); }
  /// A get from there on does not find it.
  sim::Time expires(CacheSlot slot) const { return records_.time(slot, Records::expires); }
  void set_expires(CacheSlot slot, sim::Time at) {
    // 0 is kept for slots that are free.
    records_.set_time(slot, Records::expires, std::max(at, sim::Time::at_ns(1)));
  }
  /// When its store committed something newer; never where it did not.
  sim::Time stale_since(CacheSlot slot) const { return records_.time(slot, Records::stale_since); }
  bool is_stale(CacheSlot slot, sim::Time now) const {
    return records_.has_come(slot, Records::stale_since, now);
  }
  void set_stale_since(CacheSlot slot, sim::Time since) {
    records_.set_time(slot, Records::stale_since, since);
  }
  /// How long its value took to fetch; 0 where that is not asked for.
  sim::Duration fetch_time(CacheSlot slot) const {
    if (!times_fetches_) return {};
    return sim::Duration::ns(static_cast<std::int64_t>(fetch_times_[slot]));
  }
  void set_fetch_time(CacheSlot slot, sim::Duration time) {
    if (times_fetches_) fetch_times_.set(slot, static_cast<std::uint64_t>(time.count_ns()));
  }

  std::uint32_t size() const { return policy_ ? policy_->size() : 0; }
  std::uint64_t evictions() const { return evictions_; }
  void start_measuring(sim::Time now);
  /// Entries that have not expired x ns, since measuring started.
  __int128 area(sim::Time now) const;
  /// Of everything that grows with the entries.
  std::size_t memory_bytes() const {
    return records_.memory_bytes() + fetch_times_.memory_bytes() +
           (policy_ ? policy_->memory_bytes() : 0);
  }

 private:
  void retire(CacheSlot slot, sim::Time now);
  std::int64_t end_of(CacheSlot slot, sim::Time now) const;

  std::unique_ptr<EvictionPolicy> policy_;  ///< Null where nothing is ever held.
  Records records_;
  bool times_fetches_;
  PackedNumbers fetch_times_;  ///< By slot, in ns; where they are asked for.
  std::uint64_t evictions_ = 0;
  sim::Time measured_from_;
  // Of entries since measuring started, in ns: when those that are gone expired or went, less when
  // each came.
  __int128 area_ = 0;
};

}  // namespace headroom
