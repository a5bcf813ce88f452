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

/// The topology of a scenario as one would draw it, and what stands on its nodes.
struct DrawnTopology {
  Topology topology;
  std::map<std::uint32_t, std::vector<std::string>> residents;

  /// Nodes on which something stands.
  std::vector<std::uint32_t> in_use() const;
  /// Names of those nodes' residents; of the hosts where nothing stands on them.
  std::vector<std::string> names_on(const std::vector<std::uint32_t>& hosts) const;
};
/// For a plan with a topology.
DrawnTopology drawn_topology(const ScenarioPlan& plan, const Sites& sites);

/// Of kills of zones, links, hosts and switches, and of partitions. For a checked plan.
std::vector<CutOff> cut_off_by_failures(const ScenarioPlan& plan, const Sites& sites);

}  // namespace headroom
