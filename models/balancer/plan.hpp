#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/fields.hpp"

namespace headroom {

struct HealthCheckPlan {
  sim::Duration interval;
  sim::Duration timeout = sim::Duration::seconds(1);
  std::uint32_t unhealthy_after = 3;
  std::uint32_t healthy_after = 2;
};
const FieldTable& fields_of(const HealthCheckPlan*);

/// Spreads calls over the replicas of one service. Kind "load_balancer".
struct BalancerPlan {
  std::vector<ZoneRef> zones;  ///< One instance in each; the first zone when empty.
  ServiceRef to;
  std::string policy = "round_robin";  ///< A name of the catalogue.
  std::uint32_t choices = 2;
  bool distinct = true;
  std::uint32_t virtual_nodes = 100;
  std::vector<double> weights;  ///< By replica; equal when empty.
  std::optional<HealthCheckPlan> health_check;
};
const FieldTable& fields_of(const BalancerPlan*);
Choices balancer_policies();

}  // namespace headroom
