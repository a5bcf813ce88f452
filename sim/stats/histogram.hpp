#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace headroom::sim {

/// Counts non-negative 64-bit values (latencies in ns, usually) in 128 buckets per octave: exact
/// below 256, no bucket wider than 1/128 of its lowest value above. The state is integers only, so
/// histograms merged in any order and grouping are equal.
/// An empty histogram holds no memory of its own; each octave met costs 1 KiB, all of them 57 KiB.
/// Asking an empty histogram for a value is a broken CHECK: ask `count()` first.
/// Source: the layout of HdrHistogram (Tene 2012), with octaves allocated as they are met.
class Histogram {
 public:
  /// A percentile with fewer samples beyond it than this is not to be reported (DESIGN, section 5).
  static constexpr std::uint64_t least_samples_beyond = 100;
  /// No quantile is further than this, relatively, from the sample of that rank.
  static constexpr double relative_error = 0.005;

  /// Values from `low` to `high`, both inclusive.
  struct Bucket {
    std::int64_t low = 0;
    std::int64_t high = 0;
    std::uint64_t count = 0;
    bool operator==(const Bucket&) const = default;
  };

  /// Negative values are a broken CHECK.
  void record(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    const int shift = std::bit_width(bits | per_block) - 8;
    const std::size_t index = static_cast<std::size_t>(shift) * per_block + (bits >> shift);
    std::size_t place = place_of_[index / per_block];
    if (place == 0) [[unlikely]]
      place = open_block(index / per_block);
    ++counts_[(place - 1) * per_block + index % per_block];
    ++count_;
    sum_ += bits;
    min_ = value < min_ ? value : min_;
    max_ = value > max_ ? value : max_;
  }

  void merge(const Histogram& other);

  /// Forgets the samples and keeps the memory, so that recording on does not allocate.
  void clear();

  std::uint64_t count() const { return count_; }
  /// The exact smallest and largest sample.
  std::int64_t min() const;
  std::int64_t max() const;
  /// The exact sum of the samples; 0 when empty.
  unsigned __int128 sum() const { return sum_; }
  /// The exact mean, rounded once.
  double mean() const;

  /// The sample of rank ceil(p n), 0 <= p <= 1, to within `relative_error`: samples are taken as
  /// spread evenly over their bucket, the result is then held where no value of that bucket is
  /// further away than the bound. Exact below 256, at rank 1 and at rank n.
  double quantile(double p) const;
  /// How many samples have a higher rank than the one `quantile(p)` estimates: n - ceil(p n).
  std::uint64_t samples_beyond(double p) const;
  /// Whether `quantile(p)` may be reported.
  bool supports_quantile(double p) const { return samples_beyond(p) >= least_samples_beyond; }

  /// The non-empty buckets in increasing order.
  std::vector<Bucket> buckets() const;
  /// The histogram whose `buckets()`, `min()`, `max()` and `sum()` these are (all of them zero when
  /// there is no bucket), or nothing when they cannot be those of one histogram.
  static std::optional<Histogram> restored(std::span<const Bucket> buckets, std::int64_t min,
                                           std::int64_t max, unsigned __int128 sum);

  /// Whether both hold the same samples as far as a histogram can tell.
  bool operator==(const Histogram& other) const;

 private:
  static constexpr std::size_t per_block = 128;
  // Block 0 is [0, 128), block k > 0 is [2^(k+6), 2^(k+7)). Negative values fall into block 57.
  static constexpr std::size_t blocks = 57;

  std::size_t open_block(std::size_t block);
  void count_bucket(std::size_t index, std::uint64_t count);
  std::uint64_t rank_of(double p) const;

  std::uint64_t count_ = 0;
  std::int64_t min_ = INT64_MAX;
  std::int64_t max_ = -1;
  unsigned __int128 sum_ = 0;
  std::vector<std::uint64_t> counts_;                // The open blocks in increasing order.
  std::array<std::uint8_t, blocks + 1> place_of_{};  // By block: place among the open ones, from 1.
};

}  // namespace headroom::sim
