#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "app/scenario/plan.hpp"
#include "models/network/topology.hpp"

namespace headroom {

/// Where instances stand on the network. A site is a zone, or the replicas of one zone that the
/// same partitions name, so that they can be cut from others of their zone; where the network has
/// a topology, also those of one host. Sites are numbered from 0, the zones of the scenario first.
class Sites {
 public:
  /// `plan` must outlive it. Partitions may name what does not exist, which is then nowhere.
  explicit Sites(const ScenarioPlan& plan);

  /// Of each instance of a service, in their order.
  std::vector<std::uint16_t> of(std::string_view service) const;
  /// Where the clients of a workload stand.
  std::uint16_t of_workload(std::string_view workload) const;
  /// The node of each site; empty where the network has no topology.
  const std::vector<std::uint32_t>& nodes() const { return node_of_; }
  const std::optional<Topology>& topology() const { return topology_; }
  /// The zone in which a site stands; a zone stands in itself.
  std::uint16_t zone_of(std::uint16_t site) const { return zone_of_[site]; }
  /// The zones of the sites beyond the zones of the scenario.
  std::vector<std::uint16_t> further() const;
  std::size_t size() const { return zone_of_.size(); }
  const std::vector<std::uint16_t>& zones() const { return zone_of_; }
  /// The sites on each side of a partition of the plan. A replica that it names is on that side,
  /// whatever becomes of its zone.
  std::vector<std::vector<std::uint16_t>> groups_of(const PartitionPlan& partition) const;

 private:
  static constexpr std::uint32_t unnamed = UINT32_MAX;
  /// By partition: in which of its groups a replica is named.
  using Names = std::vector<std::uint32_t>;

  Names names_of(std::string_view service, std::uint32_t instance, std::uint32_t instances) const;
  std::uint16_t site_of(std::uint16_t zone, const Names& names, std::uint32_t node);
  void put_on_hosts(const std::vector<std::string>* placed, std::vector<std::uint16_t>& zones,
                    std::vector<std::uint32_t>& nodes);

  const ScenarioPlan& plan_;
  std::vector<const PartitionPlan*> partitions_;
  std::vector<std::uint16_t> zone_of_;
  std::vector<Names> names_of_;  ///< By site.
  std::map<std::tuple<std::uint16_t, std::uint32_t, Names>, std::uint16_t> numbers_;
  std::map<std::string, std::vector<std::uint16_t>, std::less<>> sites_of_;
  std::optional<Topology> topology_;
  std::vector<std::uint32_t> node_of_;             ///< By site.
  std::vector<std::vector<std::uint32_t>> hosts_;  ///< By zone.
  std::vector<std::size_t> next_host_;             ///< By zone: whose turn it is.
  std::map<std::string, std::uint16_t, std::less<>> site_of_workload_;
};

/// In the memory of whose replicas those of a cache are; null where it stands for itself.
const std::string* host_of(const ScenarioPlan& plan, std::string_view service);

/// The zones of the instances of a service, by instance: round-robin over those it names.
std::vector<std::uint16_t> zones_of_instances(const ScenarioPlan& plan, std::string_view service);

/// Whether a target in a group of a partition is a zone: "zone az-a", or the bare name of one.
bool names_zone(const ScenarioPlan& plan, const FaultTarget& target);

}  // namespace headroom
