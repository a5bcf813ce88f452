#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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
/// Departs from source: full lines are followed by their neighbours; without SSE2 bytes are
/// compared within words of 64 bits, which any processor can (Mycroft 1987).
class KeyTable {
 public:
  explicit KeyTable(std::size_t lines = 1) : lines_(lines), count_(lines) {}

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
      for (std::uint32_t found = line.matches(tag(hash)); found != 0; found &= found - 1) {
        const CacheSlot slot = line.slots[place(found)];
        if (is_it(slot)) return slot;
      }
      // Each line may have been passed, by keys that wrapped around.
      if (line.passed == 0 || next(at) == home(hash)) return no_slot;
    }
  }

  /// There must be fewer than 12 slots per line.
  void add(std::uint64_t hash, CacheSlot slot) {
    std::size_t at = home(hash);
    std::uint32_t empty = lines_[at].matches(0);
    for (; empty == 0; empty = lines_[at].matches(0)) {
      ++lines_[at].passed;
      at = next(at);
    }
    lines_[at].set(place(empty), tag(hash), slot);
  }

  void remove(std::uint64_t hash, CacheSlot slot) {
    for (std::size_t at = home(hash);; at = next(at)) {
      for (std::uint32_t found = lines_[at].matches(tag(hash)); found != 0; found &= found - 1) {
        if (lines_[at].slots[place(found)] != slot) continue;
        lines_[at].set(place(found), 0, no_slot);
        return;
      }
      --lines_[at].passed;
    }
  }

  void clear() { std::fill(lines_.begin(), lines_.end(), Line{}); }
  std::size_t memory_bytes() const { return lines_.capacity() * sizeof(Line); }

  struct alignas(64) Line {
    std::array<std::uint8_t, 12> tags{};  ///< 0 where empty.
    std::uint32_t passed = 0;             ///< How many found it full and went on.
    std::array<CacheSlot, 12> slots{};

    void set(unsigned place, std::uint8_t tag, CacheSlot slot) {
      tags[place] = tag;
      slots[place] = slot;
    }
    /// Bit i is set where place i holds the tag.
    std::uint32_t matches(std::uint8_t tag) const {
#ifdef __SSE2__
      const __m128i all = _mm_load_si128(reinterpret_cast<const __m128i*>(this));
      const __m128i equal = _mm_cmpeq_epi8(all, _mm_set1_epi8(static_cast<char>(tag)));
      return static_cast<std::uint32_t>(_mm_movemask_epi8(equal)) & 0xFFFu;
#else
      return matches_by_words(tag);
#endif
    }
    std::uint32_t matches_by_words(std::uint8_t tag) const {
      std::uint64_t first = 0;
      std::uint32_t second = 0;
      std::memcpy(&first, tags.data(), 8);
      std::memcpy(&second, tags.data() + 8, 4);
      const std::uint64_t wanted = tag * 0x0101010101010101u;
      return bits(first ^ wanted) | (bits(second ^ (wanted & 0xFFFFFFFFu)) & 0xFu) << 8;
    }

   private:
    /// Bit i is set where byte i is 0. Exact.
    static std::uint32_t bits(std::uint64_t word) {
      constexpr std::uint64_t low = 0x7F7F7F7F7F7F7F7Fu;
      const std::uint64_t high = ~(((word & low) + low) | word | low);
      return static_cast<std::uint32_t>(((high >> 7) * 0x0102040810204080u) >> 56);
    }
  };

 private:
  std::size_t home(std::uint64_t hash) const {
    return ((hash >> 32) * count_) >> 32;
  }
  std::size_t next(std::size_t at) const {
    return ++at == count_ ? 0 : at;
  }
  /// 1 to 255.
  static std::uint8_t tag(std::uint64_t hash) {
    const auto byte = static_cast<std::uint8_t>(hash);
    return static_cast<std::uint8_t>(byte + (byte == 0));
  }
  /// Of the lowest bit of `matches`.
  static unsigned place(std::uint32_t found) {
    return static_cast<unsigned>(std::countr_zero(found));
  }

  std::vector<Line> lines_;
  std::size_t count_;  ///< Of them.
};

}  // namespace headroom
