#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/study/arithmetic.hpp"
#include "app/study/network_needs.hpp"
#include "app/study/summary.hpp"

namespace headroom {

/// Something of which there is only so much, and how much of it is asked for.
struct Constraint {
  std::string name;                     ///< "db", "link a -> b", "bulkhead app -> db"
  std::string resource;                 ///< "cores", "slots", "bandwidth", "places", "partitions"
  double share = 0;                     ///< Asked for over what there is, retries included.
  std::optional<double> ceiling_per_s;  ///< Requests of all workloads at which it is full.
};

/// How many times the service was called for each time that the requests need it, without retries;
/// each copy of a database that is asked counts as needed.
double amplification_of(const ScenarioPlan& plan, const ServiceNeeds& needs,
                        const ServiceSummary& measured);

/// Besides what services have of their own: links by their bandwidth, bulkheads (pools of
/// connections) by the calls they let through at once. `measured` tells how busy links are and how
/// many times each service is called because of retries, `network` what the links need.
std::vector<Constraint> further_constraints(const ScenarioPlan& plan, const Arithmetic& needs,
                                            const NetworkNeeds& network, const Summary& measured);

}  // namespace headroom
