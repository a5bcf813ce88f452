#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "app/study/sites.hpp"

namespace headroom {

/// What a failure of the scenario cuts off.
struct CutOff {
  std::size_t failure = 0;
  std::string verb;                  ///< "kill", "partition"
  std::string target;                ///< "zone b"; empty of a partition.
  std::vector<std::string> cut_off;  ///< Who is taken down with a zone, or reaches nobody else.
  /// Of a partition or a link between zones: who stands on each side. Who is on none reaches all;
  /// a single side is cut off from all others.
  std::vector<std::vector<std::string>> sides{};
  bool is_one_way = false;  ///< Only what the first side sends is cut.
};

/// What stands on each node of a topology.
std::map<std::uint32_t, std::vector<std::string>> residents_of(const ScenarioPlan& plan,
                                                               const Sites& sites);

/// Names of those nodes' residents; of the hosts where nothing stands on them.
std::vector<std::string> names_on(
    const Topology& topology, const std::map<std::uint32_t, std::vector<std::string>>& residents,
    const std::vector<std::uint32_t>& hosts);

/// Of kills of zones, links, hosts and switches, and of partitions. For a checked plan.
std::vector<CutOff> cut_off_by_failures(const ScenarioPlan& plan, const Sites& sites);

}  // namespace headroom
