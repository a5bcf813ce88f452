// A platform is drawn from what is known, its routes are taken of it as a file would have them, and
// the map of these is what was drawn.
#include "models/network/platform_map.hpp"

#include <catch2/catch.hpp>

#include <set>

#include "models/network/test_topology.hpp"

using namespace headroom;
using namespace headroom::network_fixture;
using sim::Duration;

namespace {

/// As a platform file is read: each host has its ways to all others as a tree of nodes.
TopologyPlan platform_of(const Topology& known) {
  TopologyPlan plan;
  plan.platform = "known.xml";
  PlatformPlan& drawn = plan.drawn;
  Forwarding forwarding(known);
  const auto hosts = known.hosts_of(0);
  for (const std::uint32_t host : hosts)
    drawn.nodes.push_back({known.nodes[host].name, true, {}});
  for (std::uint32_t link = 0; link < known.links.size(); ++link)
    drawn.links.push_back({"l" + std::to_string(link), known.links[link].plan, link});
  for (const auto& one : known.edges)
    for (const auto& other : known.edges)
      if (one.from == other.to && one.to == other.from) drawn.links[one.link].back = other.link;
  for (std::uint32_t from = 0; from < hosts.size(); ++from) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> next;
    for (std::uint32_t to = 0; to < hosts.size(); ++to) {
      const auto way = forwarding.route(hosts[from], hosts[to], 0);
      std::uint32_t at = from;
      for (std::size_t i = 0; i < way.size(); ++i) {
        const std::uint32_t link = known.edges[way[i]].link;
        if (i + 1 == way.size()) {
          drawn.hops.push_back({at, to, link});
          continue;
        }
        const auto [place, is_new] =
            next.try_emplace({at, link}, static_cast<std::uint32_t>(drawn.nodes.size()));
        if (is_new) {
          drawn.nodes.push_back({"way " + std::to_string(drawn.nodes.size()), false, {}});
          drawn.hops.push_back({at, place->second, link});
        }
        at = place->second;
      }
    }
  }
  return plan;
}

/// Switches as a tree and hosts at them, the first of each switch on a link of its own kind.
Topology some_tree(std::uint64_t seed, bool duplex) {
  sim::Stream chance(seed, 0, "map");
  Topology topology;
  LinkPlan link = cable(Duration::us(5), 1e8);
  link.duplex = duplex;
  const auto switches = static_cast<std::uint32_t>(2 + chance.below(6));
  for (std::uint32_t node = 0; node < switches; ++node) {
    topology.add_node("s" + std::to_string(node), false);
    if (node > 0) topology.connect(node, static_cast<std::uint32_t>(chance.below(node)), link);
  }
  for (std::uint32_t node = 0; node < switches; ++node)
    for (std::uint32_t i = 0; i < 2; ++i)
      topology.connect(node, topology.add_node("h" + std::to_string(2 * node + i), true), link);
  return topology;
}

/// By link: the links that begin or end where it does.
std::vector<std::set<std::uint32_t>> beside(const Topology& topology) {
  std::vector<std::set<std::uint32_t>> found(topology.links.size());
  for (const auto& one : topology.edges)
    for (const auto& other : topology.edges)
      for (const std::uint32_t end : {one.from, one.to})
        if (end == other.from || end == other.to) found[one.link].insert(other.link);
  return found;
}

std::set<std::uint32_t> links_at(const Topology& topology, const std::string& host) {
  std::set<std::uint32_t> found;
  for (const std::uint32_t edge : topology.edges_of(topology.node(host)))
    found.insert(topology.edges[edge].link);
  return found;
}

}  // namespace

TEST_CASE("the map of a platform is the network that its routes were taken of", "[platform]") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    for (const bool duplex : {true, false}) {
      INFO("seed " << seed << (duplex ? ", duplex" : ""));
      const Topology known = some_tree(seed, duplex);
      const Topology map = map_of(platform_of(known), one_zone);
      REQUIRE(map.nodes.size() == known.nodes.size());
      REQUIRE(map.edges.size() == known.edges.size());
      REQUIRE(beside(map) == beside(known));
      for (const std::uint32_t host : known.hosts_of(0))
        REQUIRE(links_at(map, known.nodes[host].name) == links_at(known, known.nodes[host].name));
    }
  }
}

