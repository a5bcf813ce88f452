#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/report/paint.hpp"
#include "app/study/arithmetic.hpp"

namespace headroom {

/// What `check` says before any simulation: what a request needs, how busy that makes each service
/// and the load at which it is full.
std::string arithmetic_text(const Arithmetic& needs, const ScenarioPlan& plan, const Paint& paint);

nlohmann::ordered_json to_json(const Arithmetic& needs, const ScenarioPlan& plan);

}  // namespace headroom
