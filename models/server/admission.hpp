#pragma once

#include <cstdint>
#include <optional>

#include "models/request.hpp"
#include "models/server/codel.hpp"
#include "models/server/gradient_limit.hpp"
#include "models/server/priority_shed.hpp"
#include "models/token_bucket.hpp"

namespace headroom {

/// What one replica lets in: at the door, and again when a request comes to the head of its queue.
class Admission {
 public:
  Admission(const AdmissionPlan& plan, sim::Time now) : plan_(plan) {
    if (plan.codel) codel_.emplace(*plan.codel);
    if (plan.token_bucket) tokens_.emplace(plan.token_bucket->rate, plan.token_bucket->burst);
    if (plan.adaptive_concurrency) gradient_.emplace(*plan.adaptive_concurrency, now);
    if (plan.priority_shed) priority_.emplace(*plan.priority_shed, now);
  }

  /// Why a request that comes now is refused; `none` where it is let in. `in_flight` are here.
  DropCause refuses(sim::Time now, const Request& request, std::uint32_t in_flight) {
    if (tokens_ && !tokens_->take(now)) return DropCause::rate_limited;
    if (in_flight >= limit()) return DropCause::shed;
    if (priority_ && !priority_->admits(now, request.priority, request.origin))
      return DropCause::shed;
    return DropCause::none;
  }
  /// Whether a request that has its turn now is dropped after that wait.
  bool drops(sim::Time now, sim::Duration waited, std::uint32_t others) {
    if (priority_) priority_->note_wait(waited);
    return codel_ && codel_->drops(now, waited, others);
  }
  void answered(sim::Time now, sim::Duration took, std::uint32_t in_flight) {
    if (gradient_) gradient_->note(now, took, in_flight);
  }
  /// Requests here at once.
  std::uint32_t limit() const {
    if (gradient_) return gradient_->limit();
    return plan_.concurrency ? plan_.concurrency->limit : UINT32_MAX;
  }
  bool adapts() const { return gradient_.has_value(); }

 private:
  const AdmissionPlan& plan_;
  std::optional<Codel> codel_;
  std::optional<TokenBucket> tokens_;
  std::optional<GradientLimit> gradient_;
  std::optional<PriorityShed> priority_;
};

}  // namespace headroom
