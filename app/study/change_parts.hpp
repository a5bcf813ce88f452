#pragma once

#include <functional>

#include "app/scenario/plan.hpp"

namespace headroom {

/// Every step in the list and below it.
void for_each_step(Steps& steps, const std::function<void(Step&)>& visit);

/// The plan to be changed, without the goals that ask about a failure by its position.
ScenarioPlan base_of(const ScenarioPlan& plan);

}  // namespace headroom
