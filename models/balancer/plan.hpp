#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/fields.hpp"

namespace headroom {

/// Probes of every replica, by each balancer for itself.
struct HealthCheckPlan {
  sim::Duration interval;  ///< From the start of one probe to the next; at least 1 ms.
  sim::Duration timeout =
      sim::Duration::seconds(1);      ///< Without an answer by then it failed; above 0.
  std::uint32_t unhealthy_after = 3;  ///< Failed probes in a row; at least 1.
  std::uint32_t healthy_after = 2;    ///< Good probes in a row; at least 1.
};
const FieldTable& fields_of(const HealthCheckPlan*);

/// Takes replicas out that answer with errors. Source: outlier detection of Envoy.
struct OutlierEjectionPlan {
  std::uint32_t consecutive = 5;                         ///< Bad answers in a row; at least 1.
  sim::Duration eject_for = sim::Duration::seconds(30);  ///< The first time; above 0.
  Ratio max_ejected{0.1};  ///< Of the replicas, 0 to 1; one always may be.
};
const FieldTable& fields_of(const OutlierEjectionPlan*);

/// What is kept at one replica. Numbered as in its choices.
enum class StickyBy : std::uint8_t { session, key };
Choices choices_of(StickyBy);

/// Spreads calls over the replicas of one service. Kind "load_balancer".
struct BalancerPlan {
  std::vector<ZoneRef> zones;             ///< Of the instances, in turn; the first zone when empty.
  std::optional<std::uint32_t> replicas;  ///< Instances; one in each zone when absent.
  ServiceRef to;                          ///< Whose replicas get the calls.
  std::string policy = "round_robin";     ///< A name of the catalogue.
  std::uint32_t choices = 2;              ///< power_of_two: replicas to compare, 1 to 100.
  bool distinct = true;                   ///< power_of_two: whether they are all different.
  std::uint32_t virtual_nodes = 100;      ///< consistent_hash: points of a replica, 1 to 10,000.
  std::optional<double> bounded_load;     ///< consistent_hash: 1 to 100; no bound when absent.
  std::vector<double> weights;            ///< By replica, 0 to 1e6, not all 0; equal when empty.
  std::optional<HealthCheckPlan> health_check;  ///< All count as healthy when absent.
  std::optional<OutlierEjectionPlan> outlier_ejection;
  std::optional<StickyBy> sticky;           ///< Every call by itself when absent.
  std::optional<sim::Duration> slow_start;  ///< Above 0.

  std::size_t instances() const {
    return replicas ? *replicas : std::max<std::size_t>(1, zones.size());
  }
};
const FieldTable& fields_of(const BalancerPlan*);
/// Its policy chooses by the key of a request alone, whatever was chosen before.
bool goes_by_key(const BalancerPlan& plan);
Choices balancer_policies();

}  // namespace headroom
