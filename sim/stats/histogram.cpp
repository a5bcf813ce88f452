#include "sim/stats/histogram.hpp"

#include <algorithm>
#include <cmath>

#include "sim/kernel/check.hpp"

namespace headroom::sim {

namespace {

// The bucket with the given index: index = 128 * shift + (value >> shift) with the smallest shift
// that leaves eight bits. The inverse of what `record` computes.
Histogram::Bucket bucket_at(std::size_t index, std::uint64_t count) {
  if (index < 256) {
    return {static_cast<std::int64_t>(index), static_cast<std::int64_t>(index), count};
  }
  const std::size_t shift = index / 128 - 1;
  const auto low = static_cast<std::int64_t>((index % 128 + 128) << shift);
  return {low, low + static_cast<std::int64_t>((std::uint64_t{1} << shift) - 1), count};
}

std::size_t index_of(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  const int shift = std::bit_width(bits | 128) - 8;
  return static_cast<std::size_t>(shift) * 128 + (bits >> shift);
}

}  // namespace

std::size_t Histogram::open_block(std::size_t block) {
  HEADROOM_CHECK(block < blocks);  // Else the value was negative.
  std::size_t before = 0;
  for (std::size_t b = 0; b < block; ++b) {
    before += place_of_[b] != 0 ? 1 : 0;
  }
  // Exactly what is needed: most histograms live long and open their last block early.
  counts_.reserve(counts_.size() + per_block);
  counts_.insert(counts_.begin() + static_cast<std::ptrdiff_t>(before * per_block), per_block, 0);
  place_of_[block] = static_cast<std::uint8_t>(before + 1);
  for (std::size_t b = block + 1; b < blocks; ++b) {
    if (place_of_[b] != 0) ++place_of_[b];
  }
  return before + 1;
}

void Histogram::merge(const Histogram& other) {
  if (counts_.empty()) counts_.reserve(other.counts_.size());
  for (std::size_t block = 0; block < blocks; ++block) {
    if (other.place_of_[block] == 0) continue;
    const std::uint64_t* theirs =
        &other.counts_[(other.place_of_[block] - std::size_t{1}) * per_block];
    // A block that was cleared is not worth its memory here.
    if (std::all_of(theirs, theirs + per_block, [](std::uint64_t n) { return n == 0; })) continue;
    std::size_t place = place_of_[block];
    if (place == 0) place = open_block(block);
    std::uint64_t* mine = &counts_[(place - 1) * per_block];
    for (std::size_t i = 0; i < per_block; ++i) {
      mine[i] += theirs[i];
    }
  }
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

void Histogram::clear() {
  std::fill(counts_.begin(), counts_.end(), 0);
  count_ = 0;
  sum_ = 0;
  min_ = INT64_MAX;
  max_ = -1;
}

std::int64_t Histogram::min() const {
  HEADROOM_CHECK(count_ > 0);
  return min_;
}

std::int64_t Histogram::max() const {
  HEADROOM_CHECK(count_ > 0);
  return max_;
}

double Histogram::mean() const {
  HEADROOM_CHECK(count_ > 0);
  // Whole part and remainder apart: a sum beyond 2^53 must not cost digits of the mean.
  const auto whole = static_cast<std::uint64_t>(sum_ / count_);
  const auto rest = static_cast<std::uint64_t>(sum_ % count_);
  return static_cast<double>(whole) + static_cast<double>(rest) / static_cast<double>(count_);
}

std::uint64_t Histogram::rank_of(double p) const {
  HEADROOM_CHECK(p >= 0 && p <= 1);
  // 0.07 * 100 is a little more than 7 in binary: what rounding added must not cost a rank.
  const double exact = p * static_cast<double>(count_);
  const double rank = std::ceil(exact * (1 - 4e-16));
  return rank < 1 ? 1 : std::min(static_cast<std::uint64_t>(rank), count_);
}

std::uint64_t Histogram::samples_beyond(double p) const {
  return count_ == 0 ? 0 : count_ - rank_of(p);
}

double Histogram::quantile(double p) const {
  HEADROOM_CHECK(count_ > 0);
  const std::uint64_t rank = rank_of(p);
  if (rank == 1) return static_cast<double>(min_);
  if (rank == count_) return static_cast<double>(max_);
  std::uint64_t below = 0;
  for (std::size_t block = 0; block < blocks; ++block) {
    if (place_of_[block] == 0) continue;
    const std::size_t from = (place_of_[block] - std::size_t{1}) * per_block;
    for (std::size_t i = 0; i < per_block; ++i) {
      const std::uint64_t count = counts_[from + i];
      if (below + count < rank) {
        below += count;
        continue;
      }
      const Bucket bucket = bucket_at(block * per_block + i, count);
      const auto low = static_cast<double>(std::max(bucket.low, min_));
      const auto high = static_cast<double>(std::min(bucket.high, max_));
      const double share =
          (static_cast<double>(rank - below) - 0.5) / static_cast<double>(bucket.count);
      const double even = low + (high - low) * share;
      // Were all samples at one end, `even` alone could be 1/128 off. The band is never empty: the
      // middle of a bucket is at most 1/256 from its ends. Chosen: just inside the promised bound,
      // which rounding then cannot cross.
      constexpr double held = 0.98 * relative_error;
      return std::clamp(even, high * (1 - held), low * (1 + held));
    }
  }
  check_failed("the buckets hold every sample", __FILE__, __LINE__);
}

std::vector<Histogram::Bucket> Histogram::buckets() const {
  std::vector<Bucket> found;
  for (std::size_t block = 0; block < blocks; ++block) {
    if (place_of_[block] == 0) continue;
    const std::size_t from = (place_of_[block] - std::size_t{1}) * per_block;
    for (std::size_t i = 0; i < per_block; ++i) {
      const std::uint64_t count = counts_[from + i];
      if (count != 0) found.push_back(bucket_at(block * per_block + i, count));
    }
  }
  return found;
}

void Histogram::count_bucket(std::size_t index, std::uint64_t count) {
  std::size_t place = place_of_[index / per_block];
  if (place == 0) place = open_block(index / per_block);
  counts_[(place - 1) * per_block + index % per_block] += count;
  count_ += count;
}

std::optional<Histogram> Histogram::restored(std::span<const Bucket> buckets, std::int64_t min,
                                             std::int64_t max, unsigned __int128 sum) {
  Histogram result;
  if (buckets.empty()) {
    if (min != 0 || max != 0 || sum != 0) return std::nullopt;
    return result;
  }
  unsigned __int128 least = 0;
  unsigned __int128 most = 0;
  std::int64_t previous_high = -1;
  for (const Bucket& bucket : buckets) {
    if (bucket.low <= previous_high || bucket.count == 0) return std::nullopt;
    const std::size_t index = index_of(bucket.low);
    if (bucket != bucket_at(index, bucket.count)) return std::nullopt;
    if (bucket.count > UINT64_MAX - result.count_) return std::nullopt;
    result.count_bucket(index, bucket.count);
    using Wide = unsigned __int128;
    least += static_cast<Wide>(bucket.low) * bucket.count;
    most += static_cast<Wide>(bucket.high) * bucket.count;
    previous_high = bucket.high;
  }
  const Bucket& first = buckets.front();
  const Bucket& last = buckets.back();
  if (min < first.low || min > first.high || max < last.low || max > last.high) return std::nullopt;
  if (min > max || sum < least || sum > most) return std::nullopt;
  result.min_ = min;
  result.max_ = max;
  result.sum_ = sum;
  return result;
}

bool Histogram::operator==(const Histogram& other) const {
  return count_ == other.count_ && min_ == other.min_ && max_ == other.max_ && sum_ == other.sum_ &&
         buckets() == other.buckets();
}

}  // namespace headroom::sim
