#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/fields.hpp"

namespace headroom {

/// From some time on, other limits.
struct ScheduledScale {
  sim::Duration at;                  ///< From the end of the warm-up.
  std::optional<std::uint32_t> min;  ///< As before when absent.
  std::optional<std::uint32_t> max;
};
const FieldTable& fields_of(const ScheduledScale*);

/// So many instances, or such a share of them, at most within a time.
struct ScalingPolicy {
  std::optional<std::uint32_t> instances;  ///< 1 to 10,000
  std::optional<Ratio> percent;            ///< Of those at the beginning of the period; above 0.
  sim::Duration period;                    ///< 1 s to 30 min.
};
const FieldTable& fields_of(const ScalingPolicy*);

/// Which of several policies counts.
enum class SelectPolicy : std::uint8_t {
  max,       ///< The one that allows the largest change.
  min,       ///< The one that allows the smallest.
  disabled,  ///< Nothing changes in this direction.
};
Choices choices_of(SelectPolicy);

/// How fast a pool grows, or shrinks.
struct ScalingRules {
  std::optional<sim::Duration> stabilization;  ///< 0 s to 1 h; 0 s up, 5 min down when absent.
  SelectPolicy select_policy = SelectPolicy::max;
  std::vector<ScalingPolicy> policies;  ///< Those of Kubernetes where there are none.
};
const FieldTable& fields_of(const ScalingRules*);

/// How fast a pool changes; what is absent is as in Kubernetes.
struct BehaviorPlan {
  std::optional<ScalingRules> scale_up;
  std::optional<ScalingRules> scale_down;
};
const FieldTable& fields_of(const BehaviorPlan*);

/// How many instances a service has, by how busy they are. Vocabulary and rule of the Kubernetes
/// HPA.
struct AutoscalePlan {
  std::uint32_t min = 0;                    ///< 1 to 10,000
  std::uint32_t max = 0;                    ///< min to 10,000
  std::optional<Ratio> target_utilization;  ///< 0 to 1; of ready instances.
  std::optional<double> target_queue;       ///< Requests that wait for each of them; above 0.
  sim::Duration interval = sim::Duration::seconds(15);  ///< Between two looks; at least 1 ms.
  Ratio tolerance{0.1};                                 ///< So near to the target nothing changes.
  sim::Duration scale_down_stabilization = sim::Duration::seconds(300);
  std::optional<BehaviorPlan> behavior;  ///< In place of scale_down_stabilization.
  Distribution startup;                  ///< From the decision until an instance gets calls.
  sim::Duration cooldown;
  sim::Duration drain = sim::Duration::seconds(30);  ///< After it a stopping instance is killed.
  std::vector<ScheduledScale> scheduled;             ///< In the order of time.

  /// The most that there can ever be.
  std::uint32_t most() const {
    std::uint32_t most = max;
    for (const ScheduledScale& change : scheduled)
      if (change.max && *change.max > most) most = *change.max;
    return most;
  }
};
const FieldTable& fields_of(const AutoscalePlan*);

}  // namespace headroom
