#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "models/cache/key_table.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// What a cache knows of each of its entries, by slot: a version and up to two instants, of which
/// a cache has those that it needs. They stand side by side in as few bytes as the end of the run
/// takes: five up to 18 minutes, six up to three days. An instant after the end is never.
class Records {
 public:
  enum Instant : std::uint8_t { expires, stale_since };
  static constexpr std::size_t instants = 2;

  /// `end`: of the run; 0 where nobody knows it.
  Records(std::array<bool, instants> kept, sim::Time end)
      : bytes_each_(end > sim::Time() ? bytes_of(end) : 8),
        never_(UINT64_MAX >> (64 - 8 * bytes_each_)) {
    for (std::size_t i = 0; i < instants; ++i) {
      if (!kept[i]) continue;
      at_[i] = static_cast<std::uint8_t>(stride_);
      stride_ += bytes_each_;
    }
  }

  bool has(Instant which) const { return at_[which] != 0; }
  std::size_t memory_bytes() const { return bytes_.capacity(); }
  /// Slots below this have a place.
  std::size_t slots() const { return bytes_.empty() ? 0 : (bytes_.size() - padding) / stride_; }
  void grow(std::size_t slots) {
    bytes_.reserve(slots * stride_ + padding);  // No more than that.
    bytes_.resize(slots * stride_ + padding);
  }

  /// Version 0, no instants.
  void renew(CacheSlot slot) {
    std::memset(place(slot), 0xFF, stride_);
    set_version(slot, 0);
  }
  std::uint32_t version(CacheSlot slot) const {
    std::uint32_t version = 0;
    std::memcpy(&version, place(slot), sizeof(version));
    return version;
  }
  void set_version(CacheSlot slot, std::uint32_t version) {
    std::memcpy(place(slot), &version, sizeof(version));
  }
  /// Never where it is not kept.
  sim::Time time(CacheSlot slot, Instant which) const {
    if (!has(which)) return sim::Time::never();
    const std::uint64_t ns = word(slot, which) & never_;
    return ns == never_ ? sim::Time::never() : sim::Time::at_ns(static_cast<std::int64_t>(ns));
  }
  /// Whether it has come; it must be kept.
  bool has_come(CacheSlot slot, Instant which, sim::Time now) const {
    return (word(slot, which) & never_) <= static_cast<std::uint64_t>(now.count_ns());
  }
  /// Nothing where it is not kept.
  void set_time(CacheSlot slot, Instant which, sim::Time time) {
    if (!has(which)) return;
    const auto ns = static_cast<std::uint64_t>(time.count_ns());
    const std::uint64_t kept = word(slot, which) & ~never_;
    const std::uint64_t next = kept | (ns < never_ ? ns : never_);
    std::memcpy(place(slot) + at_[which], &next, sizeof(next));
  }

 private:
  static_assert(std::endian::native == std::endian::little);
  static constexpr std::size_t padding = 8;  ///< The last instant is read as a whole word, too.

  static std::size_t bytes_of(sim::Time end) {
    return (static_cast<std::size_t>(
                std::bit_width(static_cast<std::uint64_t>(end.count_ns()) + 1)) +
            7) /
           8;
  }
  std::uint64_t word(CacheSlot slot, Instant which) const {
    std::uint64_t word = 0;
    std::memcpy(&word, place(slot) + at_[which], sizeof(word));
    return word;
  }
  unsigned char* place(CacheSlot slot) { return bytes_.data() + std::size_t{slot} * stride_; }
  const unsigned char* place(CacheSlot slot) const {
    return bytes_.data() + std::size_t{slot} * stride_;
  }

  std::size_t bytes_each_;
  std::uint64_t never_;
  std::size_t stride_ = sizeof(std::uint32_t);
  std::array<std::uint8_t, instants> at_{};  ///< 0: not kept.
  std::vector<unsigned char> bytes_;
};

}  // namespace headroom
