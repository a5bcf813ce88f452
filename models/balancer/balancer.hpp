#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/balancer/backends.hpp"
#include "models/balancer/health_check.hpp"
#include "models/balancer/outlier_ejection.hpp"
#include "models/balancer/plan.hpp"
#include "models/balancer/policy.hpp"
#include "models/balancer/slow_start.hpp"
#include "models/balancer/sticky.hpp"
#include "models/endpoint.hpp"
#include "models/event_log.hpp"
#include "models/faultable.hpp"
#include "models/members.hpp"
#include "models/station.hpp"

namespace headroom {

/// One replica that a balancer may call, in a zone.
struct BackendTarget {
  Endpoint* endpoint = nullptr;
  std::uint16_t zone = 0;
};

/// Where a balancer instance stands, and what it has to do with.
struct BalancerSite {
  std::string name;            ///< Its own among all instances.
  std::uint16_t site = 0;      ///< Of the network, from which it calls.
  std::uint16_t zone = 0;      ///< In which that site is.
  Members* members = nullptr;  ///< Of the service behind it; null where all of them always serve.
  EventLog* log = nullptr;     ///< Null where nobody reads it.
  Sticky* sticky = nullptr;    ///< Of all its instances; there where the plan has it.
};

/// One balancer: passes each call on to a replica that its policy chooses among those that may get
/// calls: healthy as far as it knows, not ejected, in service. It takes no time and queues nothing.
/// When there is none the call is rejected with `no_backend` (some balancers fail open instead and
/// try anyone; this one does not).
///
/// What it knows of a replica is its own: the calls it has outstanding there, the answers and the
/// probes it got. A call that never gets an answer stays outstanding. When it is killed, callers
/// are refused until it is up again; the calls that it has passed on already are answered.
class Balancer final : public Endpoint, public Faultable, private Members::Watcher {
 public:
  /// `station`, `plan` and the targets outlive it. Weights by the order of `targets`, 1 where the
  /// plan has none.
  Balancer(Station& station, const BalancerPlan& plan, const BalancerSite& site,
           const std::vector<BackendTarget>& targets);

  sim::Task<Reply> call(Request request) override;
  /// Yes, as soon as asked, while it is up and some replica may get calls.
  sim::Task<bool> probe(std::uint16_t zone) override;

  std::uint16_t zone() const { return site_.site; }
  const Backends& backends() const { return backends_; }
  /// Something has come to speak against a replica, or does not any more.
  void set_out(std::size_t backend, Out reason, bool is_out);

  void start_measuring();
  std::uint64_t arrivals() const { return arrivals_; }
  const OutlierEjection* outliers() const { return outliers_.get(); }

 private:
  class Outstanding;

  std::size_t choose(const Request& request) {
    return site_.sticky || slow_start_ ? choose_specially(request)
                                       : policy_->choose(request, backends_);
  }
  std::size_t choose_specially(const Request& request);
  std::size_t choose_sparing(const Request& request);
  void change(std::size_t backend, Out reason, bool is_out);
  void on_standing(std::size_t index, Standing standing) override;
  void on_kill() override {}
  void on_restart() override {}
  void on_speed(double) override {}

  Station& station_;
  const BalancerPlan& plan_;
  BalancerSite site_;
  Backends backends_;
  std::unique_ptr<Policy> policy_;
  std::uint64_t arrivals_ = 0;
  // Null where the plan has none.
  std::unique_ptr<SlowStart> slow_start_;
  std::unique_ptr<OutlierEjection> outliers_;
  std::unique_ptr<HealthCheck> health_check_;
};

}  // namespace headroom
