#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/study/arithmetic.hpp"
#include "app/study/network_cuts.hpp"

namespace headroom {

/// What all workloads at their peaks ask of one link.
struct LinkNeed {
  std::string name;
  double needed_bytes_per_s = 0;
  std::optional<double> bandwidth_bytes_per_s;  ///< None where unlimited.
  /// Requests of all open workloads together (of the closed ones where no other is), in the
  /// proportions they have, a second, at which it is full; `copies` not counted, as they take what
  /// is left. None where it is never full.
  std::optional<double> ceiling_per_s;
  bool is_overloaded = false;  ///< The open workloads alone ask for as much as it carries, or more.
  bool is_shared = true;       ///< Where not, each message has all of it: it is never full.
  std::string key{};           ///< Of a link between zones, in the plan.

  /// Asked for over what it carries; 0 where that is unlimited or not shared.
  double share() const {
    return bandwidth_bytes_per_s && is_shared ? needed_bytes_per_s / *bandwidth_bytes_per_s : 0;
  }
};

/// The rate of a workload that the network allows with nobody else on it. The lower of two: what
/// all ways at once carry between its clients and what they call first (through balancers, where
/// hosts are known), and what its requests and all calls they cause leave of the fullest link.
struct RateBound {
  std::string workload;
  double per_s = 0;
  bool of_answers = false;         ///< Answers set it, not requests.
  std::vector<std::string> links;  ///< Of the minimum cut; empty where the next is named.
  std::string full_link{};         ///< The link that its calls fill at a lower rate.
};

/// Something whose loss alone cuts others off.
struct SinglePoint {
  std::string name;
  bool is_link = false;
  std::size_t hosts = 0;             ///< Cut off.
  std::vector<std::string> cut_off;  ///< "db[0]", or hosts where nothing stands on them.
};

/// A network by arithmetic: mean sizes, shortest routes, equal shares of equally long ones; no
/// queueing, retransmissions, retries or failures.
struct NetworkNeeds {
  std::vector<LinkNeed> links;      ///< Those that carry something, the fullest first.
  std::vector<RateBound> bounds;    ///< Where one is finite.
  std::vector<SinglePoint> points;  ///< Of a topology.
  std::vector<CutOff> cut_off;      ///< By failures of the scenario.
  std::vector<std::string> notes;   ///< Windows, losses and queues that will not fill a link.
};

/// The links alone, the fullest first. For a checked plan and its arithmetic.
std::vector<LinkNeed> link_needs(const ScenarioPlan& plan, const Arithmetic& arithmetic);

/// The link with the lowest ceiling; null where none has one.
const LinkNeed* first_full(const std::vector<LinkNeed>& links);

/// For a checked plan; nothing in it where there is no network.
NetworkNeeds network_needs(const ScenarioPlan& plan);

}  // namespace headroom
