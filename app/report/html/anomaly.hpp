#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace headroom::html {

/// The space-time diagram of an "anomaly" as summary.json holds it.
std::string anomaly_drawing(const nlohmann::ordered_json& anomaly);

}  // namespace headroom::html
