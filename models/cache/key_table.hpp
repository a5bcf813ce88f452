#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace headroom {

/// Where a key stands: 1 and up, the same for as long as the key stays; 0 is nowhere.
using CacheSlot = std::uint32_t;
inline constexpr CacheSlot no_slot = 0;

/// From hashes of keys to slots. A line of the processor's cache holds twelve slots with a byte of
/// their hash each, all compared at once, so that looking for a key touches one line and hardly
/// ever the key of another. What finds its line full goes to the next, and each line counts how
/// many passed it: a search ends at the first line that none has passed, and erasing moves
/// nothing.
/// Source: Bronson, Shi 2019, "Open-sourcing F14 for faster, more memory-efficient hash tables".
/// Departs from source: bytes are compared within words of 64 bits, which any processor can
/// (Mycroft 1987), and full lines are followed by their neighbours.
class KeyTable {
 public:
  explicit KeyTable(std::size_t lines = 1) : lines_(lines) {}

  /// Source: Steele, Vigna 2021, multiplier; both halves of the product are folded, as in wyhash.
  static std::uint64_t hash(std::uint64_t key) {
    const auto product =
        static_cast<unsigned __int128>(key ^ 0x9E3779B97F4A7C15u) * 0xD1342543DE82EF95u;
    return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
  }

  /// The slot of that hash for which `is_it(slot)`, or no_slot.
  template <class IsIt>
  CacheSlot find(std::uint64_t hash, IsIt is_it) const {
    for (std::size_t at = home(hash);; at = next(at)) {
      const Line& line = lines_[at];
      for (std::uint64_t found = matches(line, tag(hash)); found != 0; found &= found - 1) {
        const CacheSlot slot = line.slots[place(found)];
        if (is_it(slot)) return slot;
      }
      // Each line may have been passed, by keys that wrapped around.
      if (line.passed() == 0 || next(at) == home(hash)) return no_slot;
    }
  }

  /// There must be fewer than 12 slots per line.
  void add(std::uint64_t hash, CacheSlot slot) {
    std::size_t at = home(hash);
    std::uint64_t empty = matches(lines_[at], 0);
    for (; empty == 0; empty = matches(lines_[at], 0)) {
      lines_[at].pass(1);
      at = next(at);
    }
    lines_[at].set(place(empty), tag(hash), slot);
  }

  void remove(std::uint64_t hash, CacheSlot slot) {
    for (std::size_t at = home(hash);; at = next(at)) {
      for (std::uint64_t found = matches(lines_[at], tag(hash)); found != 0; found &= found - 1) {
        if (lines_[at].slots[place(found)] != slot) continue;
        lines_[at].set(place(found), 0, no_slot);
        return;
      }
      lines_[at].pass(-1);
    }
  }

  void clear() { std::fill(lines_.begin(), lines_.end(), Line{}); }
  std::size_t memory_bytes() const { return lines_.capacity() * sizeof(Line); }

 private:
  struct alignas(64) Line {
    std::uint64_t tags[2] = {0, 0};  ///< Twelve bytes, 0 where empty; above: how many passed.
    std::array<CacheSlot, 12> slots{};

    std::uint32_t passed() const { return static_cast<std::uint32_t>(tags[1] >> 32); }
    void pass(std::int64_t by) { tags[1] += static_cast<std::uint64_t>(by) << 32; }
    void set(unsigned place, std::uint64_t tag, CacheSlot slot) {
      std::uint64_t& word = tags[place / 8];
      const unsigned shift = place % 8 * 8;
      word = (word & ~(std::uint64_t{255} << shift)) | tag << shift;
      slots[place] = slot;
    }
  };

  std::size_t home(std::uint64_t hash) const { return ((hash >> 32) * lines_.size()) >> 32; }
  std::size_t next(std::size_t at) const { return ++at == lines_.size() ? 0 : at; }
  /// 1 to 255.
  static std::uint64_t tag(std::uint64_t hash) {
    const std::uint64_t byte = hash & 255;
    return byte + (byte == 0);
  }

  /// A bit for each place that holds the tag, in the order of `place`. Exact.
  static std::uint64_t matches(const Line& line, std::uint64_t tag) {
    constexpr std::uint64_t low = 0x7F7F7F7F7F7F7F7Fu;
    const auto zeros = [](std::uint64_t word) { return ~(((word & low) + low) | word | low); };
    const std::uint64_t wanted = tag * 0x0101010101010101u;
    const std::uint64_t first = zeros(line.tags[0] ^ wanted);
    const std::uint64_t second = zeros(line.tags[1] ^ wanted) & 0xFFFFFFFFu;
    return first | second >> 1;
  }
  /// Of the lowest bit of `matches`.
  static unsigned place(std::uint64_t found) {
    const auto bit = static_cast<unsigned>(std::countr_zero(found));
    return bit / 8 + (bit % 8 == 6 ? 8 : 0);
  }

  std::vector<Line> lines_;
};

}  // namespace headroom
