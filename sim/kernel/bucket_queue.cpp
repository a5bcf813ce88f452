#include "sim/kernel/bucket_queue.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "sim/kernel/check.hpp"

namespace headroom::sim {

namespace {

// Chosen: measured with the hold model at 16 to 1,000,000 pending.
constexpr std::size_t most_unsplit = 24;       // A bucket with more is divided.
constexpr std::size_t events_per_bucket = 12;  // Aimed at, for the buckets at the front.
constexpr std::size_t reach = 8;               // A level reaches so many times as far ahead.
constexpr std::size_t most_buckets = 4096;     // Few enough that those in use stay in the cache.
constexpr std::size_t least_buckets = 16;      // Each level is at least so much finer.

/// Sorts a few by counting for each how many are smaller: no branch depends on the keys.
void sort_few(const EventKey* keys, std::size_t count, EventKey* sorted) {
  std::array<std::uint32_t, most_unsplit> ranks;
  for (std::size_t i = 0; i < count; ++i) {
    const EventKey key = keys[i];
    std::uint32_t rank = 0;
    for (std::size_t j = 0; j < i; ++j) {
      const std::uint32_t smaller = keys[j] < key;
      rank += smaller;
      ranks[j] -= smaller;
    }
    ranks[i] = rank + static_cast<std::uint32_t>(count - 1 - i);  // As if all that follow were.
  }
  for (std::size_t i = 0; i < count; ++i)
    sorted[ranks[i]] = keys[i];
}

}  // namespace

BucketQueue::BucketQueue() : near_end_(all_time) {
  deepest_ = levels_.data();
  deepest_->end = all_time;
  deepest_->shift = 63;
  deepest_->buckets.resize(1);
  deepest_->chunks.resize(1);
  deepest_->occupied.resize(1);
  add_memory();
}

/// What has been counted and has no room in the bucket's own chunk.
void BucketQueue::append_further(Level& level, std::uint64_t index, EventKey key) {
  Bucket& bucket = level.buckets[index];
  const std::size_t slot = (bucket.count - 1) % chunk_keys;
  if (slot == 0) {
    if (next_chunk_[free_chunk_] == none) add_memory();
    const std::uint32_t taken = std::exchange(free_chunk_, next_chunk_[free_chunk_]);
    next_chunk_[taken] = std::exchange(bucket.chunk, taken);
  }
  chunks_[bucket.chunk].keys[slot] = key;
}

/// Doubles the chunks. One of them is always free.
void BucketQueue::add_memory() {
  const std::size_t before = chunks_.size();
  const std::size_t after = before == 0 ? 64 : 2 * before;
  HEADROOM_CHECK(after < none);
  chunks_.resize(after);
  next_chunk_.resize(after, none);
  chain_free(before, after);
  if (before == 0) {
    free_chunk_ = 0;
  } else {
    next_chunk_[free_chunk_] = static_cast<std::uint32_t>(before);
  }
}

void BucketQueue::chain_free(std::size_t from, std::size_t to) {
  for (std::size_t i = from; i + 1 < to; ++i)
    next_chunk_[i] = static_cast<std::uint32_t>(i + 1);
  next_chunk_[to - 1] = none;
}

void BucketQueue::clear() {
  for (Level* level = levels_.data(); level <= deepest_; ++level) {
    std::fill(level->buckets.begin(), level->buckets.end(), Bucket());
    std::fill(level->occupied.begin(), level->occupied.end(), 0);
    level->earliest = all_time;
  }
  deepest_ = levels_.data();
  near_end_ = all_time;
  chain_free(0, chunks_.size());
  free_chunk_ = 0;
}

/// Moves `current` to the first bucket that holds something.
bool BucketQueue::find_occupied(Level& level) const {
  for (std::size_t word = level.current / 64; word < level.occupied.size(); ++word) {
    if (level.occupied[word] == 0) continue;
    level.current = 64 * word + static_cast<unsigned>(std::countr_zero(level.occupied[word]));
    level.floor = level.start + (level.current << level.shift);
    return true;
  }
  return false;
}

/// Empties the current bucket into `taken_`, in the order of arrival.
std::size_t BucketQueue::take(Level& level) {
  const Bucket bucket = level.buckets[level.current];
  const std::size_t room = bucket.count + chunk_keys;  // Whole chunks are copied.
  if (taken_.size() < room) taken_.resize(std::bit_ceil(room));
  std::size_t left = bucket.count;
  std::uint32_t chunk = bucket.chunk;
  while (left > chunk_keys) {
    left -= (left - 1) % chunk_keys + 1;
    std::memcpy(taken_.data() + left, chunks_[chunk].keys, sizeof(Chunk));
    chunk = std::exchange(next_chunk_[chunk], std::exchange(free_chunk_, chunk));
  }
  std::memcpy(taken_.data(), level.chunks[level.current].keys, left * sizeof(EventKey));
  forget_current(level);
  return bucket.count;
}

void BucketQueue::forget_current(Level& level) {
  level.buckets[level.current] = {};
  level.earliest = all_time;
  level.occupied[level.current / 64] &= ~(std::uint64_t{1} << level.current % 64);
}

std::uint64_t BucketQueue::end_of_current(const Level& level) {
  return std::min(level.end, level.start + ((level.current + 1) << level.shift));
}

std::uint64_t BucketQueue::find_first() {
  while (!find_occupied(*deepest_)) {
    if (deepest_ == levels_.data()) return all_time;
    --deepest_;
  }
  return std::min(deepest_->floor, deepest_->earliest);
}

std::size_t BucketQueue::next(std::vector<EventKey>& run) {
  for (;;) {
    if (find_first() == all_time) {
      near_end_ = all_time;
      return 0;
    }
    Level& level = *deepest_;
    const std::size_t few = level.buckets[level.current].count;
    if (few <= chunk_keys) {
      near_end_ = end_of_current(level);
      sort_few(level.chunks[level.current].keys, few, run.data());
      forget_current(level);
      return few;
    }
    const std::size_t count = take(level);
    if (count <= most_unsplit) {
      near_end_ = end_of_current(level);
      sort_few(taken_.data(), count, run.data());
      return count;
    }
    std::uint64_t first = all_time;
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < count; ++i) {
      first = std::min(first, time_of(taken_[i]));
      last = std::max(last, time_of(taken_[i]));
    }
    const bool no_level_left = deepest_ + 1 == levels_.data() + most_levels;
    if (first == last || no_level_left) {
      near_end_ = no_level_left ? end_of_current(level) : first + 1;
      give_all(count, run);
      return count;
    }
    open_level(count, first, last);
  }
}

