// Platform files as SimGrid itself reads them.
#include <catch2/catch.hpp>
#include <simgrid/s4u.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "app/scenario/platform_file.hpp"
#include "models/network/forwarding.hpp"
#include "tests/flow/rig.hpp"

using namespace headroom;

namespace {

/// Every way as numbers: links (hashes of their names), then -1 and the latency.
using Ways = std::vector<double>;

double number_of(const std::string& name) {
  return static_cast<double>(sim::hash_name(name) >> 16);
}

Ways ways_of_simgrid(const std::string& path, const std::vector<std::string>& hosts) {
  char name[] = "oracle", quiet[] = "--log=root.thresh:critical";
  char* words[] = {name, quiet, nullptr};
  int count = 2;
  simgrid::s4u::Engine engine(&count, words);
  engine.load_platform(path);
  engine.get_netzone_root()->seal();  // Else it has no shortest routes yet.
  Ways ways;
  for (const auto& from : hosts) {
    for (const auto& to : hosts) {
      if (from == to) continue;
      std::vector<simgrid::s4u::Link*> links;
      double latency = 0;
      engine.host_by_name(from)->route_to(engine.host_by_name(to), links, &latency);
      for (const auto* link : links)
        ways.push_back(number_of(link->get_name()));
      ways.push_back(-1);
      ways.push_back(latency);
      for (const auto* link : links)
        ways.push_back(link->get_bandwidth());
    }
  }
  return ways;
}

Ways ways_of_headroom(const TopologyPlan& plan, const std::vector<std::string>& hosts) {
  const std::vector<std::string> zones{"local"};
  const Topology topology = topology_of(plan, zones);
  Forwarding forwarding(topology);
  Ways ways;
  for (const auto& from : hosts) {
    for (const auto& to : hosts) {
      if (from == to) continue;
      std::vector<const LinkPlan*> links;
      double latency = 0;
      for (const std::uint32_t hop : forwarding.route(topology.node(from), topology.node(to), 0)) {
        const Topology::Link& link = topology.links[topology.edges[hop].link];
        ways.push_back(number_of(link.name));
        links.push_back(&link.plan);
        if (link.plan.latency) latency += link.plan.latency->a / 1e9;
      }
      ways.push_back(-1);
      ways.push_back(latency);
      for (const LinkPlan* link : links)
        ways.push_back(link->bandwidth->bytes_per_s);
    }
  }
  return ways;
}

}  // namespace

TEST_CASE("a platform file has the routes that SimGrid finds in it", "[flow][platform]") {
  for (const char* name : {"full.xml", "nested.xml", "floyd.xml", "dijkstra.xml"}) {
    INFO(name);
    const std::string path = std::string(HEADROOM_PLATFORMS) + "/" + name;
    std::ifstream stream(path);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    PlatformFile file = read_platform(text, {});
    INFO(file.why);
    REQUIRE(file.why.empty());
    TopologyPlan plan;
    plan.drawn = std::move(file.platform);
    std::vector<std::string> hosts;
    for (const auto& node : plan.drawn.nodes)
      if (node.is_host) hosts.push_back(node.name);
    REQUIRE(hosts.size() >= 3);
    const Ways ours = ways_of_headroom(plan, hosts);
    const Ways theirs = flow_rig::in_child([&] { return ways_of_simgrid(path, hosts); });
    REQUIRE(theirs.size() > 3 * hosts.size() * (hosts.size() - 1));
    REQUIRE(ours.size() == theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i)
      REQUIRE(ours[i] == Approx(theirs[i]).epsilon(1e-9).margin(1e-15));
  }
}
