#pragma once

#include "app/scenario/plan.hpp"

namespace headroom {

/// Requests a second of an open workload over the measured time, `run.load` included.
struct OfferedRate {
  double mean_per_s = 0;
  double peak_per_s = 0;
};
/// Zero for a closed workload.
OfferedRate offered_rate(const RunPlan& run, const ArrivalsPlan& arrivals);

}  // namespace headroom
