#pragma once

#include <string>

#include "app/scenario/checks.hpp"

namespace headroom {

/// Links between zones, or the topology with what stands on it; and bulk copies.
void check_network_plan(const Checking& checking);

/// A target "link a -> b", "host h1" or "switch s1" of a failure at that place of the document.
void check_network_target(const Checking& checking, const std::string& at,
                          const FaultTarget& target);

}  // namespace headroom
