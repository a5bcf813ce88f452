#include "models/client_plan.hpp"

namespace headroom {

const FieldTable& fields_of(const RateLimitPlan*) {
  using P = RateLimitPlan;
  static const auto table =
      FieldTable::of<P>("rate_limit", "Requests take tokens; without one they are refused.")
          .required("rate", &P::rate, "Requests a second in the long run.", example("100/s"),
                    above(Rate{0}))
          .with_default("burst", &P::burst, "Requests that may come at once; full at the start.",
                        between(1, 1e9))
          .source("Turner 1986");
  return table;
}

const FieldTable& fields_of(const CircuitBreakerPlan*) {
  using P = CircuitBreakerPlan;
  static const auto table =
      FieldTable::of<P>("circuit_breaker", "No calls for a while of one who does not answer well.")
          .with_default("window", &P::window, "Calls that ended so recently are looked at.",
                        between(sim::Duration::us(1), sim::Duration::seconds(86'400)))
          .optional("failure_ratio", &P::failure_ratio,
                    "Opens when such a share of the calls in the window did not end ok.",
                    example("50%"), above(Ratio{0}), absent_means("not by share"))
          .with_default("min_calls", &P::min_calls,
                        "Calls that must have ended in the window before the share counts.",
                        between(1, 1e9))
          .optional("consecutive", &P::consecutive, "Opens after so many failures in a row.",
                    example("5"), between(1, 1e9), absent_means("not by failures in a row"))
          .with_default("open_for", &P::open_for, "Refuses every call for so long.",
                        above(sim::Duration()))
          .with_default("half_open_calls", &P::half_open_calls,
                        "Calls that are then let through; when all end ok it closes, when one does "
                        "not it opens again.",
                        between(1, 1e6))
          .check([](const P& plan, Findings& findings) {
            if (!plan.failure_ratio && !plan.consecutive)
              findings.error("", "a breaker needs a reason to open",
                             "write \"failure_ratio\": \"50%\" or \"consecutive\": 5");
            if (plan.failure_ratio) return;
            const std::string why = "does nothing here: it belongs to failure_ratio";
            if (plan.window != P().window) findings.warning("window", why);
            if (plan.min_calls != P().min_calls) findings.warning("min_calls", why);
          })
          .source("Nygard 2007, \"Release It!\"; Hystrix");
  return table;
}

const FieldTable& fields_of(const BulkheadPlan*) {
  using P = BulkheadPlan;
  static const auto table =
      FieldTable::of<P>("bulkhead", "A limit of the calls of one target that are under way.")
          .required("concurrency", &P::concurrency, "Calls under way at once.", example("10"),
                    between(1, 1e9))
          .with_default("queue", &P::queue, "Calls that may wait for one of them to end.")
          .source("Nygard 2007, \"Release It!\"");
  return table;
}

}  // namespace headroom
