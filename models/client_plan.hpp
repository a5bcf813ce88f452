#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/fields.hpp"

namespace headroom {

enum class Jitter : std::uint8_t { none, full, equal, decorrelated };
Choices choices_of(Jitter);

/// What a client may try again after. Numbered as in its choices.
enum class RetryOn : std::uint8_t { failed, timeout, rejected };
Choices choices_of(RetryOn);
std::vector<RetryOn> whatever_can_be_retried();

/// Tokens that a retry takes: `rate` a second flow in, `burst` is the most that collect.
struct TokenBudgetPlan {
  Rate rate;
  std::uint32_t burst = 0;
};
const FieldTable& fields_of(const TokenBudgetPlan*);

struct RetryPlan {
  std::uint32_t attempts = 0;  ///< In all, the first included.
  Distribution backoff;        ///< Before the second attempt.
  double multiplier = 2;
  std::optional<sim::Duration> max_backoff;
  Jitter jitter = Jitter::none;
  std::optional<std::variant<Ratio, TokenBudgetPlan>> budget;
  std::vector<RetryOn> on = whatever_can_be_retried();
};
const FieldTable& fields_of(const RetryPlan*);

/// Another copy of a request that is slow; the first good answer counts.
struct HedgePlan {
  std::variant<sim::Duration, Percentile> after;  ///< Since the copy before; or of all answers.
  std::uint32_t max = 1;                          ///< Copies beside the first.
  bool cancel = false;
  bool tied = false;  ///< The others go when one begins to be served.
};
const FieldTable& fields_of(const HedgePlan*);

/// Tokens that a request takes: `rate` a second flow in, `burst` is the most that collect.
struct RateLimitPlan {
  Rate rate;
  std::uint32_t burst = 1;  ///< Full at the start.
};
const FieldTable& fields_of(const RateLimitPlan*);

/// No calls for a while of one who does not answer well.
struct CircuitBreakerPlan {
  sim::Duration window = sim::Duration::seconds(10);
  std::optional<Ratio> failure_ratio;  ///< Of the calls that ended within the window.
  std::uint32_t min_calls = 20;        ///< That must have ended within the window.
  std::optional<std::uint32_t> consecutive;
  sim::Duration open_for = sim::Duration::seconds(5);
  std::uint32_t half_open_calls = 1;
};
const FieldTable& fields_of(const CircuitBreakerPlan*);

/// Calls under way at once, and those that may wait for one of them to end.
struct BulkheadPlan {
  std::uint32_t concurrency = 0;
  Limit queue{0};
};
const FieldTable& fields_of(const BulkheadPlan*);

/// What a client does around each of its calls. Nesting, outermost first: rate_limit, deadline,
/// retry, hedge, circuit_breaker, bulkhead, timeout.
struct ClientPlan {
  std::optional<sim::Duration> timeout;   ///< Of one attempt.
  std::optional<sim::Duration> deadline;  ///< Of all attempts together.
  std::optional<RetryPlan> retry;
  std::optional<HedgePlan> hedge;
  std::optional<RateLimitPlan> rate_limit;
  std::optional<CircuitBreakerPlan> circuit_breaker;
  std::optional<BulkheadPlan> bulkhead;
  bool propagate_deadline = false;

  /// Whether something may keep calls back that never reach the target.
  bool is_guarded() const { return rate_limit || circuit_breaker || bulkhead; }
};
const FieldTable& fields_of(const ClientPlan*);

}  // namespace headroom
