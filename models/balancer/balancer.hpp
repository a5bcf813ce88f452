#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/balancer/backends.hpp"
#include "models/balancer/health_check.hpp"
#include "models/balancer/plan.hpp"
#include "models/balancer/policy.hpp"
#include "models/endpoint.hpp"
#include "models/station.hpp"

namespace headroom {

/// One replica that a balancer may call, in a zone.
struct BackendTarget {
  Endpoint* endpoint = nullptr;
  std::uint16_t zone = 0;
};

/// One balancer: passes each call on to a replica that its policy chooses among those it takes for
/// healthy. It takes no time and queues nothing. When none is healthy the call is rejected with
/// `no_backend` (some balancers fail open instead and try anyone; this one does not).
///
/// What it knows of a replica is its own: the calls it has outstanding there, the answers and the
/// probes it got. A call that never gets an answer stays outstanding.
class Balancer final : public Endpoint {
 public:
  /// `name` is its own among all instances; `station` and the targets outlive it. Weights
  /// by the order of `targets`, 1 where the plan has none.
  Balancer(Station& station, const BalancerPlan& plan, const std::string& name, std::uint16_t zone,
           const std::vector<BackendTarget>& targets);

  sim::Task<Reply> call(Request request) override;
  /// Yes, as soon as asked, while it takes at least one replica for healthy.
  sim::Task<bool> probe(std::uint16_t zone) override;

  std::uint16_t zone() const { return zone_; }
  const Backends& backends() const { return backends_; }
  /// What a health check has found out.
  void set_healthy(std::size_t backend, bool healthy);

  void start_measuring() { arrivals_ = 0; }
  std::uint64_t arrivals() const { return arrivals_; }

 private:
  class Outstanding;

  Station& station_;
  std::uint16_t zone_;
  Backends backends_;
  std::unique_ptr<Policy> policy_;
  std::uint64_t arrivals_ = 0;
  std::unique_ptr<HealthCheck> health_check_;  ///< Null where there is none.
};

/// A service of kind "load_balancer": one instance in each of its zones, one set of books.
class BalancerService {
 public:
  /// One instance in each of `zones`, which is not empty. The health checks start at once.
  BalancerService(sim::Simulation& simulation, const BalancerPlan& plan, const std::string& name,
                  const std::vector<std::uint16_t>& zones,
                  const std::vector<BackendTarget>& targets, const Measurement& measurement);

  std::size_t size() const { return instances_.size(); }
  Balancer& instance(std::size_t index) { return *instances_[index]; }

  /// The end of the warm-up.
  void start_measuring();
  /// Figures so far, of all instances together; `replicas` are the instances. Conservation and
  /// Little's law are asserted.
  ServiceResult result() const;

 private:
  sim::Simulation& simulation_;
  Station station_;
  sim::Time measured_from_;
  std::vector<std::unique_ptr<Balancer>> instances_;
};

}  // namespace headroom
