// Topologies of known shapes.
//
// Source: Al-Fares, Loukissas, Vahdat 2008, "A scalable, commodity data center network
// architecture" (fat tree); latencies between regions of AWS: round trips in milliseconds as
// published in 2017 at acomputerscientistlearnsaws.blogspot.com/2017/04/aws-regions.html (measured
// from the row's region), half of each one way.
#include <algorithm>
#include <array>

#include "models/network/topology.hpp"

namespace headroom {

namespace {

constexpr std::array<std::string_view, 10> regions{
    "us-east-1",      "us-west-1",      "us-west-2",      "eu-west-1",      "eu-central-1",
    "ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "sa-east-1"};
/// From each region to those after it.
constexpr double round_trips_ms[9][9] = {
    {72.74, 86.98, 80.55, 88.66, 145.3, 178.4, 216.7, 230, 119.5},
    {19.46, 153.2, 166.6, 102.5, 131.5, 174, 157.5, 192.7},
    {137, 159.5, 89.1, 118.3, 161.4, 162.2, 182.7},
    {19.56, 212.4, 242.4, 239, 309.6, 191.3},
    {236.5, 266.2, 325.9, 323.5, 194.9},
    {31.44, 73.79, 103.9, 256.8},
    {71.87, 134, 286.3},
    {175.3, 328.1},
    {322.5}};

std::string named(std::string_view what, std::uint32_t first) {
  return std::string(what) + "-" + std::to_string(first);
}
template <class... Rest>
std::string named(std::string_view what, std::uint32_t first, Rest... rest) {
  return named(named(what, first), rest...);
}

/// Adds the nodes and links of one shape.
struct Generator {
  std::span<const std::string> zones;
  Topology& topology;

  std::uint16_t zone_in_turn(std::uint32_t number) const {
    return static_cast<std::uint16_t>(number % zones.size());
  }

  void operator()(const StarPlan& plan) const {
    const std::uint32_t hub = topology.add_node("hub", false);
    for (std::uint32_t host = 0; host < plan.hosts; ++host)
      topology.connect(topology.add_node(named("host", host), true, zone_in_turn(host)), hub,
                       plan.link);
  }

  void operator()(const LeafSpinePlan& plan) const {
    std::vector<std::uint32_t> spines;
    for (std::uint32_t spine = 0; spine < plan.spines; ++spine)
      spines.push_back(topology.add_node(named("spine", spine), false));
    for (std::uint32_t number = 0; number < plan.leaves; ++number) {
      const std::uint16_t zone = zone_in_turn(number);
      const std::uint32_t leaf = topology.add_node(named("leaf", number), false, zone);
      for (const std::uint32_t spine : spines)
        topology.connect(leaf, spine, plan.spine_link);
      for (std::uint32_t host = 0; host < plan.hosts_per_leaf; ++host)
        topology.connect(topology.add_node(named("host", number, host), true, zone), leaf,
                         plan.host_link);
    }
  }

  void operator()(const FatTreePlan& plan) const {
    const std::uint32_t half = plan.k / 2;
    std::vector<std::uint32_t> cores;
    for (std::uint32_t core = 0; core < half * half; ++core)
      cores.push_back(topology.add_node(named("core", core), false));
    for (std::uint32_t pod = 0; pod < plan.k; ++pod) {
      const std::uint16_t zone = zone_in_turn(pod);
      std::vector<std::uint32_t> upper;
      for (std::uint32_t each = 0; each < half; ++each) {
        upper.push_back(topology.add_node(named("aggregation", pod, each), false, zone));
        for (std::uint32_t port = 0; port < half; ++port)
          topology.connect(upper.back(), cores[each * half + port], plan.link);
      }
      for (std::uint32_t each = 0; each < half; ++each) {
        const std::uint32_t edge = topology.add_node(named("edge", pod, each), false, zone);
        for (const std::uint32_t above : upper)
          topology.connect(edge, above, plan.link);
        for (std::uint32_t host = 0; host < half; ++host)
          topology.connect(topology.add_node(named("host", pod, each, host), true, zone), edge,
                           plan.link);
      }
    }
  }

  void operator()(const RegionsPlan& plan) const {
    std::vector<std::uint32_t> hubs;
    for (std::uint16_t zone = 0; zone < zones.size(); ++zone) {
      hubs.push_back(topology.add_node(zones[zone], false, zone));
      for (std::uint32_t host = 0; host < plan.hosts; ++host)
        topology.connect(topology.add_node(named(zones[zone], host), true, zone), hubs.back(),
                         plan.inside.value_or(LinkPlan()));
    }
    for (std::size_t one = 0; one < zones.size(); ++one) {
      for (std::size_t other = one + 1; other < zones.size(); ++other) {
        const auto round_trip_ms = region_round_trip_ms(zones[one], zones[other]);
        if (!round_trip_ms) continue;
        LinkPlan link;
        link.latency.emplace();
        link.latency->a = *round_trip_ms / 2 * 1e6;
        link.jitter = plan.jitter;
        link.bandwidth = plan.bandwidth;
        topology.connect(hubs[one], hubs[other], link);
      }
    }
  }
};

}  // namespace

std::optional<double> region_round_trip_ms(std::string_view one, std::string_view other) {
  auto row = std::find(regions.begin(), regions.end(), one) - regions.begin();
  auto column = std::find(regions.begin(), regions.end(), other) - regions.begin();
  const auto count = static_cast<std::ptrdiff_t>(regions.size());
  if (row == count || column == count || row == column) return std::nullopt;
  if (row > column) std::swap(row, column);
  return round_trips_ms[row][column - row - 1];
}

std::vector<std::string_view> known_regions() {
  return {regions.begin(), regions.end()};
}

void generate(const GeneratePlan& plan, std::span<const std::string> zones, Topology& topology) {
  std::visit(Generator{zones, topology}, plan.kind);
}

}  // namespace headroom
