#include "models/network/forwarding.hpp"

#include <catch2/catch.hpp>

#include "models/network/test_topology.hpp"

using namespace headroom;
using namespace headroom::network_fixture;
using sim::Duration;

namespace {

/// Hosts around switches that are connected at random, with latencies of a few microseconds.
Topology random_topology(std::uint64_t seed) {
  sim::Stream stream(seed, 0, "topology");
  Topology topology;
  std::vector<std::uint32_t> switches;
  for (std::uint32_t i = 0; i < 12; ++i)
    switches.push_back(topology.add_node("s" + std::to_string(i), false));
  const auto some = [&] { return static_cast<std::uint32_t>(stream.uniform() * 12) % 12; };
  const auto link = [&] {
    return cable(Duration::us(1 + static_cast<std::int64_t>(stream.uniform() * 4)));
  };
  for (std::uint32_t i = 0; i < 24; ++i) {
    const std::uint32_t one = some(), other = some();
    const LinkPlan plan = link();
    if (one != other) topology.connect(switches[one], switches[other], plan);
  }
  for (std::uint32_t i = 0; i < 10; ++i) {
    const std::uint32_t host = topology.add_node("h" + std::to_string(i), true);
    const std::uint32_t first = some(), second = some();
    topology.connect(host, switches[first], link());
    if (first != second) topology.connect(host, switches[second], link());
  }
  return topology;
}

constexpr std::int64_t far = 1LL << 50;

/// Lengths of all shortest ways through switches only, by Floyd and Warshall.
std::vector<std::vector<std::int64_t>> all_lengths(const Topology& topology) {
  const std::size_t n = topology.nodes.size();
  std::vector<std::vector<std::int64_t>> length(n, std::vector<std::int64_t>(n, far));
  for (const auto& edge : topology.edges) {
    const auto ns = 1 + static_cast<std::int64_t>(topology.links[edge.link].plan.latency->a);
    length[edge.from][edge.to] = std::min(length[edge.from][edge.to], ns);
  }
  for (std::size_t over = 0; over < n; ++over) {
    if (topology.nodes[over].is_host) continue;
    for (std::size_t from = 0; from < n; ++from)
      for (std::size_t to = 0; to < n; ++to)
        length[from][to] = std::min(length[from][to], length[from][over] + length[over][to]);
  }
  return length;
}

}  // namespace

TEST_CASE("routes are shortest ways, and hosts pass on nothing", "[topology]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Topology topology = random_topology(seed);
    Forwarding forwarding(topology);
    const auto lengths = all_lengths(topology);
    for (std::uint32_t from = 0; from < topology.nodes.size(); ++from) {
      for (std::uint32_t to = 0; to < topology.nodes.size(); ++to) {
        if (from == to || !topology.nodes[from].is_host || !topology.nodes[to].is_host) continue;
        const auto route = forwarding.route(from, to, sim::mix(seed, from * 100 + to));
        if (lengths[from][to] >= far) {
          CHECK(route.empty());
          continue;
        }
        REQUIRE(!route.empty());
        std::int64_t length = 0;
        std::uint32_t at = from;
        for (const std::uint32_t hop : route) {
          CHECK(topology.edges[hop].from == at);
          CHECK((at == from || !topology.nodes[at].is_host));
          at = topology.edges[hop].to;
          length += 1 + static_cast<std::int64_t>(
                            topology.links[topology.edges[hop].link].plan.latency->a);
        }
        CHECK(at == to);
        CHECK(length == lengths[from][to]);
      }
    }
  }
}

TEST_CASE("a fat tree has (k/2)^2 ways between pods, and messages use them all", "[topology]") {
  GeneratePlan plan;
  plan.kind = FatTreePlan{8, cable(Duration::us(5))};
  Topology topology;
  generate(plan, one_zone, topology);
  CHECK(topology.hosts_of(0).size() == 8 * 8 * 8 / 4);
  CHECK(topology.nodes.size() == 128 + 5 * 8 * 8 / 4);
  CHECK(topology.edges.size() == 2 * 3 * 128);
  Forwarding forwarding(topology);
  std::map<std::vector<std::uint32_t>, int> ways;
  const std::uint32_t from = topology.node("host-0-0-0"), to = topology.node("host-5-2-1");
  for (std::uint64_t message = 0; message < 4000; ++message)
    ++ways[forwarding.route(from, to, sim::mix(3, message))];
  CHECK(ways.size() == 16);
  for (const auto& [way, times] : ways) {
    CHECK(way.size() == 6);
    // Four standard errors of a share of 1/16 of 4,000: 61.
    CHECK(std::abs(times - 250) < 61);
  }
  CHECK(forwarding.tables() == 1);
}

