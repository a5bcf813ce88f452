#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "models/call_watcher.hpp"
#include "models/client_plan.hpp"
#include "models/endpoint.hpp"
#include "models/event_log.hpp"
#include "models/resilience/circuit_breaker.hpp"
#include "models/resilience/hedge_delay.hpp"
#include "models/resilience/retry_budget.hpp"
#include "models/ties.hpp"
#include "models/token_bucket.hpp"
#include "models/tracing.hpp"
#include "sim/kernel/poll.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

/// What the policies of one client, or of several together, did since the measurement began.
struct GuardCounts {
  std::uint64_t rate_limited = 0;   ///< Requests.
  std::uint64_t breaker_open = 0;   ///< Attempts that were refused.
  std::uint64_t bulkhead_full = 0;  ///< The same.
  std::uint64_t openings = 0;
  double open_s = 0;  ///< Open or half open, summed over breakers.
};

/// What a caller does around its calls of one target. Outermost first: rate_limit,
/// deadline, retry, hedge, circuit_breaker, bulkhead, timeout.
///
/// Every attempt is a process of its own (a sim::Call), so it goes on after the caller has given it
/// up or is gone: a timeout does not stop the work. An answer that can never come any more (its
/// process was destroyed) looks like one that is late: the caller waits for its timeout or
/// deadline, and for ever when it has neither.
///
/// An answer and a timeout at the same instant: what was scheduled first wins. Where the deadline
/// is propagated an answer comes in time only before it.
class Client final : public Endpoint {
 public:
  /// `plan` and `target` outlive the client. `step` tells the calls that one request makes apart:
  /// attempt i of the call draws from mix(mix(request.draw_key, step), i), in every design.
  Client(sim::Simulation& simulation, const ClientPlan& plan, Endpoint& target, std::uint64_t step);

  /// The first ok or final answer, with the number of attempts made, every copy being one. The last
  /// attempt's answer is returned when attempts or the retry budget are used up, or when its
  /// outcome is not one to retry after; `timeout` when the deadline ends the call.
  ///
  /// The request goes out with the deadline "never" unless `propagate_deadline` is set. It then
  /// carries the earlier of the deadline it came with and the one of this call (the timeout of the
  /// attempt where the plan has no deadline), and the caller too waits no longer than that: a call
  /// that has expired before it is made is a timeout of no attempts.
  sim::Task<Reply> call(Request request) override;
  sim::Task<bool> probe(std::uint16_t zone) override { return target_.probe(zone); }

  /// Where changes of its breaker are noted, as those of `name`.
  void note_in(EventLog* log, std::string name) {
    log_ = log;
    name_ = std::move(name);
  }
  /// What its calls are called in traces: "db.read".
  void set_label(std::string label) { label_ = std::move(label); }
  /// Who is told of each attempt that is given up, or whose caller dies.
  void set_watcher(CallWatcher* watcher) { watcher_ = watcher; }
  /// Where its copies are tied, where they are; it outlives the client.
  void set_ties(Ties* ties) { ties_ = ties; }
  void start_measuring();
  GuardCounts guarded_since() const;

 private:
  class Waiting;
  bool is_guarded() const { return breaker_ || bulkhead_; }
  sim::Task<Reply> guarded(Request request, std::uint32_t number, sim::Time gives_up);
  sim::Task<Reply> isolated(Request request, std::uint32_t number, sim::Time gives_up);
  void note_change(CircuitBreaker::State before);
  sim::Task<Reply> hedged(Request request, sim::Time gives_up, std::uint32_t* sent);
  sim::Task<> copy(Request request, std::uint32_t number, bool is_first, sim::Time gives_up,
                   Reply* answer, sim::Ballot ballot);
  Request attempt(const Request& request, std::uint32_t number, sim::Time due) const;
  sim::Time due_of_attempt(sim::Time gives_up) const;
  std::uint64_t draw_key(const Request& request, std::uint32_t number) const;
  Reply heard(const std::optional<Reply>& answer, sim::Time due, const Request& request,
              std::uint32_t number) const;
  bool retries_after(const Reply& reply, std::uint32_t attempts) const;
  sim::Duration pause_before(std::uint32_t retry, sim::Duration previous,
                             const Request& request) const;

  Endpoint& target_;
  const ClientPlan& plan_;
  std::uint64_t step_;
  std::uint8_t retried_outcomes_ = 0;  ///< One bit each.
  sim::Lane timeout_;
  std::optional<RetryBudget> budget_;  ///< Where there are retries.
  std::optional<HedgeDelay> hedge_delay_;
  std::optional<TokenBucket> tokens_;
  std::optional<CircuitBreaker> breaker_;
  std::optional<sim::Resource> bulkhead_;
  GuardCounts counts_;
  CallWatcher* watcher_ = nullptr;
  Ties* ties_ = nullptr;
  EventLog* log_ = nullptr;
  std::string name_;
  std::string label_;
};

}  // namespace headroom
