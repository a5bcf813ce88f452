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
};
const FieldTable& fields_of(const HedgePlan*);

/// What a client does around each of its calls. Nesting, outermost first: deadline, retry, hedge,
/// timeout.
struct ClientPlan {
  std::optional<sim::Duration> timeout;   ///< Of one attempt.
  std::optional<sim::Duration> deadline;  ///< Of all attempts together.
  std::optional<RetryPlan> retry;
  std::optional<HedgePlan> hedge;
  bool propagate_deadline = false;
};
const FieldTable& fields_of(const ClientPlan*);

}  // namespace headroom
