#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/study/sites.hpp"
#include "models/degradable.hpp"

namespace headroom {

/// The ways that a failure of the scenario makes worse: between zones, or between nodes of a
/// topology.
Degradation degradation_of(const ScenarioPlan& plan, const Sites& sites,
                           const DegradePlan& degrade);

/// The site of a place that a bulk copy names: a host of the topology, a zone ("east",
/// "zone east"), or a replica ("db[0]"). Nothing where there is no such place.
std::optional<std::uint16_t> site_named(const ScenarioPlan& plan, const Sites& sites,
                                        const std::string& place);

}  // namespace headroom
