#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/scenario/call_graph.hpp"
#include "app/scenario/plan.hpp"
#include "app/study/sites.hpp"
#include "app/study/store_work.hpp"
#include "models/network/forwarding.hpp"
#include "models/network/routes.hpp"
#include "models/network/spread.hpp"

namespace headroom {

/// How often something is called, by position in the call graph or among the services.
struct Count {
  std::size_t index = 0;
  double times = 0;
};

/// Calls of one service as the network sees them.
struct Traffic {
  std::size_t service = 0;  ///< Position of the one that is named, which may be a balancer.
  std::string operation;    ///< Or endpoint, of the server.
  double times = 0;
  double bytes = 0, reply_bytes = 0;  ///< Of each.
};

/// Calls that a bulkhead lets through.
struct GuardedCall {
  std::string service;     ///< The one that is called.
  double concurrency = 0;  ///< At once, whichever replica calls.
  double times = 0;
  double held_s = 0;  ///< Mean time that one takes where nobody waits.
};

/// What one request at an endpoint needs, without any waiting for others.
struct EndpointDemand {
  double cpu_s = 0;              ///< Mean work on cores of its own server.
  double held_s = 0;             ///< Mean time from start to reply.
  double success = 1;            ///< Probability that its answer is no error.
  double copies = 1;             ///< Nodes that do the same side by side, each for so long.
  double looks = 0;              ///< Further nodes that look for a key which others have,
  double look_s = 0;             ///< each for so long.
  double steps = 0;              ///< Mean number of cpu and wait steps.
  std::vector<Count> calls;      ///< Of endpoints, by node of the call graph.
  std::vector<Count> balancers;  ///< Passed through, by position of the service.
  std::vector<Traffic> traffic;
  std::vector<GuardedCall> guarded;

  /// Time for which slots of all its nodes are held.
  double held_by_all_s() const { return held_s * copies + look_s * looks; }
};

class DrawnTimes;

/// Cores of one replica; infinitely many where unlimited.
double cores_of(const ServerPlan& server);

/// The demands of all endpoints of a scenario, callees first.
class Demands {
 public:
  explicit Demands(const ScenarioPlan& plan);
  ~Demands();

  /// Whether branches run side by side anywhere.
  bool has_drawn_times() const { return drawn_ != nullptr; }
  const CallGraph& graph() const { return graph_; }
  const EndpointDemand& of(std::size_t node) const { return demands_[node]; }
  std::size_t service_of(std::size_t node) const { return service_of_[node]; }
  /// Callers before those they call.
  const std::vector<std::size_t>& in_order() const { return order_; }

  /// Balancers between a caller of the service and the server, by position of the service.
  std::vector<std::size_t> balancers_before(const std::string& service) const;

  /// Where something stands: shares of zones, or of sites where the network has a topology.
  using Places = std::vector<Count>;
  Places places_of(const std::string& service) const;
  Places places_of_workload(const std::string& workload) const;
  /// Where a call from a place ends first.
  Places entered(std::size_t place, const std::string& service) const;
  /// Calls `leg(here, there)` for each leg of the calls of a service from these places: to what
  /// they enter first, and from balancer to balancer to the server. All shares of one leg that
  /// begins in several places add up to those of `from`. Reads of a database end at the copies that
  /// answer them.
  void follow(const Places& from, const std::string& service, std::string_view operation,
              const std::function<void(const Places&, const Places&)>& leg) const;
  std::size_t zone_of(std::size_t place) const;
  /// Where a database works for these operations.
  StoreImbalance imbalance_of(const std::string& database, const StoreCalls& calls) const;
  /// Sites, and the routes between them; null without a topology.
  const Sites* sites() const { return sites_ ? &*sites_ : nullptr; }
  Forwarding* forwarding() const { return forwarding_.get(); }
  Spread* spread() const { return spread_.get(); }
  /// Mean time on the way from `from` to the server behind `service`, and back.
  double way_s(const Places& from, const std::string& service, std::string_view operation,
               double bytes, double reply_bytes) const;

 private:
  friend class Flow;
  friend class DrawnTimes;
  friend class DrawnSteps;
  EndpointDemand of_cache(const CachePlan& cache, std::string_view operation) const;
  EndpointDemand of_broker(const std::string& name) const;
  EndpointDemand of_database(const std::string& name, const DatabasePlan& store,
                             std::string_view operation) const;
  /// Share of the gets of this step that hit: as the plan says, or that of an LRU cache where
  /// nothing expires and no other keys come; none where only a run can tell, and then everything
  /// counts as missed.
  std::optional<double> hit_ratio(const CallStep& step) const;
  /// Of one call of that node, there and back.
  double way_of_call_s(const Places& from, const CallStep& step, std::size_t node) const;
  double hop_s(const Places& from, const Places& to, double bytes) const;
  double link_s(std::size_t from, std::size_t to, double bytes) const;
  Places nearest(std::size_t place, const Places& places) const;
  const Places& readers(std::size_t place, const std::string& database) const;
  std::size_t position_of(const std::string& service) const;
  Places sites_of(const std::string& service) const;

  const ScenarioPlan& plan_;
  CallGraph graph_;
  NetworkPlan network_;
  std::vector<Routes> routes_;     ///< One, or none without a network.
  std::vector<double> latency_s_;  ///< By entry of the network.
  std::optional<Sites> sites_;
  std::unique_ptr<Forwarding> forwarding_;  ///< Computes routes as they are asked for.
  std::unique_ptr<Spread> spread_;
  std::vector<std::size_t> service_of_;
  std::vector<std::size_t> order_;
  std::vector<EndpointDemand> demands_;
  std::unique_ptr<DrawnTimes> drawn_;  ///< Null until branches run side by side.
  /// By database and zone: many callers share them.
  mutable std::map<std::pair<std::string, std::size_t>, Places> readers_;
};

}  // namespace headroom
