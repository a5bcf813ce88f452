#include "models/cache/policy.hpp"

namespace headroom {

EvictionPolicy::EvictionPolicy(CacheRoom room)
    : room_(room), nodes_(room.in_bytes ? KeyNodes::limit : room.capacity, room.in_bytes ? 10 : 8) {
  HEADROOM_CHECK(room.capacity > 0);
  HEADROOM_CHECK(room.in_bytes || room.capacity <= KeyNodes::limit);
  evicted_.reserve(4);
}

CacheSlot EvictionPolicy::insert(std::uint64_t key, std::uint64_t size) {
  evicted_.clear();
  if (!room_.in_bytes) size = 1;
  const CacheSlot old = has_missed_ && missed_ == key ? no_slot : nodes_.find(key);
  has_missed_ = false;
  const bool too_large = size > room_.capacity || size > UINT32_MAX;
  if (old != no_slot) {
    if (!too_large && size == size_of(old)) {
      on_hit(old);
      return old;
    }
    unlink(old);
    if (too_large) {
      evict(old);
    } else {
      drop(old);
    }
  }
  if (too_large) return no_slot;
  return place(key, static_cast<std::uint32_t>(size));
}

void EvictionPolicy::erase_slot(CacheSlot slot) {
  unlink(slot);
  drop(slot);
}

void EvictionPolicy::clear() {
  forget_all();
  nodes_.clear();
  evicted_.clear();
  used_ = 0;
}

CacheSlot EvictionPolicy::add(std::uint64_t key, std::uint32_t size) {
  if (room_.in_bytes && nodes_.is_full()) nodes_.make_room(room_.expected(nodes_.size(), used_));
  const CacheSlot slot = nodes_.add(key);
  used_ += size;
  if (room_.in_bytes) {
    if (slot >= sizes_.size()) sizes_.resize(nodes_.room() + 1);
    sizes_.set(slot, size);
  }
  return slot;
}

void EvictionPolicy::evict(CacheSlot slot) {
  evicted_.push_back({nodes_[slot].key, slot, size_of(slot)});
  drop(slot);
}

void EvictionPolicy::drop(CacheSlot slot) {
  used_ -= size_of(slot);
  nodes_.remove(slot);
}

std::size_t EvictionPolicy::memory_bytes() const {
  return nodes_.memory_bytes() + sizes_.memory_bytes() + more_memory_bytes();
}

}  // namespace headroom
