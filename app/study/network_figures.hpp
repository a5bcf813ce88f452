#pragma once

#include "app/scenario/plan.hpp"
#include "app/study/figures_of_runs.hpp"
#include "app/study/network_summary.hpp"

namespace headroom {

/// What links carried and what became of bulk copies, over the runs.
NetworkSummary network_summary(const ScenarioPlan& plan, Runs runs);

}  // namespace headroom
