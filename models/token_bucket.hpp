#pragma once

#include <algorithm>
#include <cstdint>

#include "models/quantities.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// Tokens that flow in at a rate, of which at most `burst` collect; full at the start.
/// Source: Turner 1986, "New directions in communications"; the generic cell rate algorithm.
class TokenBucket {
 public:
  TokenBucket(Rate rate, std::uint32_t burst)
      : per_ns_(rate.per_s * 1e-9), full_(burst), tokens_(burst) {}

  /// Takes one, where there is one.
  bool take(sim::Time now) {
    const double flowed = per_ns_ * static_cast<double>((now - filled_).count_ns());
    filled_ = now;
    tokens_ = std::min(full_, tokens_ + flowed);
    // What rounding took from a token that has just come is no reason to refuse.
    if (tokens_ < 1 - 1e-9) return false;
    tokens_ = std::max(0.0, tokens_ - 1);
    return true;
  }

 private:
  double per_ns_;
  double full_;
  double tokens_;
  sim::Time filled_;
};

}  // namespace headroom
