#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/report/paint.hpp"
#include "app/study/arithmetic.hpp"
#include "app/study/network_needs.hpp"

namespace headroom {

/// What `check` says before any simulation: what a request needs, how busy that makes each service
/// and the load at which it is full, or the first of its `links`.
std::string arithmetic_text(const Arithmetic& needs, const std::vector<LinkNeed>& links,
                            const ScenarioPlan& plan, const Paint& paint);

nlohmann::ordered_json to_json(const Arithmetic& needs, const std::vector<LinkNeed>& links,
                               const ScenarioPlan& plan);

}  // namespace headroom
