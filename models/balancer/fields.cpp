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
}

}  // namespace

const FieldTable& fields_of(const BalancerPlan*) {
  using P = BalancerPlan;
  static const auto table =
      FieldTable::of<P>("load_balancer", "Spreads calls over the replicas of one service.")
          .with_default("zones", &P::zones,
                        "One instance in each; callers use that of their own zone, or all in turn "
                        "where their zone has none.",
                        absent_means("the first zone"))
          .required("to", &P::to, "The service whose replicas get the calls.", example("app"))
          .with_default("policy", &P::policy, "Which replica gets a call.",
                        one_of_names(&balancer_policies))
          .with_default("choices", &P::choices, "power_of_two: replicas to compare.",
                        between(1, 100))
          .with_default("distinct", &P::distinct,
                        "power_of_two: whether the replicas compared are all different.")
          .with_default("virtual_nodes", &P::virtual_nodes,
                        "consistent_hash: points of each replica on the ring.", between(1, 10'000))
          .with_default("weights", &P::weights,
                        "weighted_round_robin: by replica; equal when empty.", at_least(0),
                        at_most(1e6))
          .optional("health_check", &P::health_check, "Finds out which replicas answer.",
                    absent_means("all replicas count as healthy"))
          .check(&check_balancer);
  return table;
}

}  // namespace headroom
