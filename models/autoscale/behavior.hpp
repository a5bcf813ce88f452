#pragma once

#include <cstdint>
#include <vector>

#include "models/autoscale/plan.hpp"

namespace headroom {

/// How fast a pool may change: windows within which recommendations have to agree, and limits to
/// what is started and stopped within a time.
/// Source: Kubernetes, "Horizontal Pod Autoscaling, configurable scaling behavior";
/// podautoscaler/horizontal.go, stabilizeRecommendationWithBehaviors and
/// convertDesiredReplicasWithBehaviorRate.
class ScalingBehavior {
 public:
  explicit ScalingBehavior(const BehaviorPlan& plan);

  /// What there was counts as recommended, before the first look.
  void begin(sim::Time now, std::uint32_t current) { recommended_.push_back({now, current}); }
  /// `wanted` now, brought as near to `current` as the windows ask: up to the least, and down to
  /// the most, that was recommended within them.
  std::uint32_t steady(sim::Time now, std::uint32_t current, std::uint32_t wanted);
  /// As much of the way from `current` to `wanted` as the policies allow now.
  std::uint32_t limited(sim::Time now, std::uint32_t current, std::uint32_t wanted) const;
  /// The pool was scaled, by whomever.
  void scaled(sim::Time now, std::uint32_t from, std::uint32_t to);

 private:
  struct Count {
    sim::Time at;
    std::uint32_t count;
  };
  static void forget(std::vector<Count>& counts, sim::Time now);
  static double changed(const std::vector<Count>& changes, sim::Time now, sim::Duration period);
  double limit(const ScalingRules& rules, sim::Time now, std::uint32_t current, bool up) const;

  ScalingRules up_, down_;  ///< Nothing absent.
  std::vector<Count> recommended_, started_, stopped_;
};

}  // namespace headroom
