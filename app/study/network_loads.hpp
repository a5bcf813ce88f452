#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/scenario/plan.hpp"
#include "app/study/arithmetic.hpp"
#include "app/study/arithmetic_demand.hpp"
#include "models/network/routes.hpp"

namespace headroom {

struct LoadedLink {
  std::string name;
  double bytes_per_s = 0;                       ///< Asked for, all workloads at their peaks.
  std::optional<double> bandwidth_bytes_per_s;  ///< None where unlimited.
  bool is_shared = true;                        ///< Where not, it is never full.
  std::string key{};                            ///< Of a link between zones, in the plan.
  std::vector<double> of_workload{};            ///< What each asks for, in the order of the plan.
};

/// The bytes that each link of a network is asked to carry, by arithmetic: every call by its mean
/// sizes, from where the caller stands to where the callee does, along the shortest routes (equally
/// long ones share evenly). Copies by `throttle` count where they have one.
class NetworkLoads {
 public:
  /// For a checked plan with a network that has links; both outlive it.
  NetworkLoads(const ScenarioPlan& plan, const Arithmetic& arithmetic);

  const std::vector<LoadedLink>& links() const { return links_; }
  /// The rates that these loads go by.
  const Arithmetic& arithmetic() const { return arithmetic_; }
  /// Null without a topology.
  const Sites* sites() const { return demands_.sites(); }
  /// Links between zones from the clients of a workload to a service, or back.
  std::vector<LoadedLink> between(std::string_view workload, const std::string& service,
                                  bool back) const;
  /// Windows, losses and queues that will not fill a link.
  std::vector<std::string> notes() const;

 private:
  using Places = Demands::Places;

  void add_workload(const std::string& name, const WorkloadPlan& workload, double per_s);
  /// Calls of a service from some places, through any balancers.
  void add_calls(const Places& from, const Traffic& calls, double per_s);
  void add_way(std::size_t from, std::size_t to, double bytes_per_s);
  void lay();
  void add_to(const std::string& name, double bytes_per_s, const std::string& key,
              const LinkPlan& plan);
  void add_to_link(std::uint32_t number, double bytes_per_s);
  void add(LoadedLink& link, double bytes_per_s) const;
  LoadedLink unloaded(const std::string& name, const LinkPlan& plan) const;
  void add_bulk();
  /// Links of the way between two places, at their mean latency.
  std::vector<const LinkPlan*> way(std::size_t from, std::size_t to) const;
  std::vector<std::size_t> places_named(const std::vector<std::string>& names) const;

  const ScenarioPlan& plan_;
  const Arithmetic& arithmetic_;
  std::size_t workload_ = 0;  ///< Whose requests are being added; beyond the last one for copies.
  Demands demands_;
  std::optional<Routes> routes_;  ///< Without a topology.
  Sites all_sites_;
  std::vector<LoadedLink> links_;
  std::map<std::string, std::size_t, std::less<>> by_name_;  ///< Without a topology.
  std::vector<std::size_t> by_number_;                       ///< Of the links of a topology.
};

}  // namespace headroom
