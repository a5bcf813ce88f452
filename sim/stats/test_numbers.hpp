#pragma once

#include <cmath>
#include <cstdint>

#include "sim/kernel/random.hpp"

namespace headroom::sim {

/// Random numbers for the tests of this folder; the same seed gives the same numbers.
struct TestNumbers {
  explicit TestNumbers(std::uint64_t seed) : bits(seed) {}

  std::uint64_t next() { return bits(); }
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(limit));
  }
  /// In (0, 1), both ends excluded.
  double uniform() { return (static_cast<double>(next() >> 11) + 0.5) * 0x1p-53; }
  double exponential() { return -std::log(uniform()); }
  /// Source: Box, Muller 1958.
  double normal() {
    const double radius = std::sqrt(2 * exponential());
    return radius * std::cos(6.283185307179586 * uniform());
  }
  /// Every order of magnitude is equally likely.
  std::int64_t any_size() {
    const std::uint64_t value = next();
    return static_cast<std::int64_t>(value >> (1 + next() % 63));
  }

  Keyed bits;
};

}  // namespace headroom::sim
