#pragma once

#include <algorithm>

#include "models/cache/node_list.hpp"
#include "models/cache/policy.hpp"

namespace headroom {

/// Keys remembered after their eviction, oldest forgotten first, in up to two lists that share the
/// room: where it is short, the second gives way first; what is larger than it is not remembered.
/// 23 bytes a key.
class Ghosts {
 public:
  /// `room.capacity` may be 0: then nothing is remembered.
  explicit Ghosts(CacheRoom room)
      : room_(room),
        nodes_(room.in_bytes ? KeyNodes::limit : std::max<std::uint64_t>(1, room.capacity), 9) {}

  CacheSlot find(std::uint64_t key) const { return nodes_.find(key); }
  std::uint32_t list_of(CacheSlot slot) const { return nodes_[slot].list; }
  /// Entries or bytes.
  std::uint64_t used(std::uint32_t list = 0) const { return used_[list]; }

  void push(std::uint64_t key, std::uint32_t size, std::uint32_t list = 0) {
    if (size > room_.capacity) return;
    while (used_[0] + used_[1] + size > room_.capacity)
      drop_oldest(used_[1] > 0 ? 1 : 0);
    const CacheSlot slot = nodes_.add(key);
    nodes_[slot].list = list & 1u;
    if (room_.in_bytes) {
      if (slot >= sizes_.size()) sizes_.resize(nodes_.end());
      sizes_[slot] = size;
    }
    used_[list] += size;
    lists_[list].push(nodes_, slot);
  }
  /// The list must not be empty.
  void drop_oldest(std::uint32_t list) { remove(lists_[list].oldest()); }
  void remove(CacheSlot slot) {
    const std::uint32_t list = nodes_[slot].list;
    used_[list] -= room_.in_bytes ? sizes_[slot] : 1;
    lists_[list].remove(nodes_, slot);
    nodes_.remove(slot);
  }
  /// Whether the key was there; it is not any more.
  bool take(std::uint64_t key) {
    const CacheSlot slot = find(key);
    if (slot != no_slot) remove(slot);
    return slot != no_slot;
  }

  void clear() {
    nodes_.clear();
    for (const std::uint32_t list : {0, 1}) {
      lists_[list].clear();
      used_[list] = 0;
    }
  }
  std::size_t memory_bytes() const {
    return nodes_.memory_bytes() + sizes_.capacity() * sizeof(std::uint32_t);
  }

 private:
  CacheRoom room_;
  KeyNodes nodes_;
  NodeList lists_[2];
  std::uint64_t used_[2] = {0, 0};
  std::vector<std::uint32_t> sizes_;  ///< By slot, where the room is in bytes.
};

}  // namespace headroom
