#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/random.hpp"

namespace headroom {

/// How often keys were asked for of late, about: a count-min sketch of counters up to 15, all
/// halved after every 10 requests per entry of the cache. 8 bytes an entry; what it counts for a
/// key is in one cache line.
/// Source: Cormode, Muthukrishnan 2005 (count-min); Einziger, Friedman, Manes 2017 (ageing).
/// Departs from source: the four counters of a key are in four parts of one block of 128, not in
/// four arrays as long as the sketch; fewer cache misses, somewhat more collisions.
class FrequencySketch {
 public:
  static constexpr std::uint64_t requests_per_entry = 10;

  FrequencySketch() { fit(1); }

  /// Makes it large enough for so many entries; where it was not, it starts anew.
  void fit(std::size_t entries) {
    if (entries <= entries_) return;
    entries_ = entries;
    blocks_.assign((entries + 7) / 8, Block{});
    counted_ = 0;
  }

  void count(std::uint64_t key) {
    const std::uint64_t hash = sim::mix(key);
    Block& block = block_of(hash);
    for (unsigned row = 0; row < rows; ++row) {
      const unsigned counter = counter_of(hash, row);
      std::uint64_t& word = block.words[2 * row + counter / 16];
      const unsigned shift = counter % 16 * 4;
      word += static_cast<std::uint64_t>(((word >> shift) & 15) != 15) << shift;
    }
    if (++counted_ >= requests_per_entry * entries_) age();
  }

  /// At most 15.
  unsigned estimate(std::uint64_t key) const {
    const std::uint64_t hash = sim::mix(key);
    const Block& block = const_cast<FrequencySketch*>(this)->block_of(hash);
    unsigned least = 15;
    for (unsigned row = 0; row < rows; ++row) {
      const unsigned counter = counter_of(hash, row);
      const std::uint64_t word = block.words[2 * row + counter / 16];
      least = std::min(least, static_cast<unsigned>(word >> (counter % 16 * 4)) & 15);
    }
    return least;
  }

  void clear() {
    std::fill(blocks_.begin(), blocks_.end(), Block{});
    counted_ = 0;
  }
  std::size_t memory_bytes() const { return blocks_.capacity() * sizeof(Block); }

 private:
  static constexpr unsigned rows = 4;
  struct alignas(64) Block {
    std::array<std::uint64_t, 2 * rows> words;  ///< Two words of sixteen counters a row.
  };

  Block& block_of(std::uint64_t hash) { return blocks_[((hash >> 32) * blocks_.size()) >> 32]; }
  /// 0 to 31.
  static unsigned counter_of(std::uint64_t hash, unsigned row) {
    return static_cast<unsigned>(hash >> (5 * row)) & 31;
  }

  void age() {
    for (Block& block : blocks_) {
      for (std::uint64_t& word : block.words)
        word = (word >> 1) & 0x7777777777777777u;
    }
    counted_ /= 2;
  }

  std::size_t entries_ = 0;
  std::vector<Block> blocks_;
  std::uint64_t counted_ = 0;
};

}  // namespace headroom
