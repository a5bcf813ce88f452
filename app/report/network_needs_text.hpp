#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/report/paint.hpp"
#include "app/study/network_needs.hpp"

namespace headroom {

/// What the network needs and what its loss would cut off; empty where there is nothing to tell.
std::string network_needs_text(const NetworkNeeds& needs, const Paint& paint);
nlohmann::ordered_json to_json(const NetworkNeeds& needs);

}  // namespace headroom
