#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/cache/key_table.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

inline constexpr unsigned slot_bits = 29;
/// Slots there can be.
inline constexpr std::uint64_t most_slots = (std::uint64_t{1} << slot_bits) - 2;

/// For how many keys to make room where there are `had` and one more comes: twice as many, from
/// thousands on a tenth more, never more than `most` and hardly more than the `expected` ones.
inline std::uint64_t next_room(std::uint64_t had, std::uint64_t most, double expected) {
  constexpr std::uint64_t small = 4096;  // Chosen: above it memory counts more than growing often.
  if (had < small) return std::min(most, std::max<std::uint64_t>(64, 2 * had));
  const double foreseen = std::min(expected, 4.0 * most_slots) * (1 + 1.0 / 32);
  const std::uint64_t at_least = had + had / 104;
  return std::min({most, had + had / 10, std::max(at_least, static_cast<std::uint64_t>(foreseen))});
}

/// A set of 64-bit keys at dense, reused slots, with links and marks for the lists that the
/// policies keep them in. 16 bytes a key, and 8 (or less, if fuller) of a KeyTable that finds it,
/// while there are many of them up to a tenth more for those to come. Once `most` slots exist,
/// nothing is allocated any more.
class KeyNodes {
 public:
  static constexpr std::uint64_t limit = most_slots;

  struct Node {
    std::uint64_t key;
    std::uint32_t newer : slot_bits;
    std::uint32_t list : 32 - slot_bits;  ///< For the policy: in which list.
    std::uint32_t older : slot_bits;
    std::uint32_t mark : 32 - slot_bits;  ///< For the policy: how often used, say.
  };

  /// `most`: never more keys than this. `keys_per_line`: of the table, once full.
  explicit KeyNodes(std::uint64_t most, unsigned keys_per_line = 8)
      : most_(std::clamp<std::uint64_t>(most, 1, limit)), keys_per_line_(keys_per_line) {
    make_room(static_cast<double>(most_));
  }

  Node& operator[](CacheSlot slot) { return nodes_[slot]; }
  const Node& operator[](CacheSlot slot) const { return nodes_[slot]; }
  std::uint32_t size() const { return size_; }
  /// Slots ever used are below this.
  std::uint32_t end() const { return static_cast<std::uint32_t>(nodes_.size()); }
  /// So many keys fit before more is allocated.
  std::size_t room() const { return nodes_.capacity() - 1; }
  std::size_t memory_bytes() const {
    return nodes_.capacity() * sizeof(Node) + table_.memory_bytes();
  }

  [[gnu::always_inline]] CacheSlot find(std::uint64_t key) const {
    return table_.find(KeyTable::hash(key),
                       [this, key](CacheSlot slot) { return nodes_[slot].key == key; });
  }

  /// Whether one more key takes more memory.
  bool is_full() const { return free_ == no_slot && nodes_.size() == nodes_.capacity(); }
  /// Where it is full: room for more, for hardly more than the `expected` keys.
  void make_room(double expected) {
    const std::uint64_t had = nodes_.empty() ? 0 : nodes_.size() - 1;
    HEADROOM_CHECK(had < most_);
    const std::uint64_t room = next_room(had, most_, expected);
    nodes_.reserve(room + 1);
    if (nodes_.empty()) nodes_.emplace_back();
    table_ = KeyTable(room / keys_per_line_ + 1);
    for (CacheSlot slot = 1; slot <= had; ++slot)
      table_.add(KeyTable::hash(nodes_[slot].key), slot);
  }

  /// A key that is not there yet, with marks of 0 and in no list.
  CacheSlot add(std::uint64_t key) {
    CacheSlot slot = free_;
    if (slot != no_slot) {
      free_ = nodes_[slot].older;
    } else {
      if (nodes_.size() == nodes_.capacity()) make_room(static_cast<double>(most_));
      slot = end();
      nodes_.emplace_back();
    }
    nodes_[slot] = Node{key, 0, 0, 0, 0};
    ++size_;
    table_.add(KeyTable::hash(key), slot);
    return slot;
  }

  void remove(CacheSlot slot) {
    table_.remove(KeyTable::hash(nodes_[slot].key), slot);
    nodes_[slot].older = free_;
    free_ = slot;
    --size_;
  }

  void clear() {
    nodes_.resize(1);
    table_.clear();
    free_ = no_slot;
    size_ = 0;
  }

 private:
  std::vector<Node> nodes_;  ///< Slot 0 is nobody's.
  KeyTable table_;
  CacheSlot free_ = no_slot;  ///< Chained by `older`.
  std::uint32_t size_ = 0;
  std::uint64_t most_;
  unsigned keys_per_line_;
};

}  // namespace headroom
