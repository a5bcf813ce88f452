#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/check.hpp"

namespace headroom {

/// Where a key stands: 1 and up, the same for as long as the key stays; 0 is nowhere.
using CacheSlot = std::uint32_t;
inline constexpr CacheSlot no_slot = 0;

/// A set of 64-bit keys at dense, reused slots, with links and marks for the lists that the
/// policies keep them in. 16 bytes a key, and 8 (or less, if fuller) for a table of 32-bit places,
/// open addressed with linear probing, so that keys next to each other in it share a cache line. A
/// place holds the slot and, in the bits that slots leave free, a part of the hash: hardly ever is
/// a key read that is not the one looked for. Once `most` slots exist, nothing is allocated any
/// more. Source: Knuth, The Art of Computer Programming 3, 6.4, algorithms L and R.
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

  /// `most`: never more keys than this. `places_per_key` above 1: of the table.
  explicit KeyNodes(std::uint64_t most, double places_per_key = 2)
      : most_(std::clamp<std::uint64_t>(most, 1, limit)), places_per_key_(places_per_key) {
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
    return nodes_.capacity() * sizeof(Node) + places_.capacity() * sizeof(std::uint32_t);
  }

  CacheSlot find(std::uint64_t key) const {
    const std::uint64_t hash = hash_of(key);
    const std::uint32_t tag = tag_of(hash);
    for (std::size_t place = home(hash);; place = next(place)) {
      const std::uint32_t held = places_[place];
      if (held == 0) return no_slot;
      if ((held ^ tag) >> bits_ == 0) {
        const CacheSlot slot = held & ((1u << bits_) - 1);
        if (nodes_[slot].key == key) return slot;
      }
    }
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
    enter(key, slot);
    return slot;
  }

  void remove(CacheSlot slot) {
    leave(slot);
    nodes_[slot].older = free_;
    free_ = slot;
    --size_;
  }

  void clear() {
    nodes_.resize(1);
    std::fill(places_.begin(), places_.end(), 0u);
    free_ = no_slot;
    size_ = 0;
  }

 private:
  /// Source: Steele, Vigna 2021, multiplier; both halves of the product are folded, as in wyhash.
  static std::uint64_t hash_of(std::uint64_t key) {
    const auto product =
        static_cast<unsigned __int128>(key ^ 0x9E3779B97F4A7C15u) * 0xD1342543DE82EF95u;
    return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
  }
  std::size_t home(std::uint64_t hash) const { return ((hash >> 32) * places_.size()) >> 32; }
  std::uint32_t tag_of(std::uint64_t hash) const {
    return static_cast<std::uint32_t>(hash) << bits_;
  }
  std::size_t next(std::size_t place) const { return ++place == places_.size() ? 0 : place; }

  void enter(std::uint64_t key, CacheSlot slot) {
    const std::uint64_t hash = hash_of(key);
    std::size_t place = home(hash);
    while (places_[place] != 0)
      place = next(place);
    places_[place] = tag_of(hash) | slot;
  }

  void leave(CacheSlot slot) {
    const std::uint64_t hash = hash_of(nodes_[slot].key);
    const std::uint32_t held = tag_of(hash) | slot;
    std::size_t hole = home(hash);
    while (places_[hole] != held)
      hole = next(hole);
    for (std::size_t place = next(hole); places_[place] != 0; place = next(place)) {
      // What stands between its home and here may move up to the hole.
      const std::uint64_t key = nodes_[places_[place] & ((1u << bits_) - 1)].key;
      if (distance(home(hash_of(key)), place) < distance(hole, place)) continue;
      places_[hole] = places_[place];
      hole = place;
    }
    places_[hole] = 0;
  }
  std::size_t distance(std::size_t from, std::size_t to) const {
    return to >= from ? to - from : to + places_.size() - from;
  }

  /// Doubles the slots, up to `most_`, and enters all keys into a table that fits them.
  void make_room() {
    const std::uint64_t had = nodes_.empty() ? 0 : nodes_.size() - 1;
    HEADROOM_CHECK(had < most_);
    const std::uint64_t room = std::min(most_, std::max<std::uint64_t>(64, 2 * had));
    nodes_.reserve(room + 1);
    if (nodes_.empty()) nodes_.emplace_back();
    bits_ = static_cast<unsigned>(std::bit_width(room));
    places_ = std::vector<std::uint32_t>(
        static_cast<std::size_t>(static_cast<double>(room) * places_per_key_) + 1);
    for (CacheSlot slot = 1; slot <= had; ++slot)
      enter(nodes_[slot].key, slot);
  }

  std::vector<Node> nodes_;            ///< Slot 0 is nobody's.
  std::vector<std::uint32_t> places_;  ///< 0, or part of a hash above `bits_` bits of slot.
  unsigned bits_ = 1;
  CacheSlot free_ = no_slot;  ///< Chained by `older`.
  std::uint32_t size_ = 0;
  std::uint64_t most_;
  double places_per_key_;
};

}  // namespace headroom
