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
                    "Of the ready instances, in the mean over the interval.", above(0.0),
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
