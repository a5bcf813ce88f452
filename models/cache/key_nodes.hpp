#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/cache/key_table.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

/// A set of 64-bit keys at dense, reused slots, with links and marks for the lists that the
/// policies keep them in. 16 bytes a key, and 8 (or less, if fuller) of a KeyTable that finds it.
/// Once `most` slots exist, nothing is allocated any more.
class KeyNodes {
 public:
  static constexpr unsigned slot_bits = 29;
  /// Slots there can be.
  static constexpr std::uint64_t limit = (std::uint64_t{1} << slot_bits) - 2;

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
    make_room();
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

  /// A key that is not there yet, with marks of 0 and in no list.
  CacheSlot add(std::uint64_t key) {
    CacheSlot slot = free_;
    if (slot != no_slot) {
      free_ = nodes_[slot].older;
    } else {
      if (nodes_.size() == nodes_.capacity()) make_room();
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
  /// Doubles the slots, up to `most_`, and enters all keys into a table that fits them.
  void make_room() {
    const std::uint64_t had = nodes_.empty() ? 0 : nodes_.size() - 1;
    HEADROOM_CHECK(had < most_);
    const std::uint64_t room = std::min(most_, std::max<std::uint64_t>(64, 2 * had));
    nodes_.reserve(room + 1);
    if (nodes_.empty()) nodes_.emplace_back();
    table_ = KeyTable(room / keys_per_line_ + 1);
    for (CacheSlot slot = 1; slot <= had; ++slot)
      table_.add(KeyTable::hash(nodes_[slot].key), slot);
  }

  std::vector<Node> nodes_;  ///< Slot 0 is nobody's.
  KeyTable table_;
  CacheSlot free_ = no_slot;  ///< Chained by `older`.
  std::uint32_t size_ = 0;
  std::uint64_t most_;
  unsigned keys_per_line_;
};

}  // namespace headroom