TEST_CASE("routes cost memory in proportion to the switches that messages go to", "[topology]") {
  GeneratePlan plan;
  plan.kind = FatTreePlan{16, cable(Duration::us(5))};
  Topology topology;
  generate(plan, one_zone, topology);
  const auto hosts = topology.hosts_of(0);  // eight behind each of 128 switches
  REQUIRE(hosts.size() == 1024);
  Forwarding forwarding(topology);
  CHECK(forwarding.bytes() == 0);
  std::size_t of_one = 0;
  for (std::size_t used = 1; used <= 128; ++used) {
    CHECK(forwarding.route(hosts[1023], hosts[8 * (used - 1)], used).size() >=
          (used == 128 ? 2 : 4));
    if (used == 1) of_one = forwarding.bytes();
    REQUIRE(forwarding.tables() == used);
    REQUIRE(static_cast<double>(forwarding.bytes()) ==
            Approx(static_cast<double>(used * of_one)).epsilon(0.35));
  }
  // A node and a few hops each, in four bytes.
  CHECK(of_one < 4 * (topology.nodes.size() + 1 + 2 * 8 * topology.nodes.size()));
  const std::size_t all = forwarding.bytes();
  for (const std::uint32_t host : hosts)
    if (host != hosts.front()) CHECK(!forwarding.route(hosts.front(), host, host).empty());
  CHECK(forwarding.bytes() == all);  // Hosts behind one switch share its table.
}

TEST_CASE("a host behind two switches has a table of its own, and both ways", "[topology]") {
  Topology topology;
  const std::uint32_t left = topology.add_node("left", false),
                      right = topology.add_node("right", false);
  const std::uint32_t far = topology.add_node("far", true), near = topology.add_node("near", true);
  topology.connect(left, right, cable(Duration::us(1)));
  topology.connect(far, left, cable(Duration::us(1)));
  topology.connect(far, right, cable(Duration::us(2)));
  topology.connect(near, left, cable(Duration::us(5)));
  Forwarding forwarding(topology);
  CHECK(forwarding.route(near, far, 0).size() == 2);
  CHECK(forwarding.route(far, near, 0).size() == 2);
  CHECK(forwarding.tables() == 2);  // of "far", and of "left"
  std::vector<bool> avoided(topology.edges.size());
  avoided[topology.edges_between(left, far).front()] = true;
  forwarding.avoid(avoided);
  CHECK(forwarding.route(near, far, 0).size() == 3);
  avoided[topology.edges_between(left, near).front()] = true;
  forwarding.avoid(avoided);
  CHECK(forwarding.route(far, near, 0).empty());
  CHECK(forwarding.route(right, near, 0).empty());
}

TEST_CASE("routes are chosen without jitter", "[topology]") {
  NetworkPlan plan;
  for (const char* host : {"a", "b"})
    plan.topology.hosts.add(host, HostPlan());
  plan.topology.switches = {"near", "far"};
  LinkPlan restless = cable(Duration::us(10));
  restless.jitter = exponential(Duration::ms(10));
  plan.topology.links.add("a <-> near", restless);
  plan.topology.links.add("near <-> b", restless);
  plan.topology.links.add("a <-> far", cable(Duration::us(20)));
  plan.topology.links.add("far <-> b", cable(Duration::us(20)));
  const Topology topology = topology_of(plan.topology, one_zone);
  Forwarding forwarding(topology);
  for (std::uint64_t choice = 0; choice < 20; ++choice) {
    const auto route = forwarding.route(topology.node("a"), topology.node("b"), choice);
    REQUIRE(route.size() == 2);
    CHECK(topology.edges[route[0]].to == topology.node("near"));
  }
}

TEST_CASE("regions of a cloud are half their published round trip apart", "[topology]") {
  CHECK(region_round_trip_ms("us-east-1", "eu-west-1") == Approx(80.55));
  CHECK(region_round_trip_ms("eu-west-1", "us-east-1") == Approx(80.55));
  CHECK(region_round_trip_ms("ap-southeast-2", "sa-east-1") == Approx(322.5));
  CHECK(region_round_trip_ms("ap-northeast-2", "ap-southeast-1") == Approx(71.87));
  CHECK_FALSE(region_round_trip_ms("mars-1", "sa-east-1"));
  GeneratePlan plan;
  plan.kind = RegionsPlan{.hosts = 2, .bandwidth = {}, .jitter = {}, .inside = {}};
  const std::vector<std::string> zones{"us-east-1", "eu-central-1"};
  Topology topology;
  generate(plan, zones, topology);
  Forwarding forwarding(topology);
  const auto route =
      forwarding.route(topology.node("us-east-1-0"), topology.node("eu-central-1-1"), 0);
  REQUIRE(route.size() == 3);
  CHECK(topology.links[topology.edges[route[1]].link].plan.latency->a == Approx(44.33e6));
}
