#pragma once

#include <simgrid/kernel/routing/NetZoneImpl.hpp>
#include <simgrid/s4u.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/network/plan.hpp"
#include "sim/kernel/time.hpp"

/// SimGrid as the flow engine uses it: one engine in a process, two hosts, and between them the way
/// of the transfer that starts.
namespace headroom::flow {

namespace s4u = simgrid::s4u;
using simgrid::kernel::routing::NetPoint;
using simgrid::kernel::routing::NetZoneImpl;
using simgrid::kernel::routing::Route;

/// A way that SimGrid is asked to use: the topology is not its business.
struct Way {
  std::vector<s4u::Link*> there, back;
  double latency_s = 0;
};

/// Two hosts, and between them the way of the transfer that starts. So routes belong to the network
/// of this project, may change at any time, and cost SimGrid no memory.
class OneWayZone final : public NetZoneImpl {
 public:
  explicit OneWayZone(const std::string& name) : NetZoneImpl(name) {}
  void set_way(const Way* way) { way_ = way; }
  void set_sender(const NetPoint* sender) { sender_ = sender; }

 private:
  void get_local_route(const NetPoint* from, const NetPoint*, Route* into,
                       double* latency) override {
    for (const s4u::Link* link : from == sender_ ? way_->there : way_->back)
      into->link_list_.push_back(link->get_impl());
    if (latency != nullptr) *latency += way_->latency_s;
  }
  void get_graph(const s_xbt_graph_t*, std::map<std::string, xbt_node_t, std::less<>>*,
                 std::map<std::string, xbt_edge_t, std::less<>>*) override {}

  const Way* way_ = nullptr;
  const NetPoint* sender_ = nullptr;
};

/// SimGrid's seconds as nanoseconds: rounded up, so that time always advances, but for what differs
/// from a whole number by the rounding of its own sums only.
std::int64_t in_ns(double seconds);
inline double in_seconds(sim::Time at) {
  return static_cast<double>(at.count_ns()) / 1e9;
}

/// An engine for transfers that share links by that model. There can be one in a process, ever.
std::unique_ptr<s4u::Engine> engine_of(FlowModel model);

}  // namespace headroom::flow
