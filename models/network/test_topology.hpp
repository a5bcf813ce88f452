#pragma once

// For the tests of topologies: small ones, and networks over them with a site on each host.

#include <memory>
#include <string>
#include <vector>

#include "models/network/fabric.hpp"
#include "models/network/test_network.hpp"

namespace headroom::network_fixture {

inline const std::vector<std::string> one_zone{"z"};

inline LinkPlan cable(sim::Duration latency, double bytes_per_s = 0) {
  LinkPlan link;
  link.latency = constant(latency);
  if (bytes_per_s > 0) link.bandwidth = Bandwidth{bytes_per_s};
  return link;
}

/// Two racks of two hosts, two spines; h-0-0 is "host-0-0".
inline NetworkPlan two_racks(LinkPlan link) {
  NetworkPlan plan;
  LeafSpinePlan shape;
  shape.leaves = shape.spines = shape.hosts_per_leaf = 2;
  shape.host_link = shape.spine_link = std::move(link);
  plan.topology.generate.emplace();
  plan.topology.generate->kind = shape;
  return plan;
}

/// a - s - b, with links of their own.
inline NetworkPlan over_a_switch(LinkPlan first, LinkPlan second) {
  NetworkPlan plan;
  plan.topology.hosts.add("a", HostPlan());
  plan.topology.hosts.add("b", HostPlan());
  plan.topology.switches = {"s"};
  plan.topology.links.add("a <-> s", std::move(first));
  plan.topology.links.add("s <-> b", std::move(second));
  return plan;
}

/// A network with one site for each host, numbered after the one zone: site i + 1 is hosts[i].
struct Rig {
  explicit Rig(const NetworkPlan& what)
      : plan(what), topology(topology_of(plan.topology, one_zone)) {
    std::vector<std::uint32_t> nodes{0};
    for (std::uint32_t node = 0; node < topology.nodes.size(); ++node)
      if (topology.nodes[node].is_host) hosts.push_back(node);
    nodes.front() = hosts.front();
    nodes.insert(nodes.end(), hosts.begin(), hosts.end());
    network = std::make_unique<Network>(simulation, plan, one_zone,
                                        std::vector<std::uint16_t>(hosts.size(), 0), nodes);
  }
  ~Rig() { simulation.close(); }

  std::uint16_t site(const std::string& host) const {
    const std::uint32_t node = topology.node(host);
    for (std::size_t i = 0; i < hosts.size(); ++i)
      if (hosts[i] == node) return static_cast<std::uint16_t>(i + 1);
    return 0;
  }
  /// Both directions of a link.
  Faultable& link(const std::string& one, const std::string& other) {
    auto edges = topology.edges_between(topology.node(one), topology.node(other));
    for (const auto back : topology.edges_between(topology.node(other), topology.node(one)))
      edges.push_back(back);
    return network->fabric()->power_of(edges);
  }
  void send(sim::Time at, const std::string& from, const std::string& to, std::int64_t bytes,
            Seen* seen, std::uint64_t key = 1) {
    simulation.spawn(send_at(
        simulation, at, network.get(),
        Message{.draw_key = key, .bytes = bytes, .from = site(from), .to = site(to)}, seen));
  }

  sim::Simulation simulation;
  NetworkPlan plan;
  Topology topology;
  std::vector<std::uint32_t> hosts;
  std::unique_ptr<Network> network;
};

inline sim::Task<> kill_for(sim::Simulation& simulation, sim::Time at, sim::Duration length,
                            Faultable* target) {
  if (at > simulation.now()) co_await simulation.delay(at - simulation.now());
  target->begin_kill();
  co_await simulation.delay(length);
  target->end_kill();
}

}  // namespace headroom::network_fixture
