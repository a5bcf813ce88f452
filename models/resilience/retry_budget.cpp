#include "models/resilience/retry_budget.hpp"

namespace headroom {

RetryBudget::RetryBudget(const RetryPlan& plan) {
  if (!plan.budget) return;
  if (const auto* share = std::get_if<Ratio>(&*plan.budget)) {
    kind_ = Kind::share;
    share_parts_ = static_cast<std::int64_t>(share->value * static_cast<double>(token) + 0.5);
    full_ = reserve * token;
  } else {
    const auto& bucket = std::get<TokenBudgetPlan>(*plan.budget);
    kind_ = Kind::bucket;
    parts_per_ns_ = bucket.rate.per_s;  // 1e9 parts and 1e9 ns: tokens a second are parts a ns
    full_ = static_cast<std::int64_t>(bucket.burst) * token;
  }
  parts_ = full_;
}

bool RetryBudget::take(sim::Time now) {
  if (kind_ == Kind::none) return true;
  if (kind_ == Kind::bucket) {
    const double flowed = parts_per_ns_ * static_cast<double>((now - filled_).count_ns());
    filled_ = now;
    const bool fills = flowed >= static_cast<double>(full_ - parts_);
    parts_ = fills ? full_ : parts_ + static_cast<std::int64_t>(flowed);
  }
  if (parts_ < token) return false;
  parts_ -= token;
  return true;
}

}  // namespace headroom
