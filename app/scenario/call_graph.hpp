#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/scenario/plan.hpp"

namespace headroom {

/// Calls `visit` for every call step in `steps`, those in branches and loops included, with its
/// JSON pointer; `pointer` is that of the list.
void for_each_call(const Steps& steps, const std::string& pointer,
                   const std::function<void(const CallStep&, const std::string&)>& visit);

/// Who calls whom in a scenario: an endpoint of a server or an operation of a cache is a node, a
/// call an edge, and so is the way of a message from a broker to those who work on it. Balancers
/// are passed through.
class CallGraph {
 public:
  struct Node {
    std::string service, endpoint;  ///< the one endpoint of a service_time is "call"
  };
  struct Edge {
    std::size_t from = 0, to = 0;
    std::string pointer;  ///< of the target in the call step
  };

  /// Calls of what does not exist are left out. The graph is for this plan only, at this address.
  explicit CallGraph(const ScenarioPlan& plan);

  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<Edge>& edges() const { return edges_; }
  /// The node that a call of `target` ends at; npos where it names none.
  std::size_t node(const ScenarioPlan& plan, const CallTarget& target) const;
  std::size_t node(const ScenarioPlan& plan, const CallStep& step) const;
  static constexpr std::size_t npos = SIZE_MAX;

  /// One circle for each call that closes one: edges in the order of the calls.
  std::vector<std::vector<std::size_t>> circles() const;
  /// Callers before those they call; for a graph without circles.
  std::vector<std::size_t> in_order() const;
  /// Which nodes can be reached from `starts`.
  std::vector<bool> reached_from(const std::vector<std::size_t>& starts) const;

 private:
  void add_calls(const ScenarioPlan& plan, const std::string& name, const ServerPlan& server);
  void add_messages(const ScenarioPlan& plan, const std::string& name);
  void add_writes(const ScenarioPlan& plan, const std::string& name, const CachePlan& cache);

  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::map<const ServicePlan*, std::size_t> first_of_;  ///< its first endpoint, in `nodes_`
};

/// The steps of an endpoint by position; a service_time is one cpu step.
Steps steps_of(const ServerPlan& server, std::size_t endpoint);

/// Whether any step of any endpoint works on a core.
bool uses_cpu(const ServerPlan& server);

/// Pieces of work that requests can have on cores at once for each slot: more than one where
/// branches run side by side, infinitely many where work goes on after the answer.
double pieces_at_once(const ServerPlan& server);

/// Services that requests get to: what is called by what is called, from the workloads on.
std::set<std::string> live_services(const ScenarioPlan& plan);

/// The nodes a workload calls, and the share of its requests each gets.
struct Entry {
  std::size_t node = 0;
  double share = 0;
};
std::vector<Entry> entries_of(const ScenarioPlan& plan, const CallGraph& graph,
                              const WorkloadPlan& workload);

}  // namespace headroom
