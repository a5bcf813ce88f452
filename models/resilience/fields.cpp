#include "models/client_plan.hpp"

namespace headroom {

Choices choices_of(Jitter) {
  static constexpr std::string_view origin = "Brooker 2015";
  static constexpr Choice choices[] = {
      {"none", "pauses are exactly the backoff", origin},
      {"full", "anything from nothing to the backoff, equally likely", origin},
      {"equal", "half of the backoff, and anything up to the other half", origin},
      {"decorrelated",
       "anything from the first backoff to three times the last pause; ignores multiplier", origin},
  };
  return choices;
}

Choices choices_of(RetryOn) {
  static constexpr Choice choices[] = {
      {"failed", "a fault: an error, a reset connection"},
      {"timeout", "no answer in time; the work may have been done"},
      {"rejected", "refused before any work"},
  };
  return choices;
}

std::vector<RetryOn> whatever_can_be_retried() {
  return {RetryOn::failed, RetryOn::timeout, RetryOn::rejected};
}

const FieldTable& fields_of(const TokenBudgetPlan*) {
  using P = TokenBudgetPlan;
  static const auto table =
      FieldTable::of<P>("token_budget", "Retries take tokens that flow in at a rate.")
          .required("rate", &P::rate, "Retries a second in the long run.", example("20/s"))
          .required("burst", &P::burst, "Retries that may come at once; full at the start.",
                    example("50"), at_least(1));
  return table;
}

const FieldTable& fields_of(const RetryPlan*) {
  using P = RetryPlan;
  static const auto table =
      FieldTable::of<P>("retry", "Trying again when an attempt did not succeed.")
          .required("attempts", &P::attempts, "Attempts in all, the first included.", example("3"),
                    between(1, 1000))
          .required("backoff", &P::backoff, "Pause before the second attempt.", example("50ms"))
          .with_default("multiplier", &P::multiplier, "Growth of the pause from retry to retry.",
                        at_least(1))
          .optional("max_backoff", &P::max_backoff, "The longest pause.", example("1s"),
                    absent_means("no limit"))
          .with_default("jitter", &P::jitter,
                        "How pauses are spread, so that clients do not retry "
                        "in step.")
          .optional("budget", &P::budget,
                    "Limit of retries: as a share of requests (and 10 in reserve), or as tokens.",
                    example("10%"), absent_means("no limit"))
          .with_default("on", &P::on, "Outcomes to retry after.", at_least_items(1))
          .check([](const P& plan, Findings& findings) {
            const bool fixed = plan.backoff.kind == Distribution::Kind::constant;
            if (fixed && plan.max_backoff &&
                plan.backoff.a > static_cast<double>(plan.max_backoff->count_ns())) {
              findings.warning("max_backoff", "is shorter than the backoff, so every pause is cut");
            }
            if (plan.attempts == 2 && plan.multiplier != RetryPlan().multiplier) {
              findings.warning("multiplier", "does nothing here: of 2 attempts there is one pause");
            }
            if (plan.attempts == 1) {
              findings.warning("attempts", "1 attempt in all means no retry",
                               "write 2 for one retry");
            }
          })
          .source("Brooker 2015; SRE book, ch. 22");
  return table;
}

const FieldTable& fields_of(const HedgePlan*) {
  using P = HedgePlan;
  static const auto table =
      FieldTable::of<P>("hedge", "Another copy of a request whose answer is late.")
          .required("after", &P::after,
                    "How long to wait before the next copy: a time, or a percentile of how long "
                    "the first copies of this client took so far (no other before 20 took longer "
                    "than it).",
                    example("\"p95\""), above(sim::Duration()))
          .with_default("max", &P::max, "Copies beside the first.", between(1, 100))
          .with_default("cancel", &P::cancel,
                        "The other copies are taken back when a good answer comes, at once and "
                        "without a message; else their work goes on.")
          .with_default("tied", &P::tied,
                        "The copies know of each other: when a server begins to serve one, the "
                        "others are taken back, at once and without a message.")
          .source("Dean, Barroso 2013, \"The Tail at Scale\"");
  return table;
}

const FieldTable& fields_of(const ClientPlan*) {
  using P = ClientPlan;
  static const auto table =
      FieldTable::of<P>("client",
                        "What a caller does around each call: rate_limit, deadline, retry, hedge, "
                        "circuit_breaker, bulkhead, timeout, "
                        "in that order from the outside in.")
          .optional("timeout", &P::timeout,
                    "How long an attempt may take; the work itself is not stopped.",
                    example("500ms"), above(sim::Duration()), absent_means("waits for ever"))
          .optional("deadline", &P::deadline, "How long all attempts together may take.",
                    example("2s"), above(sim::Duration()), absent_means("no limit"))
          .optional("retry", &P::retry, "Trying again.", absent_means("one attempt"))
          .optional("hedge", &P::hedge, "Another copy when an answer is late.",
                    example(R"({"after": "p95"})"), absent_means("one copy"))
          .optional("rate_limit", &P::rate_limit, "Refuses what comes too often.",
                    absent_means("no limit"), example(R"({"rate": "100/s"})"))
          .optional("circuit_breaker", &P::circuit_breaker,
                    "Refuses attempts while the target does not answer well.", absent_means("none"),
                    example(R"({"consecutive": 5})"))
          .optional("bulkhead", &P::bulkhead, "Limits the attempts under way.",
                    absent_means("no limit"), example(R"({"concurrency": 10})"))
          .with_default("propagate_deadline", &P::propagate_deadline,
                        "The callee learns when the caller gives up (deadline, or timeout where "
                        "there is none): work that still waits there leaves its queue at that "
                        "moment, work that has begun goes on.")
          .check([](const P& plan, Findings& findings) {
            if (plan.timeout && plan.deadline && *plan.timeout > *plan.deadline) {
              findings.warning("timeout",
                               "is longer than the deadline, so it never ends an attempt",
                               "a timeout is for one attempt, the deadline for all of them");
            }
            const auto* after =
                plan.hedge ? std::get_if<sim::Duration>(&plan.hedge->after) : nullptr;
            if (after && plan.timeout && *after >= *plan.timeout) {
              findings.warning("hedge/after",
                               "is not before the timeout, so there is never another copy",
                               "hedge where most answers are in");
            }
          });
  return table;
}

}  // namespace headroom
