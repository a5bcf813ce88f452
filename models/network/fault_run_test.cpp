// Every link of a topology is cut in turn at every phase: nothing hangs, nothing is delivered
// across a cut, everything recovers.
#include <catch2/catch.hpp>

#include "models/network/test_topology.hpp"

using namespace headroom;
using namespace headroom::network_fixture;
using sim::Duration;

namespace {

struct Sent {
  std::string from, to;
  Seen seen;
};

/// A message between every two hosts every 4 ms for 400 ms.
std::vector<Sent> traffic(Rig& rig) {
  std::vector<Sent> sent;
  for (const std::uint32_t from : rig.hosts)
    for (const std::uint32_t to : rig.hosts)
      for (int round = 0; from != to && round < 100; ++round)
        sent.push_back({rig.topology.nodes[from].name, rig.topology.nodes[to].name, {}});
  for (std::size_t i = 0; i < sent.size(); ++i)
    rig.send(at_ms(static_cast<std::int64_t>(4 * (i % 100))), sent[i].from, sent[i].to, 1000,
             &sent[i].seen, sim::mix(11, i));
  return sent;
}

/// What both directions between two nodes have carried.
double bytes_over(const Rig& rig, std::uint32_t one, std::uint32_t other) {
  const auto reports = rig.network->links();
  double bytes = 0;
  for (const auto& edge : rig.topology.edges)
    if ((edge.from == one && edge.to == other) || (edge.from == other && edge.to == one))
      bytes += reports[edge.link].counts.bytes;
  return bytes;
}

}  // namespace

TEST_CASE("every link cut in turn, at every phase", "[topology]") {
  const NetworkPlan plan = two_racks(cable(Duration::us(900), 1e6));
  const Duration length = Duration::ms(100);
  std::size_t runs = 0, lost = 0;
  const Topology topology = topology_of(plan.topology, one_zone);
  for (const auto& edge : topology.edges) {
    if (edge.from > edge.to) continue;
    const std::string one = topology.nodes[edge.from].name, other = topology.nodes[edge.to].name;
    // Phases of the way of a message: four hops of 1.9 ms each; odd steps fall between instants.
    for (std::int64_t phase_us = 0; phase_us < 8000; phase_us += 633) {
      Rig rig(plan);
      auto sent = traffic(rig);
      const sim::Time begin = at_ms(120) + Duration::us(phase_us);
      rig.simulation.spawn(kill_for(rig.simulation, begin, length, &rig.link(one, other)));
      // While it is dead nothing is put on it, in either direction.
      rig.simulation.run_until(begin);
      const double carried = bytes_over(rig, edge.from, edge.to);
      rig.simulation.run_until(begin + (length - Duration::ns(1)));
      REQUIRE(bytes_over(rig, edge.from, edge.to) == carried);
      const auto status = rig.simulation.run_until(at_ms(10'000));
      REQUIRE(bytes_over(rig, edge.from, edge.to) > carried);
      REQUIRE(status == sim::Simulation::Status::reached);
      ++runs;
      lost += rig.network->counts().lost;
      const bool cuts_host_off =
          topology.nodes[edge.from].is_host || topology.nodes[edge.to].is_host;
      const std::string host = topology.nodes[edge.from].is_host ? one : other;
      for (const Sent& each : sent) {
        REQUIRE(each.seen.state == Message::State::arrived);  // Nothing hangs; all recovers.
        const bool is_cut_off = cuts_host_off && (each.from == host || each.to == host);
        const bool arrived_at_host =
            each.to == host && each.seen.at > begin && each.seen.at <= begin + length;
        if (is_cut_off) REQUIRE_FALSE(arrived_at_host);
        // What was to leave the host meanwhile has not: the way back takes 2 ms at least.
        const bool left_meanwhile = is_cut_off && each.from == host &&
                                    each.seen.at > begin + Duration::ms(8) &&
                                    each.seen.at < begin + length + Duration::us(1900);
        REQUIRE_FALSE(left_meanwhile);
      }
      rig.simulation.run_until(at_ms(10'001));
      Seen after;
      rig.send(at_ms(10'001), "host-0-0", "host-1-1", 1000, &after);
      rig.simulation.run_until(at_ms(10'020));
      REQUIRE(after.at == sim::Time::at_ns(10'001'000'000 + 4 * 1'900'000));
    }
  }
  CHECK(runs == 8 * 13);
  CHECK(lost > runs);
}
