#pragma once

#include <string>

#include "app/study/summary.hpp"

namespace headroom {

/// Whether the goal is about the busiest replica of a service, not about all of them together.
bool is_of_busiest_replica(const SloSummary& slo);

/// Why such a goal and the column "busiest" of a table differ; empty where there is none.
std::string utilization_note(const Summary& summary);

}  // namespace headroom
