#include "models/cache/entries.hpp"

#include <algorithm>

namespace headroom {

namespace {

CacheRoom room_of(const CachePlan& plan) {
  if (plan.memory) return CacheRoom::bytes(static_cast<std::uint64_t>(plan.memory->count));
  const std::int64_t entries = plan.capacity ? plan.capacity->count : 0;
  return CacheRoom::entries(std::min(static_cast<std::uint64_t>(entries), KeyNodes::limit));
}

}  // namespace

Entries::Entries(const CachePlan& plan, sim::Stream random) {
  const CacheRoom room = room_of(plan);
  if (room.capacity > 0) policy_ = make_eviction_policy(plan.eviction, room, random);
}

CacheEntry* Entries::get(std::uint64_t item) {
  const CacheSlot slot = policy_ ? policy_->lookup(item) : no_slot;
  return slot == no_slot ? nullptr : &entries_[slot];
}

CacheEntry* Entries::find(std::uint64_t item) {
  const CacheSlot slot = policy_ ? policy_->find(item) : no_slot;
  return slot == no_slot ? nullptr : &entries_[slot];
}

CacheEntry* Entries::set(std::uint64_t item, std::int64_t size, sim::Time now) {
  if (!policy_) return nullptr;
  if (const CacheSlot before = policy_->find(item); before != no_slot) retire(before, now);
  const CacheSlot slot = policy_->insert(item, static_cast<std::uint64_t>(size));
  for (const EvictedEntry& gone : policy_->evicted()) {
    if (gone.key == item) continue;
    retire(gone.slot, now);
    ++evictions_;
  }
  if (slot == no_slot) return nullptr;
  if (slot >= entries_.size()) entries_.resize(policy_->slots_end());
  entries_[slot] = CacheEntry();
  entries_[slot].since = now;
  return &entries_[slot];
}

bool Entries::erase(std::uint64_t item, sim::Time now) {
  const CacheSlot slot = policy_ ? policy_->find(item) : no_slot;
  if (slot == no_slot) return false;
  policy_->erase_slot(slot);
  retire(slot, now);
  return true;
}

void Entries::clear(sim::Time now) {
  for (CacheSlot slot = 0; slot < entries_.size(); ++slot)
    retire(slot, now);
  if (policy_) policy_->clear();
}

void Entries::retire(CacheSlot slot, sim::Time now) {
  area_ += lived(entries_[slot], now);
  entries_[slot].since = sim::Time::never();
}

/// How long of the measured time it could be found.
__int128 Entries::lived(const CacheEntry& entry, sim::Time now) const {
  const sim::Time begin = std::max(entry.since, measured_from_);
  const sim::Time end = std::min(entry.expires, now);
  return end > begin ? (end - begin).count_ns() : 0;
}

void Entries::start_measuring(sim::Time now) {
  measured_from_ = now;
  area_ = 0;
  evictions_ = 0;
}

__int128 Entries::area(sim::Time now) const {
  __int128 area = area_;
  for (const CacheEntry& entry : entries_)
    area += lived(entry, now);
  return area;
}

}  // namespace headroom
