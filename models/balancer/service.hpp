#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/balancer/balancer.hpp"

namespace headroom {

/// A service of kind "load_balancer": one instance in each of its zones, one set of books. All of
/// them know the replica that a session or key is pinned to, as callers bring it along.
class BalancerService {
 public:
  /// One instance at each of `sites`, which is not empty; what stands in their `name` and `sticky`
  /// is not looked at. The health checks start at once.
  BalancerService(sim::Simulation& simulation, const BalancerPlan& plan, const std::string& name,
                  std::vector<BalancerSite> sites, const std::vector<BackendTarget>& targets,
                  const Measurement& measurement);

  std::size_t size() const { return instances_.size(); }
  Balancer& instance(std::size_t index) { return *instances_[index]; }

  /// The end of the warm-up.
  void start_measuring();
  ServiceCounts counts() const { return station_.counts(); }
  /// Figures so far, of all instances together; `replicas` are the instances. Conservation and
  /// Little's law are asserted.
  ServiceResult result() const;

 private:
  void add_counts(ServiceResult& result) const;

  sim::Simulation& simulation_;
  Station station_;
  sim::Time measured_from_;
  std::optional<Sticky> sticky_;
  std::vector<std::unique_ptr<Balancer>> instances_;
};

}  // namespace headroom
