#include "sim/kernel/bucket_queue.hpp"

#include <algorithm>
#include <bit>

#include "sim/kernel/check.hpp"

#ifndef SPLIT
#define SPLIT 48
#define OCC 8
#define FAN 4096
#endif
namespace headroom::sim {

namespace {

constexpr std::size_t most_unsplit = SPLIT;     // Chosen: measured with the hold model.
constexpr std::size_t events_per_bucket = OCC;  // Chosen: likewise.
constexpr std::size_t least_buckets = 16;       // Each level is at least so much finer.
constexpr std::size_t most_buckets = FAN;       // Chosen: the buckets in use stay in the cache.

/// Small runs by insertion; long ones are mostly of one instant and in order already.
void sort_run(EventKey* keys, std::size_t count) {
  if (count > most_unsplit) {
    if (!std::is_sorted(keys, keys + count)) std::sort(keys, keys + count);
    return;
  }
  for (std::size_t i = 1; i < count; ++i) {
    const EventKey key = keys[i];
    std::size_t place = i;
    for (; place > 0 && key < keys[place - 1]; --place)
      keys[place] = keys[place - 1];
    keys[place] = key;
  }
}

}  // namespace

BucketQueue::BucketQueue() : near_end_(all_time) {
  deepest_ = levels_.data();
  deepest_->end = all_time;
  deepest_->shift = 63;
  deepest_->buckets.resize(1);
  deepest_->occupied.resize(1);
}

void BucketQueue::add_chunk(Level& level, std::uint64_t index) {
  if (free_chunk_ == none) add_memory();
  Bucket& bucket = level.buckets[index];
  const std::uint32_t chunk = free_chunk_;
  free_chunk_ = next_chunk_[chunk];
  next_chunk_[chunk] = bucket.chunk;
  bucket.chunk = chunk;
  level.occupied[index / 64] |= std::uint64_t{1} << index % 64;
}

void BucketQueue::add_memory() {
  const std::size_t before = chunks_.size();
  const std::size_t after = before == 0 ? 64 : 2 * before;
  HEADROOM_CHECK(after < none);
  chunks_.resize(after);
  next_chunk_.resize(after);
  for (std::size_t i = after; i-- > before;) {
    next_chunk_[i] = free_chunk_;
    free_chunk_ = static_cast<std::uint32_t>(i);
  }
}

/// Moves `current` to the first bucket that holds something.
bool BucketQueue::find_occupied(Level& level) const {
  for (std::size_t word = level.current / 64; word < level.occupied.size(); ++word) {
    if (level.occupied[word] == 0) continue;
    level.current = 64 * word + static_cast<unsigned>(std::countr_zero(level.occupied[word]));
    return true;
  }
  return false;
}

/// Empties the current bucket into `run`, in the order of arrival.
std::size_t BucketQueue::take(Level& level, std::vector<EventKey>& run) {
  Bucket& bucket = level.buckets[level.current];
  const std::size_t count = bucket.count;
  if (run.size() <= count) run.resize(std::bit_ceil(count + 1));
  std::size_t left = count;
  std::uint32_t chunk = bucket.chunk;
  while (left > 0) {
    const std::size_t here = (left - 1) % chunk_keys + 1;
    left -= here;
    std::copy_n(chunks_[chunk].keys, here, run.data() + left);
    const std::uint32_t older = next_chunk_[chunk];
    next_chunk_[chunk] = free_chunk_;
    free_chunk_ = chunk;
    chunk = older;
  }
  bucket = {};
  level.occupied[level.current / 64] &= ~(std::uint64_t{1} << level.current % 64);
  return count;
}

std::uint64_t BucketQueue::end_of_current(const Level& level) {
  return std::min(level.end, level.start + ((level.current + 1) << level.shift));
}

std::size_t BucketQueue::next(std::vector<EventKey>& run) {
  for (;;) {
    Level& level = *deepest_;
    if (!find_occupied(level)) {
      if (deepest_ == levels_.data()) {
        near_end_ = all_time;
        return 0;
      }
      --deepest_;
      continue;
    }
    const std::size_t count = take(level, run);
    std::uint64_t end = end_of_current(level);
    if (count > most_unsplit) {
      std::uint64_t first = all_time;
      std::uint64_t last = 0;
      for (std::size_t i = 0; i < count; ++i) {
        first = std::min(first, time_of(run[i]));
        last = std::max(last, time_of(run[i]));
      }
      if (first != last) {
        open_level(run.data(), count, first, last);
        continue;
      }
      end = first + 1;
    }
    sort_run(run.data(), count);
    near_end_ = end;
    return count;
  }
}

void BucketQueue::open_level(const EventKey* keys, std::size_t count, std::uint64_t first,
                             std::uint64_t last) {
  const std::uint64_t end = end_of_current(*deepest_);
  const std::size_t most =
      std::clamp(std::bit_ceil(count / events_per_bucket), least_buckets, most_buckets);
  Level& level = *++deepest_;
  HEADROOM_CHECK(deepest_ < levels_.data() + most_levels);
  level.shift = static_cast<unsigned>(std::bit_width((last - first) / most));
  const std::uint64_t buckets = ((last - first) >> level.shift) + 1;
  level.start = first;
  level.end = std::min(end, first + (buckets << level.shift));
  level.current = 0;
  if (level.buckets.size() < buckets) {
    level.buckets.resize(std::bit_ceil(buckets));
    level.occupied.resize((level.buckets.size() + 63) / 64);
  }
  for (std::size_t i = 0; i < count; ++i) {
    append(level, (time_of(keys[i]) - first) >> level.shift, keys[i]);
  }
}

}  // namespace headroom::sim