TEST_CASE("on a map every route of the platform goes from end to end", "[platform]") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    sim::Stream chance(seed, 1, "map");
    // A platform of any routes at all, also such as no network has.
    TopologyPlan plan;
    plan.platform = "any.xml";
    constexpr std::uint32_t hosts = 4, links = 6;
    for (std::uint32_t host = 0; host < hosts; ++host)
      plan.drawn.nodes.push_back({"h" + std::to_string(host), true, {}});
    for (std::uint32_t link = 0; link < links; ++link)
      plan.drawn.links.push_back(
          {"l" + std::to_string(link), {}, link < 4 ? link ^ 1u : link});  // two cables, two buses
    std::vector<std::vector<std::uint32_t>> ways;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
    for (std::uint32_t from = 0; from < hosts; ++from) {
      for (std::uint32_t to = 0; to < hosts; ++to) {
        if (from == to) continue;
        std::vector<std::uint32_t> way(1 + chance.below(4));
        std::uint32_t at = from;
        for (std::size_t i = 0; i < way.size(); ++i) {
          way[i] = static_cast<std::uint32_t>(chance.below(links));
          const bool is_last = i + 1 == way.size();
          const auto next = is_last ? to : static_cast<std::uint32_t>(plan.drawn.nodes.size());
          if (!is_last) plan.drawn.nodes.push_back({"w" + std::to_string(next), false, {}});
          plan.drawn.hops.push_back({at, next, way[i]});
          at = next;
        }
        ways.push_back(std::move(way));
        ends.emplace_back(from, to);
      }
    }
    const Topology map = map_of(plan, one_zone);
    // Where a host stands: itself, or a place that it is joined to by what is no link of the file.
    const auto places_of = [&](std::uint32_t host) {
      std::set<std::uint32_t> places{host};
      for (const auto& edge : map.edges)
        if (edge.link >= links && edge.from == host) places.insert(edge.to);
      return places;
    };
    for (std::size_t i = 0; i < ways.size(); ++i) {
      INFO("seed " << seed << ", route " << i);
      std::set<std::uint32_t> at = places_of(ends[i].first);
      for (const std::uint32_t link : ways[i]) {
        std::set<std::uint32_t> next;
        for (const auto& edge : map.edges)
          if (edge.link == link && at.count(edge.from)) next.insert(edge.to);
        at = std::move(next);
      }
      const auto there = places_of(ends[i].second);
      REQUIRE(std::any_of(at.begin(), at.end(), [&](auto node) { return there.count(node) > 0; }));
    }
  }
}

TEST_CASE("a bus is a place of the name of its link, with the hosts at it", "[platform]") {
  TopologyPlan plan;
  plan.platform = "bus.xml";
  for (const char* name : {"a", "b", "c"})
    plan.drawn.nodes.push_back({name, true, {}});
  plan.drawn.links.push_back({"bus", {}, 0});
  for (std::uint32_t from = 0; from < 3; ++from)
    for (std::uint32_t to = 0; to < 3; ++to)
      if (from != to) plan.drawn.hops.push_back({from, to, 0});
  const Topology map = map_of(plan, one_zone);
  REQUIRE(map.nodes.size() == 4);
  const std::uint32_t bus = map.node("bus");
  REQUIRE(bus != Topology::none);
  CHECK(map.edges_between(bus, bus).size() == 1);
  for (const char* name : {"a", "b", "c"})
    CHECK(map.edges_between(map.node(name), bus).size() == 1);
  // Between two of them it is a line.
  plan.drawn.nodes.pop_back();
  std::erase_if(plan.drawn.hops, [](const auto& hop) { return hop.from == 2 || hop.to == 2; });
  const Topology line = map_of(plan, one_zone);
  CHECK(line.nodes.size() == 2);
  CHECK(line.edges_between(line.node("a"), line.node("b")).size() == 1);
}
