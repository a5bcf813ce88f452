#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/study/sites.hpp"
#include "models/degradable.hpp"

namespace headroom {

/// The ways that a failure of the scenario makes worse: between zones, or between nodes of a
/// topology.
Degradation degradation_of(const ScenarioPlan& plan, const Sites& sites,
                           const DegradePlan& degrade);

/// The hops of a link of a topology: from one node to another, or both ways; where `to` is empty,
/// over the link of a platform that its file calls so, or over one direction of it ("line_UP").
std::vector<std::uint32_t> hops_of_link(const Topology& topology, const std::string& from,
                                        const std::string& to, bool both_ways);

/// The site of a place that a bulk copy names: a host of the topology, a zone ("east",
/// "zone east"), or a replica ("db[0]"). Nothing where there is no such place.
std::optional<std::uint16_t> site_named(const ScenarioPlan& plan, const Sites& sites,
                                        const std::string& place);

}  // namespace headroom