/// Many events of one instant, which are mostly in order already.
void BucketQueue::give_all(std::size_t count, std::vector<EventKey>& run) {
  if (run.size() <= count) run.resize(taken_.size());
  std::swap(run, taken_);
  if (!std::is_sorted(run.data(), run.data() + count)) std::sort(run.data(), run.data() + count);
}

/// The width, as a shift, with which the first buckets hold `per_bucket` events. Later ones need
/// not: by their time as much has been scheduled into them as happens per bucket now. The density
/// at the front is that of the first few in a hundred, found from a count by powers of two.
unsigned BucketQueue::front_shift(std::size_t count, std::uint64_t first,
                                  std::size_t per_bucket) const {
  std::array<std::uint32_t, 65> magnitudes{};
  for (std::size_t i = 0; i < count; ++i)
    ++magnitudes[std::bit_width(time_of(taken_[i]) - first)];
  const std::size_t enough = std::max<std::size_t>(count / 32, 16);
  unsigned magnitude = 0;
  std::size_t seen = magnitudes[0];
  while (seen < enough)
    seen += magnitudes[++magnitude];
  const auto finer = static_cast<unsigned>(std::bit_width(seen / per_bucket));
  return magnitude > finer ? magnitude - finer : 0;
}

/// Divides the taken contents of the current bucket among finer ones, whether or not these reach to
/// the end of it. What lies beyond stays in the bucket and gets its own level later.
void BucketQueue::open_level(std::size_t count, std::uint64_t first, std::uint64_t last) {
  Level& parent = *deepest_;
  Level& level = *++deepest_;
  const std::size_t most =
      std::clamp(std::bit_ceil(reach * count / events_per_bucket), least_buckets, most_buckets);
  const auto finer = static_cast<unsigned>(std::bit_width((last - first) / least_buckets));
  const std::size_t per_bucket = std::max(events_per_bucket, reach * count / most);
  level.shift = std::min(finer, front_shift(count, first, per_bucket));
  const std::uint64_t end = end_of_current(parent);
  const std::uint64_t buckets =
      std::min<std::uint64_t>(most, ((end - 1 - first) >> level.shift) + 1);
  level.start = first;
  level.end = std::min(end, first + (buckets << level.shift));
  level.current = 0;
  level.floor = first;
  level.earliest = all_time;
  level.early = parent.early + (first < parent.floor ? 1 : 0);
  if (level.buckets.size() < buckets) {
    level.buckets.resize(std::bit_ceil(buckets));
    level.chunks.resize(level.buckets.size());
    level.occupied.resize((level.buckets.size() + 63) / 64);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t index = (time_of(taken_[i]) - first) >> level.shift;
    if (index < buckets) {
      append(level, index, taken_[i]);
    } else {
      parent.earliest = std::min(parent.earliest, time_of(taken_[i]));
      append(parent, parent.current, taken_[i]);
    }
  }
}

}  // namespace headroom::sim
