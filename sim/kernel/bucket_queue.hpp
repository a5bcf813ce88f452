#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/event_key.hpp"

namespace headroom::sim {

/// Pending events that are not next, sorted no further than needed: buckets of equal width, and
/// where a bucket turns out too full, finer buckets for its contents, down to single nanoseconds.
/// Every event moves a few times per level at most, and each level is at least 16 times finer than
/// what it divides, so no distribution of times costs more than a constant number of moves.
///
/// The near events, those before `near_end()`, are the caller's to keep; where he has others to
/// come first, also some that are after it.
///
/// Source: Tang, Goh and Thng 2005 (ladder queue); Brown 1988 (calendar queue).
/// Departs from source: widths are powers of two; a level covers only what its bucket held when it
/// was opened, what comes later stays in the bucket and is looked at again; no sorted bottom here.
class BucketQueue {
 public:
  static constexpr std::uint64_t all_time = std::uint64_t{1} << 63;  ///< After every event.

  static constexpr std::size_t least_run = 64;  ///< Keys of room that `next` expects.

  BucketQueue();
  BucketQueue(const BucketQueue&) = delete;
  BucketQueue& operator=(const BucketQueue&) = delete;

  std::uint64_t near_end() const { return near_end_; }

  /// Adds an event that is not a near one.
  void push(EventKey key) {
    const std::uint64_t time = time_of(key);
    Level* level = deepest_;
    while (time >= level->end)
      --level;
    if (time < level->floor) level->earliest = std::min(level->earliest, time);
    append(*level, (std::max(time, level->floor) - level->start) >> level->shift, key);
  }

  /// Where the bucket that the near events came from begins, and how often on the way to it events
  /// from before a bucket were put back into it. Each time may add a level that is no finer.
  std::uint64_t near_floor() const { return deepest_->floor; }
  unsigned early_levels() const { return deepest_->early; }

  /// Takes back a near event; call `next` before anything else. It need not be after the past.
  void put_back(EventKey key) {
    deepest_->earliest = std::min(deepest_->earliest, time_of(key));
    append(*deepest_, deepest_->current, key);
  }

  /// No event is before this time; `all_time` only if there are none. The first of them stand in
  /// a bucket that ends at `end_of_first()`.
  std::uint64_t find_first();
  std::uint64_t end_of_first() const { return end_of_current(*deepest_); }

  /// Moves the earliest events to the start of `run`, sorted, and `near_end()` behind them. Returns
  /// their number; none only if there are none at all. `run` must hold `least_run`, and may grow.
  std::size_t next(std::vector<EventKey>& run);

  /// Forgets all events and keeps the memory. To be filled by `put_back`.
  void clear();

  /// Calls `visit(EventKey&)` for every event in no order; it must not change their order.
  template <class Visit>
  void each(Visit visit);

 private:
  static constexpr std::size_t chunk_keys = 16;  // Chosen: more than most buckets hold.
  static constexpr std::size_t most_levels = 32;
  static constexpr std::uint32_t none = UINT32_MAX;

  struct alignas(64) Chunk {
    EventKey keys[chunk_keys];
  };
  struct Bucket {
    std::uint32_t count = 0;     ///< The first of them stand in its own chunk of the level.
    std::uint32_t chunk = none;  ///< The newest further one; only this one may be partly filled.
  };
  /// Bucket i holds times from start + i * 2^shift. Those before `current` stay empty.
  struct Level {
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    std::uint64_t current = 0;
    std::uint64_t floor = 0;  ///< Where `current` begins; what was put back may be earlier.
    std::uint64_t earliest = all_time;  ///< Nothing in `current` that is before `floor` is before.
    unsigned shift = 0;
    unsigned early = 0;  ///< How many, up to this one, begin before their bucket does.
    std::vector<Bucket> buckets;
    std::vector<Chunk> chunks;            ///< One for each bucket.
    std::vector<std::uint64_t> occupied;  ///< One bit for each bucket.
  };

  void append(Level& level, std::uint64_t index, EventKey key) {
    level.occupied[index / 64] |= std::uint64_t{1} << index % 64;
    const std::uint32_t place = level.buckets[index].count++;
    if (__builtin_expect(place >= chunk_keys, 0)) return append_further(level, index, key);
    level.chunks[index].keys[place] = key;
  }
  void append_further(Level& level, std::uint64_t index, EventKey key);
  void add_memory();
  void chain_free(std::size_t from, std::size_t to);
  bool find_occupied(Level& level) const;
  std::size_t take(Level& level);
  static void forget_current(Level& level);
  void give_all(std::size_t count, std::vector<EventKey>& run);
  void open_level(std::size_t count, std::uint64_t first, std::uint64_t last);
  unsigned front_shift(std::size_t count, std::uint64_t first, std::size_t per_bucket) const;
  static std::uint64_t end_of_current(const Level& level);

  Level* deepest_;
  std::uint64_t near_end_;
  std::vector<Chunk> chunks_;              ///< For what a bucket has no room for in its own.
  std::vector<std::uint32_t> next_chunk_;  ///< The next older one of the bucket, or the next free.
  std::uint32_t free_chunk_ = none;
  std::vector<EventKey> taken_;  ///< The contents of one bucket, being sorted or divided.
  std::array<Level, most_levels> levels_;
};

template <class Visit>
void BucketQueue::each(Visit visit) {
  for (Level* level = levels_.data(); level <= deepest_; ++level) {
    for (std::size_t index = 0; index < level->buckets.size(); ++index) {
      const Bucket& bucket = level->buckets[index];
      std::size_t left = bucket.count;
      std::uint32_t further = bucket.chunk;
      while (left > 0) {
        const bool own = left <= chunk_keys;
        const std::size_t here = (left - 1) % chunk_keys + 1;
        Chunk& chunk = own ? level->chunks[index] : chunks_[further];
        for (std::size_t i = 0; i < here; ++i)
          visit(chunk.keys[i]);
        if (!own) further = next_chunk_[further];
        left -= here;
      }
    }
  }
}

}  // namespace headroom::sim
