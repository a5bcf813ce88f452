#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/scenario/data_file.hpp"
#include "models/network/topology_plan.hpp"

namespace headroom {

/// What a platform file holds, or why it is none.
struct PlatformFile : DataFileFault {
  PlatformPlan platform;
};

/// Hosts, routers, links and routes of a SimGrid platform (XML, versions 4 and 4.1): netzones with
/// the routings Full, Floyd and Dijkstra, nested by zoneRoute and gateways, and flat clusters. What
/// is said of computing and storage is skipped; what else says of the network is refused. A host is
/// in the zone of the scenario after which a netzone around it is named, or in the first.
/// Source: the reference of platforms in SimGrid's manual (simgrid.org/doc).
PlatformFile read_platform(std::string_view xml, std::span<const std::string> zones);

}  // namespace headroom
