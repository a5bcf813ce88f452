// Against what one finds by taking everything away in turn and looking who still reaches whom.
#include "models/network/analysis.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <set>

#include "models/network/test_topology.hpp"

using namespace headroom;
using namespace headroom::network_fixture;
using sim::Duration;

namespace {

constexpr std::uint32_t switches = 6, hosts = 7;

/// Switches connected at random, now and then too few; hosts behind one or two of them.
Topology some_topology(std::uint64_t seed) {
  sim::Stream chance(seed, 0, "analysis");
  Topology topology;
  const auto cable_of_some = [&] {
    return cable(Duration::us(5), 1e6 * static_cast<double>(1 + chance.below(9)));
  };
  for (std::uint32_t i = 0; i < switches; ++i)
    topology.add_node("s" + std::to_string(i), false);
  for (std::uint32_t one = 0; one < switches; ++one)
    for (std::uint32_t other = one + 1; other < switches; ++other)
      if (chance.below(3) == 0) topology.connect(one, other, cable_of_some());
  for (std::uint32_t i = 0; i < hosts; ++i) {
    const std::uint32_t host = topology.add_node("h" + std::to_string(i), true);
    const auto first = static_cast<std::uint32_t>(chance.below(switches));
    topology.connect(host, first, cable_of_some());
    const auto second = static_cast<std::uint32_t>(chance.below(switches));
    if (chance.below(3) == 0 && second != first) topology.connect(host, second, cable_of_some());
  }
  return topology;
}

using Cable = std::pair<std::uint32_t, std::uint32_t>;
Cable cable_of(const Topology::Edge& edge) {
  return {std::min(edge.from, edge.to), std::max(edge.from, edge.to)};
}

/// Without one node or one cable.
struct Damaged {
  const Topology& topology;
  std::uint32_t node = Topology::none;
  Cable gone{Topology::none, Topology::none};

  /// The hosts that one reaches, itself included, through switches.
  std::set<std::uint32_t> reached_from(std::uint32_t host) const {
    std::set<std::uint32_t> seen{host}, found{host};
    std::vector<std::uint32_t> next{host};
    while (!next.empty()) {
      const std::uint32_t at = next.back();
      next.pop_back();
      for (const auto& edge : topology.edges) {
        if (edge.from != at || cable_of(edge) == gone || edge.to == node || edge.from == node)
          continue;
        if (!seen.insert(edge.to).second) continue;
        if (topology.nodes[edge.to].is_host)
          found.insert(edge.to);
        else
          next.push_back(edge.to);
      }
    }
    return found;
  }
  /// The most hosts that any switch reaches.
  std::size_t largest_part() const {
    std::size_t most = 0;
    for (std::uint32_t at = 0; at < switches; ++at) {
      if (at == node) continue;
      auto reached = reached_from(at);
      reached.erase(at);
      most = std::max(most, reached.size());
    }
    return most;
  }
};

std::vector<std::uint32_t> hosts_in(const Topology& topology) {
  return topology.hosts_of(0);
}

/// The smallest cut of all, by trying every side that a switch can be on.
double smallest_cut(const Topology& topology, std::uint32_t from, std::uint32_t to) {
  double smallest = std::numeric_limits<double>::infinity();
  for (std::uint32_t side = 0; side < 1u << switches; ++side) {
    const auto is_near = [&](std::uint32_t node) {
      return node == from || (node < switches && ((side >> node) & 1) != 0);
    };
    double sum = 0;
    for (const auto& edge : topology.edges) {
      const bool counts =
          (edge.from < switches || edge.from == from) && (edge.to < switches || edge.to == to);
      if (counts && is_near(edge.from) && !is_near(edge.to))
        sum += topology.links[edge.link].plan.bandwidth->bytes_per_s;
    }
    smallest = std::min(smallest, sum);
  }
  return smallest;
}

}  // namespace

