#include "models/cache/entries.hpp"

#include <algorithm>

namespace headroom {

namespace {

CacheRoom room_of(const CachePlan& plan) {
  if (plan.memory) return CacheRoom::bytes(static_cast<std::uint64_t>(plan.memory->count));
  const std::int64_t entries = plan.capacity ? plan.capacity->count : 0;
  return CacheRoom::entries(std::min(static_cast<std::uint64_t>(entries), KeyNodes::limit));
}

std::array<bool, Records::instants> instants_of(const CachePlan& plan) {
  return {plan.ttl.has_value(), true};
}

}  // namespace

Entries::Entries(const CachePlan& plan, sim::Stream random, sim::Time end)
    : records_(instants_of(plan), end), times_fetches_(plan.stampede == Stampede::early_expiry) {
  const CacheRoom room = room_of(plan);
  if (room.capacity > 0) policy_ = make_eviction_policy(plan.eviction, room, random);
}

CacheSlot Entries::set(std::uint64_t item, std::int64_t size, sim::Time now) {
  if (!policy_) return no_slot;
  if (const CacheSlot before = policy_->find(item); before != no_slot) retire(before, now);
  const CacheSlot slot = policy_->insert(item, static_cast<std::uint64_t>(size));
  for (const EvictedEntry& gone : policy_->evicted()) {
    if (gone.key == item) continue;
    retire(gone.slot, now);
    ++evictions_;
  }
  if (slot == no_slot) return no_slot;
  if (slot >= records_.slots()) {
    records_.grow(policy_->room() + 1);
    if (times_fetches_) fetch_times_.resize(policy_->room() + 1);
  }
  records_.renew(slot);
  if (times_fetches_) fetch_times_.set(slot, 0);
  area_ -= now.count_ns();
  return slot;
}

bool Entries::erase(std::uint64_t item, sim::Time now) {
  const CacheSlot slot = find(item);
  if (slot == no_slot) return false;
  policy_->erase_slot(slot);
  retire(slot, now);
  return true;
}

void Entries::clear(sim::Time now) {
  if (!policy_) return;
  area_ = area(now);
  for (CacheSlot slot = 0; slot < records_.slots(); ++slot)
    records_.set_time(slot, Records::expires, sim::Time());
  policy_->clear();
}

/// When it expired, if it did, else now; but not before measuring started, where that is all that
/// is known of when it came.
std::int64_t Entries::end_of(CacheSlot slot, sim::Time now) const {
  return std::max(std::min(expires(slot), now), measured_from_).count_ns();
}

void Entries::retire(CacheSlot slot, sim::Time now) {
  area_ += end_of(slot, now);
  records_.set_time(slot, Records::expires, sim::Time());
}

void Entries::start_measuring(sim::Time now) {
  measured_from_ = now;
  area_ = -static_cast<__int128>(now.count_ns()) * size();
  evictions_ = 0;
}

__int128 Entries::area(sim::Time now) const {
  if (!records_.has(Records::expires))
    return area_ + static_cast<__int128>(now.count_ns()) * size();
  __int128 area = area_;
  for (CacheSlot slot = 1; slot < records_.slots(); ++slot)
    if (expires(slot) != sim::Time()) area += end_of(slot, now);
  return area;
}

}  // namespace headroom
