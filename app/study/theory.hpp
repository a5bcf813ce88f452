#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/scenario/plan.hpp"

namespace headroom {

/// What a closed form says of one service.
struct Theory {
  std::string service;
  std::string model;  ///< "M/M/24", "M/G/1"
  double sojourn_mean_s = 0;
};

/// Services that are a station for which there is a closed form, as they stand in the scenario: one
/// replica, only Poisson workloads that call it without client policies and nobody else who calls
/// it, one service time, an order that does not look at it, no network, no failures, less than
/// full. Of limited queues the form knows nothing: it holds where nobody was turned away.
std::vector<Theory> closed_forms(const ScenarioPlan& plan);

}  // namespace headroom
