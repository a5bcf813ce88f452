#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "app/scenario/plan.hpp"

namespace headroom {

/// What a scenario, with its defaults, says at a path of --set; null where it says nothing.
nlohmann::ordered_json value_at(const ScenarioPlan& plan, const std::string& path);

/// What the scenario itself says at each of these paths, before anything is varied: {path: value}.
/// Paths of which it says nothing are left out, all of them where it cannot stand without them.
nlohmann::ordered_json values_of_today(const std::string& file,
                                       std::span<const std::string> settings,
                                       std::span<const std::string> paths);

}  // namespace headroom
