#include "models/balancer/plan.hpp"

namespace headroom {

const FieldTable& fields_of(const HealthCheckPlan*) {
  using P = HealthCheckPlan;
  static const auto table =
      FieldTable::of<P>("health_check", "Probes of every replica, by each balancer for itself.")
          .required("interval", &P::interval, "From the start of one probe to that of the next.",
                    example("2s"), at_least(sim::Duration::ms(1)))
          .with_default("timeout", &P::timeout, "A probe without an answer by then has failed.",
                        above(sim::Duration()))
          .with_default("unhealthy_after", &P::unhealthy_after,
                        "Failed probes in a row until a replica gets no calls.", at_least(1))
          .with_default("healthy_after", &P::healthy_after,
                        "Good probes in a row until it gets calls again.", at_least(1))
          .check([](const P& plan, Findings& findings) {
            if (plan.timeout > plan.interval) {
              findings.warning("timeout",
                               "is longer than the interval: where probes get no answer, the next "
                               "one waits for the timeout");
            }
          });
  return table;
}

const FieldTable& fields_of(const OutlierEjectionPlan*) {
  using P = OutlierEjectionPlan;
  static const auto table =
      FieldTable::of<P>("outlier_ejection",
                        "Takes replicas out that answer with errors, by the calls they get anyway.")
          .source("outlier detection of Envoy (consecutive_5xx)")
          .with_default("consecutive", &P::consecutive,
                        "Bad answers in a row (failed, rejected, timed out) until a replica gets "
                        "no calls.",
                        at_least(1))
          .with_default("eject_for", &P::eject_for,
                        "How long, the first time; twice as long the second time in a row, and so "
                        "on up to five minutes.",
                        above(sim::Duration()))
          .with_default("max_ejected", &P::max_ejected,
                        "Share of the replicas that may be out at once; one always may.",
                        example("50%"));
  return table;
}

Choices choices_of(StickyBy) {
  static constexpr Choice choices[] = {
      {"session", "calls of one session stay at the replica that got the first of them"},
      {"key", "calls about one key do"},
  };
  return choices;
}

bool goes_by_key(const BalancerPlan& plan) {
  return plan.policy == "consistent_hash" || plan.policy == "maglev" || plan.policy == "rendezvous";
}

namespace {

void check_balancer(const BalancerPlan& plan, Findings& findings) {
  if (!plan.weights.empty()) {
    double total = 0;
    for (const double weight : plan.weights)
      total += weight;
    if (total <= 0) findings.error("weights", "are all 0, so nobody would get a call");
    if (plan.policy != "weighted_round_robin") {
      findings.warning("weights", "are looked at by weighted_round_robin only");
    }
  }
  if (plan.choices != BalancerPlan().choices && plan.policy != "power_of_two") {
    findings.warning("choices", "are looked at by power_of_two only");
  }
  if (plan.bounded_load && plan.policy != "consistent_hash") {
    findings.warning("bounded_load", "is looked at by consistent_hash only");
  }
  if (plan.slow_start && goes_by_key(plan)) {
    findings.error("slow_start",
                   "policy \"" + plan.policy +
                       "\" has one owner for each key, so "
                       "calls cannot go to others for a while",
                   "use a policy that does not go by key");
  }
}

}  // namespace

const FieldTable& fields_of(const BalancerPlan*) {
  using P = BalancerPlan;
  static const auto table =
      FieldTable::of<P>("load_balancer", "Spreads calls over the replicas of one service.")
          .with_default("zones", &P::zones,
                        "Of its instances; callers use those of their own zone in turn, or all "
                        "where their zone has none.",
                        absent_means("the first zone"))
          .optional("replicas", &P::replicas,
                    "Instances, spread over the zones in turn. Each knows only what it has seen "
                    "itself. Callers know nothing of their health: whoever was refused has to try "
                    "again, and gets the next one.",
                    between(1.0, 1000.0), example("2"), absent_means("one in each zone"))
          .required("to", &P::to, "The service whose replicas get the calls.", example("app"))
          .with_default("policy", &P::policy, "Which replica gets a call.",
                        one_of_names(&balancer_policies))
          .with_default("choices", &P::choices, "power_of_two: replicas to compare.",
                        between(1, 100))
          .with_default("distinct", &P::distinct,
                        "power_of_two: whether the replicas compared are all different.")
          .with_default("virtual_nodes", &P::virtual_nodes,
                        "consistent_hash: points of each replica on the ring.", between(1, 10'000))
          .optional("bounded_load", &P::bounded_load,
                    "consistent_hash: no replica has more calls than so many times the mean; what "
                    "is beyond goes on clockwise.",
                    between(1.0, 100.0), example("1.25"), absent_means("no bound"))
          .with_default("weights", &P::weights,
                        "weighted_round_robin: by replica; equal when empty.", at_least(0),
                        at_most(1e6))
          .optional("health_check", &P::health_check, "Finds out which replicas answer.",
                    absent_means("all replicas count as healthy"))
          .optional("outlier_ejection", &P::outlier_ejection,
                    "Takes replicas out that answer with errors.",
                    example(R"({"consecutive": 5, "max_ejected": "30%"})"),
                    absent_means("nobody is taken out"))
          .optional("sticky", &P::sticky,
                    "What stays at one replica, as by a cookie that all instances of the balancer "
                    "understand; the policy chooses for the first call of each.",
                    example("session"), absent_means("the policy chooses for every call"))
          .optional("slow_start", &P::slow_start,
                    "A replica that has just come, or come back, gets its full share only after "
                    "this time; less before, from a tenth on.",
                    above(sim::Duration()), example("30s"), absent_means("at once"))
          .check(&check_balancer);
  return table;
}

}  // namespace headroom
