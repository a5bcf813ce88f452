#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

namespace headroom {

/// What the scenario itself says at each of these paths, before anything is varied: {path: value}.
/// Paths of which it says nothing are left out, all of them where it cannot stand without them.
nlohmann::ordered_json values_of_today(const std::string& file,
                                       std::span<const std::string> settings,
                                       std::span<const std::string> paths);

}  // namespace headroom
