#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "models/cache/key_nodes.hpp"
#include "models/cache/packed_numbers.hpp"
#include "models/field_types.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

/// How much a cache holds: entries, or bytes of entries that have sizes.
struct CacheRoom {
  std::uint64_t capacity = 1;  ///< Above 0; at most `KeyNodes::limit` where it counts entries.
  bool in_bytes = false;

  static CacheRoom entries(std::uint64_t n) { return {n, false}; }
  static CacheRoom bytes(std::uint64_t n) { return {n, true}; }
  /// How many fill it, where so many use so much of it.
  double expected(std::uint64_t held, std::uint64_t used) const {
    if (used == 0) return static_cast<double>(most_slots);
    return static_cast<double>(held) * static_cast<double>(capacity) / static_cast<double>(used);
  }
};

struct EvictedEntry {
  std::uint64_t key;
  CacheSlot slot;      ///< Which it had; a new entry may have it already.
  std::uint32_t size;  ///< Bytes, or 1.
};

/// Which keys are cached and which of them go when room is needed: an instantaneous structure
/// without clock and values. What else belongs to an entry (expiry, version, value) its owner keeps
/// in an array of its own, indexed by slot: slots are dense, 1 to at most the most entries there
/// ever were, reused, and a key keeps its slot for as long as it is cached.
///
///     CacheSlot slot = policy.lookup(key);         // an access: a hit, or no_slot
///     if (slot == no_slot) {
///       slot = policy.insert(key, size);           // no_slot: not taken
///       for (const EvictedEntry& gone : policy.evicted()) retire(values[gone.slot]);
///       if (slot != no_slot) values[slot] = value;   // after the loop: a slot is reused at once
///     }
///
/// An entry costs 24 to 28 bytes here, those of `records.hpp` not counted, ghosts (keys remembered
/// after their eviction) included at most 42 where all have the same size.
class EvictionPolicy {
 public:
  virtual ~EvictionPolicy() = default;
  EvictionPolicy(const EvictionPolicy&) = delete;
  EvictionPolicy& operator=(const EvictionPolicy&) = delete;

  /// An access to a key: `find` and, if it is cached, `touch`.
  CacheSlot lookup(std::uint64_t key) {
    const CacheSlot slot = nodes_.find(key);
    if (slot != no_slot) {
      on_hit(slot);
    } else {
      missed_ = key;
      has_missed_ = true;
      on_miss(key);
    }
    return slot;
  }
  /// Where a key is, or no_slot; no access.
  CacheSlot find(std::uint64_t key) const { return nodes_.find(key); }
  /// An access to a key that is cached.
  void touch(CacheSlot slot) { on_hit(slot); }

  /// Caches a key; `size` is in bytes, from 0, and ignored where the room is in entries. A key that
  /// is cached already is touched if its size stays, else erased and inserted anew. What had to go
  /// is in `evicted()`. Returns no_slot when it is not taken: it is larger than the whole cache or
  /// than 4 GiB (nothing is evicted for it; an old entry of the key is erased, and is in
  /// `evicted()`), or the policy prefers what it has.
  CacheSlot insert(std::uint64_t key, std::uint64_t size = 1);
  /// What the last `insert` evicted, in this order. Never a key it took.
  std::span<const EvictedEntry> evicted() const { return evicted_; }

  /// Whether it was cached. What a policy remembers of keys that are not is left as it is.
  bool erase(std::uint64_t key) {
    const CacheSlot slot = nodes_.find(key);
    if (slot != no_slot) erase_slot(slot);
    return slot != no_slot;
  }
  void erase_slot(CacheSlot slot);
  /// As new, but for a random stream, which goes on.
  void clear();

  std::uint32_t size() const { return nodes_.size(); }  ///< Entries.
  std::uint64_t used() const { return used_; }          ///< Entries or bytes, as `capacity()`.
  std::uint64_t capacity() const { return room_.capacity; }
  /// So many entries fit before more memory is taken.
  std::size_t room() const { return nodes_.room(); }
  std::uint64_t key_of(CacheSlot slot) const { return nodes_[slot].key; }
  std::uint32_t size_of(CacheSlot slot) const {
    return room_.in_bytes ? static_cast<std::uint32_t>(sizes_[slot]) : 1;
  }
  /// Of everything that grows with the entries.
  std::size_t memory_bytes() const;

 protected:
  explicit EvictionPolicy(CacheRoom room);

  KeyNodes& nodes() { return nodes_; }
  const KeyNodes& nodes() const { return nodes_; }
  bool fits(std::uint32_t size) const { return used_ + size <= room_.capacity; }
  /// A new entry, not linked yet.
  CacheSlot add(std::uint64_t key, std::uint32_t size);
  /// Takes out an entry that is not linked any more, and reports it.
  void evict(CacheSlot slot);

 private:
  virtual void on_hit(CacheSlot slot) = 0;
  virtual void on_miss(std::uint64_t /*key*/) {}
  /// Makes room and adds the key, which is not cached and fits the capacity; or refuses it.
  virtual CacheSlot place(std::uint64_t key, std::uint32_t size) = 0;
  /// Takes a slot out of all lists; it is about to be erased.
  virtual void unlink(CacheSlot slot) = 0;
  virtual void forget_all() = 0;
  virtual std::size_t more_memory_bytes() const { return 0; }

  void drop(CacheSlot slot);

  CacheRoom room_;
  std::uint64_t used_ = 0;
  std::uint64_t missed_ = 0;  ///< By the last look-up, if `has_missed_`: known not to be here.
  bool has_missed_ = false;
  KeyNodes nodes_;
  PackedNumbers sizes_;  ///< By slot, where the room is in bytes.
  std::vector<EvictedEntry> evicted_;
};

/// What can be chosen by name.
Choices eviction_policies();
/// The policy of that name, which must be one of `eviction_policies()`. `random`: for those that
/// choose by chance.
std::unique_ptr<EvictionPolicy> make_eviction_policy(std::string_view name, CacheRoom room,
                                                     sim::Stream random);

}  // namespace headroom
