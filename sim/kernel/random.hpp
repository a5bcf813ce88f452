#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace headroom::sim {

/// Mixes 64 bits so that every input bit changes every output bit with about equal chance.
/// Source: Steele, Lea, Flood 2014 (SplitMix64), constants by Stafford, variant 13.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// A key made of a key and one more part; the order of parts counts.
constexpr std::uint64_t mix(std::uint64_t key, std::uint64_t part) {
  return mix((key + 0x9E3779B97F4A7C15u) ^ (part * 0xD1342543DE82EF95u));
}

/// Hash of a name, the same on every machine.
std::uint64_t hash_name(std::string_view name);

/// Random numbers that belong to a key: the same key gives the same numbers wherever and whenever
/// they are drawn. Source: SplitMix64 as above. Meets UniformRandomBitGenerator.
class Keyed {
 public:
  using result_type = std::uint64_t;
  explicit constexpr Keyed(std::uint64_t key) : state_(key) {}
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return UINT64_MAX; }
  constexpr result_type operator()() { return mix(state_ += 0x9E3779B97F4A7C15u); }
  /// Uniform in [0, 1).
  constexpr double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

/// A named stream of random numbers, independent of every other.
/// Source: Blackman, Vigna 2019, xoshiro256++. Meets UniformRandomBitGenerator.
class Stream {
 public:
  using result_type = std::uint64_t;
  /// The stream of `name`, say "web/arrivals", in one replication of one seed.
  Stream(std::uint64_t seed, std::uint32_t replication, std::string_view name)
      : Stream(mix(mix(seed, replication), hash_name(name))) {}
  explicit constexpr Stream(std::uint64_t key) {
    Keyed words(key);
    for (auto& word : state_)
      word = words();
  }
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return UINT64_MAX; }

  constexpr result_type operator()() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }
  /// Uniform in [0, 1).
  constexpr double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }
  /// Uniform among 0 .. n-1, for n > 0; the bias is below n / 2^64.
  /// Source: Lemire 2019, without the rejection.
  constexpr std::uint64_t below(std::uint64_t n) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>((*this)()) * n) >> 64);
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace headroom::sim
