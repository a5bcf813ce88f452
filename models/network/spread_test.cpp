// Against following every pair by itself, hop by hop; and what begins somewhere ends somewhere.
#include "models/network/spread.hpp"

#include <catch2/catch.hpp>

#include <map>

#include "models/network/test_topology.hpp"

using namespace headroom;
using namespace headroom::network_fixture;
using sim::Duration;

namespace {

/// Some switches in a circle with shortcuts, so that there are several ways; hosts behind one or
/// two of them.
Topology some_topology(std::uint64_t seed) {
  constexpr std::uint32_t switches = 6, hosts = 8;
  sim::Stream chance(seed, 0, "spread");
  Topology topology;
  const auto some_cable = [&] {
    return cable(Duration::us(1 + static_cast<std::int64_t>(chance.below(2))));
  };
  for (std::uint32_t i = 0; i < switches; ++i)
    topology.add_node("s" + std::to_string(i), false);
  for (std::uint32_t one = 0; one < switches; ++one)
    for (std::uint32_t other = one + 1; other < switches; ++other)
      if (other == one + 1 || chance.below(3) == 0) topology.connect(one, other, some_cable());
  for (std::uint32_t i = 0; i < hosts; ++i) {
    const std::uint32_t host = topology.add_node("h" + std::to_string(i), true);
    const auto first = static_cast<std::uint32_t>(chance.below(switches));
    topology.connect(host, first, some_cable());
    if (i % 3 == 0) topology.connect(host, (first + 1) % switches, some_cable());
  }
  return topology;
}

struct Naive {
  const Topology& topology;
  Forwarding& forwarding;
  bool all;
  std::map<std::uint32_t, double> on{};

  void follow(std::uint32_t node, std::uint32_t to, double amount) {
    if (node == to) return;
    const auto hops = forwarding.hops(node, to);
    const std::size_t used = all ? hops.size() : 1;
    for (std::size_t i = 0; i < used; ++i) {
      on[hops[i]] += amount / static_cast<double>(used);
      follow(topology.edges[hops[i]].to, to, amount / static_cast<double>(used));
    }
  }
};

}  // namespace

TEST_CASE("what many send together is on the hops on which it is pair by pair", "[topology]") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Topology topology = some_topology(seed);
    const auto hosts = topology.hosts_of(0);
    for (const Ecmp ecmp : {Ecmp::message, Ecmp::off}) {
      INFO("seed " << seed);
      Forwarding forwarding(topology);
      Spread spread(topology, forwarding, ecmp);
      Naive naive{topology, forwarding, ecmp != Ecmp::off};
      std::map<std::uint32_t, double> on, balance;
      sim::Stream chance(seed, 1, "spread");
      for (int i = 0; i < 40; ++i) {
        const std::uint32_t from = hosts[chance.below(hosts.size())];
        const std::uint32_t to = hosts[chance.below(hosts.size())];
        const double amount = chance.uniform();
        spread.add(from, to, amount);
        naive.follow(from, to, amount);
        balance[from] += amount;
        balance[to] -= amount;
      }
      spread.lay([&](std::uint32_t edge, double amount) { on[edge] += amount; });
      REQUIRE(on.size() == naive.on.size());
      for (const auto& [edge, amount] : on) {
        REQUIRE(amount == Approx(naive.on[edge]));
        balance[topology.edges[edge].from] -= amount;
        balance[topology.edges[edge].to] += amount;
      }
      for (const auto& [node, more] : balance)
        REQUIRE(more == Approx(0).margin(1e-9));
      spread.lay([&](std::uint32_t, double) { FAIL("it had been laid"); });
    }
  }
}

TEST_CASE("all hosts of a fat tree to all others take a visit of each hop for each switch",
          "[topology]") {
  NetworkPlan plan;
  plan.topology.generate.emplace();
  plan.topology.generate->kind = FatTreePlan{8, cable(Duration::us(5))};
  const Topology topology = topology_of(plan.topology, one_zone);
  Forwarding forwarding(topology);
  Spread spread(topology, forwarding, Ecmp::message);
  const auto hosts = topology.hosts_of(0);
  REQUIRE(hosts.size() == 128);
  for (const std::uint32_t from : hosts)
    for (const std::uint32_t to : hosts)
      spread.add(from, to, 1);
  std::map<std::uint32_t, double> on;
  std::size_t visits = 0;
  spread.lay([&](std::uint32_t edge, double amount) {
    on[edge] += amount;
    ++visits;
  });
  // By routes it would be 16,256 pairs, most of them over 16 ways of 6 hops.
  CHECK(visits <= 32 * topology.edges.size());
  // By symmetry the links of one tier carry the same: each host sends 127 and takes 127.
  for (const auto& [edge, amount] : on) {
    const bool at_host = topology.nodes[topology.edges[edge].from].is_host ||
                         topology.nodes[topology.edges[edge].to].is_host;
    if (at_host) REQUIRE(amount == Approx(127));
  }
  const std::uint32_t up =
      topology.edges_between(topology.node("aggregation-0-0"), topology.node("core-0")).front();
  // 16 hosts of a pod send to 112 elsewhere, over 4 switches of 4 links each.
  CHECK(on[up] == Approx(16.0 * 112 / 16));
}
