#include "models/autoscale/plan.hpp"

namespace headroom {

const FieldTable& fields_of(const ScheduledScale*) {
  using P = ScheduledScale;
  static const auto table =
      FieldTable::of<P>("scheduled_scale", "From some time on, other limits.")
          .required("at", &P::at, "From the end of the warm-up.", example("8h"))
          .optional("min", &P::min, "The fewest instances from then on.", between(1.0, 1e4),
                    example("10"), absent_means("as before"))
          .optional("max", &P::max, "The most instances from then on.", between(1.0, 1e4),
                    example("40"), absent_means("as before"))
          .check([](const P& plan, Findings& findings) {
            if (!plan.min && !plan.max)
              findings.error("at", "changes neither \"min\" nor \"max\"", "give one of them");
          });
  return table;
}

Choices choices_of(SelectPolicy) {
  static constexpr Choice choices[] = {
      {"max", "the policy that allows the largest change"},
      {"min", "the policy that allows the smallest change"},
      {"disabled", "nothing changes in this direction"},
  };
  return choices;
}

const FieldTable& fields_of(const ScalingPolicy*) {
  using P = ScalingPolicy;
  static const auto table =
      FieldTable::of<P>("scaling_policy", "How much may change within a time.")
          .optional("instances", &P::instances, "So many instances.", between(1.0, 1e4),
                    example("4"), absent_means("by percent"))
          .optional("percent", &P::percent,
                    "Such a share of those that there were when the period began; rounded up where "
                    "the pool grows, and what is left rounded down where it shrinks.",
                    between(0.0001, 100.0), example("100%"), absent_means("by instances"))
          .required("period", &P::period, "Within which time.",
                    between(sim::Duration::seconds(1), sim::Duration::seconds(1800)),
                    example("15s"))
          .exactly_one_of({"instances", "percent"});
  return table;
}

const FieldTable& fields_of(const ScalingRules*) {
  using P = ScalingRules;
  static const auto table =
      FieldTable::of<P>("scaling_rules", "How fast a pool grows, or shrinks.")
          .source("Kubernetes HorizontalPodAutoscaler, behavior")
          .optional("stabilization", &P::stabilization,
                    "Grows to the least, or shrinks to the most, that was wanted within this time.",
                    between(sim::Duration(), sim::Duration::seconds(3600)), example("1min"),
                    absent_means("0 s for scale_up, 5 min for scale_down"))
          .with_default("select_policy", &P::select_policy, "Which of several policies counts.")
          .with_default("policies", &P::policies,
                        "How much may change at most; without any, scale_up has 4 instances and "
                        "100% in 15 s, scale_down 100% in 15 s.",
                        example(R"([{"instances": 2, "period": "1min"}])"));
  return table;
}

const FieldTable& fields_of(const BehaviorPlan*) {
  using P = BehaviorPlan;
  static const auto table =
      FieldTable::of<P>("behavior", "How fast a pool changes.")
          .source("Kubernetes HorizontalPodAutoscaler, behavior")
          .optional("scale_up", &P::scale_up, "How fast it grows.",
                    example(R"({"policies": [{"percent": "50%", "period": "1min"}]})"),
                    absent_means("the defaults of Kubernetes"))
          .optional("scale_down", &P::scale_down, "How fast it shrinks.",
                    example(R"({"select_policy": "disabled"})"),
                    absent_means("the defaults of Kubernetes"));
  return table;
}

namespace {

void check_limits(const AutoscalePlan& plan, Findings& findings) {
  if (plan.min > plan.max)
    findings.error("max", "is below \"min\"", "at least " + std::to_string(plan.min));
  std::uint32_t min = plan.min, max = plan.max;
  for (std::size_t i = 0; i < plan.scheduled.size(); ++i) {
    const ScheduledScale& change = plan.scheduled[i];
    const std::string key = "scheduled/" + std::to_string(i);
    min = change.min.value_or(min);
    max = change.max.value_or(max);
    if (plan.min <= plan.max && min > max)
      findings.error(
          key,
          "from then on \"min\" is " + std::to_string(min) + " and \"max\" " + std::to_string(max),
          "change the other one too");
    if (i > 0 && change.at <= plan.scheduled[i - 1].at)
      findings.error(key + "/at", "is not later than the one before", "in the order of time");
  }
}

}  // namespace

const FieldTable& fields_of(const AutoscalePlan*) {
  using P = AutoscalePlan;
  static const auto table =
      FieldTable::of<P>("autoscale", "How many instances there are, by how busy they are.")
          .source("Kubernetes HorizontalPodAutoscaler")
          .required("min", &P::min, "The fewest instances.", between(1.0, 1e4), example("2"))
          .required("max", &P::max, "The most instances.", between(1.0, 1e4), example("12"))
          .optional("target_utilization", &P::target_utilization,
                    "Of the ready instances, in the mean over the interval; a shard with copies "
                    "is as busy as the busiest of them.",
                    above(0.0),
                    example("65%"), absent_means("by target_queue"))
          .optional("target_queue", &P::target_queue,
                    "Requests that wait for each ready instance, at the end of the interval.",
                    above(0.0), example("10"), absent_means("by target_utilization"))
          .with_default("interval", &P::interval, "From one decision to the next.",
                        at_least(sim::Duration::ms(1)))
          .with_default("tolerance", &P::tolerance,
                        "While the measured value is so near to the target nothing changes.")
          .with_default("scale_down_stabilization", &P::scale_down_stabilization,
                        "Scales down to the most that was wanted within this time.")
          .optional("behavior", &P::behavior,
                    "How fast it grows and shrinks, in place of scale_down_stabilization.",
                    example(R"({"scale_up": {"policies": [{"instances": 2, "period": "1min"}]}})"),
                    absent_means("as fast as it likes"))
          .required("startup", &P::startup, "From a decision until the new instance gets calls.",
                    example("45s"))
          .with_default("cooldown", &P::cooldown, "After a change nothing changes for this time.")
          .with_default("drain", &P::drain,
                        "How long an instance that goes may finish what it has.")
          .with_default("scheduled", &P::scheduled, "Other limits from some time on.",
                        example(R"([{"at": "8h", "min": 10}, {"at": "20h", "min": 2}])"))
          .exactly_one_of({"target_utilization", "target_queue"})
          .check(&check_limits);
  return table;
}

}  // namespace headroom
