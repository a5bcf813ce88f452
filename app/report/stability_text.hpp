#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/report/paint.hpp"
#include "app/study/stability.hpp"

namespace headroom {

/// The highest load from which it always recovers, then the map: loads down, triggers across.
std::string stability_text(const StabilityMap& map, const Paint& paint);

/// What `stability --json` prints.
nlohmann::ordered_json stability_json(const StabilityMap& map);

}  // namespace headroom
