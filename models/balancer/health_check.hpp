#pragma once

#include <cstdint>

#include "models/balancer/plan.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

class Balancer;

/// Probes every replica of one balancer and tells the balancer whom to take for healthy.
///
/// A probe starts every `interval`, or when the one before has ended where that is later; it fails
/// with the answer no, and without an answer after `timeout`. The first probes are spread evenly
/// over the first interval, so that replicas are not probed all at once. A replica that is not
/// there is not probed; one that comes is taken for healthy until its probes fail.
/// Source: the active health checks of Envoy and nginx (thresholds of results in a row).
class HealthCheck {
 public:
  HealthCheck(Balancer& balancer, const HealthCheckPlan& plan);
  void start();
  sim::Simulation& simulation() const;

 private:
  sim::Task<> watch(std::size_t backend);
  sim::Task<bool> passes(std::size_t backend);
  sim::Task<> ask(std::size_t backend, sim::Trigger<bool> answer);

  Balancer& balancer_;
  HealthCheckPlan plan_;
  sim::Lane timeout_;
};

}  // namespace headroom