TEST_CASE("single points of failure: all that cut hosts off, and only they", "[topology]") {
  std::size_t points = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Topology topology = some_topology(seed);
    const auto in_use = hosts_in(topology);
    if (Damaged{topology}.largest_part() < hosts) continue;  // It is in pieces already.
    std::map<std::string, std::vector<std::uint32_t>> told;
    for (const WeakPoint& point : weak_points(topology, in_use))
      told[point.name] = point.cut_off;
    points += told.size();
    const auto check = [&](const std::string& name, const Damaged& damaged) {
      INFO("seed " << seed << ", without " << name);
      const std::size_t expected = hosts - damaged.largest_part();
      REQUIRE(told.count(name) == (expected > 0 ? 1 : 0));
      if (expected == 0) return;
      const std::set<std::uint32_t> cut_off(told[name].begin(), told[name].end());
      REQUIRE(cut_off.size() == expected);
      for (const std::uint32_t one : cut_off)
        for (const std::uint32_t other : damaged.reached_from(one))
          // Who stands behind two switches may be in both parts.
          REQUIRE((cut_off.count(other) == 1 || topology.edges_of(other).size() > 2));
    };
    for (std::uint32_t node = 0; node < switches; ++node)
      check(topology.nodes[node].name, {topology, node});
    std::set<Cable> cables;
    for (const auto& edge : topology.edges)
      cables.insert(cable_of(edge));
    for (const Cable& each : cables)
      check(topology.nodes[each.first].name + " <-> " + topology.nodes[each.second].name,
            {topology, Topology::none, each});
  }
  CHECK(points > 300);
}

TEST_CASE("what a failure cuts off is what cannot be reached any more", "[topology]") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Topology topology = some_topology(seed);
    if (Damaged{topology}.largest_part() < hosts) continue;
    for (std::uint32_t node = 0; node < switches; ++node) {
      const std::vector<std::uint32_t> gone{node};
      const auto cut_off = cut_off_without(topology, hosts_in(topology), gone, {});
      CHECK(cut_off.size() == hosts - Damaged{topology, node}.largest_part());
    }
    // A host that died is not told of, nor does its death cut off another.
    const std::vector<std::uint32_t> host{switches + 2};
    CHECK(cut_off_without(topology, hosts_in(topology), host, {}).empty());
  }
}

TEST_CASE("the most that flows is the smallest cut, and these are its links", "[topology]") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Topology topology = some_topology(seed);
    const std::vector<std::uint32_t> from{switches}, to{switches + 1};
    const FlowBound bound = max_flow(topology, from, to);
    INFO("seed " << seed);
    REQUIRE(bound.bytes_per_s == Approx(smallest_cut(topology, from[0], to[0])).margin(1e-6));
    double sum = 0;
    for (const std::uint32_t link : bound.links)
      sum += topology.links[link].plan.bandwidth->bytes_per_s;
    REQUIRE(sum == Approx(bound.bytes_per_s).margin(1e-6));
  }
}

TEST_CASE("several hosts together send what their links carry together", "[topology]") {
  Topology topology;
  const std::uint32_t hub = topology.add_node("hub", false);
  std::vector<std::uint32_t> from;
  for (int i = 0; i < 4; ++i) {
    from.push_back(topology.add_node("c" + std::to_string(i), true));
    topology.connect(from.back(), hub, cable(Duration::us(1), 1e8));
  }
  const std::vector<std::uint32_t> to{topology.add_node("server", true)};
  topology.connect(to[0], hub, cable(Duration::us(1), 3e8));
  CHECK(max_flow(topology, from, to).bytes_per_s == Approx(3e8));
  CHECK(max_flow(topology, to, from).bytes_per_s == Approx(3e8));
  from.pop_back();
  from.pop_back();
  const FlowBound bound = max_flow(topology, from, to);
  CHECK(bound.bytes_per_s == Approx(2e8));
  CHECK(bound.links.size() == 2);
  CHECK(std::isinf(max_flow(topology, from, from).bytes_per_s));
  for (auto& link : topology.links)
    link.plan.shared = false;
  CHECK(std::isinf(max_flow(topology, from, to).bytes_per_s));
}
