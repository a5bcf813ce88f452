#pragma once

#include "app/scenario/plan.hpp"

namespace headroom {

/// The same scenario with what its author left out and what stands for a value written out: zones,
/// cores, sizes, the warm-up, limits. It runs the same.
ScenarioPlan with_defaults(ScenarioPlan plan);

}  // namespace headroom
