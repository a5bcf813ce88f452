#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/study/sites.hpp"

namespace headroom {

/// What all workloads at their peaks ask of one link.
struct LinkNeed {
  std::string name;
  double needed_bytes_per_s = 0;
  std::optional<double> bandwidth_bytes_per_s;  ///< None where unlimited.
};

/// The rate of a workload that the network allows between its clients and what they call first
/// (through balancers, where hosts are known), over all ways at once and with nobody else on them.
struct RateBound {
  std::string workload;
  double per_s = 0;
  bool of_answers = false;         ///< Answers set it, not requests.
  std::vector<std::string> links;  ///< Of the minimum cut.
};

/// Something whose loss alone cuts others off.
struct SinglePoint {
  std::string name;
  bool is_link = false;
  std::size_t hosts = 0;             ///< Cut off.
  std::vector<std::string> cut_off;  ///< "db[0]", or hosts where nothing stands on them.
};

/// What a failure of the scenario cuts off.
struct CutOff {
  std::size_t failure = 0;
  std::string target;
  std::vector<std::string> cut_off;
};

/// A network by arithmetic: mean sizes, shortest routes, equal shares of equally long ones; no
/// queueing, retransmissions, retries or failures.
struct NetworkNeeds {
  std::vector<LinkNeed> links;      ///< Those that carry something, the fullest first.
  std::vector<RateBound> bounds;    ///< Where one is finite.
  std::vector<SinglePoint> points;  ///< Of a topology.
  std::vector<CutOff> cut_off;      ///< Of a topology.
  std::vector<std::string> notes;   ///< Windows, losses and queues that will not fill a link.
};

/// What stands on each node of a topology.
std::map<std::uint32_t, std::vector<std::string>> residents_of(const ScenarioPlan& plan,
                                                               const Sites& sites);

/// For a checked plan; nothing in it where there is no network.
NetworkNeeds network_needs(const ScenarioPlan& plan);

}  // namespace headroom
