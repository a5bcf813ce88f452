#pragma once

#include <cstdint>

#include "models/client_plan.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// Limits how much load retries add. Without a budget every retry is allowed.
///
/// As a share of requests: each request pays in `share` of a token and a retry takes a whole one,
/// so among n requests there are at most `reserve` + share x n retries. It starts full.
/// Source: Finagle's RetryBudget; the share of 10 % is that of the SRE book, chapter 21.
/// Departs from source: a fixed reserve in place of so many retries per second.
///
/// As a token bucket: `rate` tokens flow in a second, at most `burst` collect, it starts full.
class RetryBudget {
 public:
  /// Chosen: gRPC's example of `maxTokens`; a few failures in a row can be retried at any load.
  static constexpr std::int64_t reserve = 10;

  explicit RetryBudget(const RetryPlan& plan);

  /// A new request, not a retry.
  void note_request() {
    if (kind_ == Kind::share)
      parts_ = parts_ + share_parts_ < full_ ? parts_ + share_parts_ : full_;
  }
  /// Takes what a retry costs; false when there is not enough.
  bool take(sim::Time now);

 private:
  enum class Kind : std::uint8_t { none, share, bucket };
  static constexpr std::int64_t token = 1'000'000'000;  ///< Parts, so that sums are exact.

  Kind kind_ = Kind::none;
  std::int64_t parts_ = 0;  ///< What there is.
  std::int64_t full_ = 0;
  std::int64_t share_parts_ = 0;
  double parts_per_ns_ = 0;
  sim::Time filled_;
};

}  // namespace headroom
