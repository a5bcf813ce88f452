// Links that die, get slower or lose while transfers of the flow engine are on them; and what the
// two engines make of the same messages.
#include <catch2/catch.hpp>

#include "models/network/tcp.hpp"
#include "models/network/test_topology.hpp"
#include "tests/flow/rig.hpp"

using namespace headroom;
using namespace headroom::network_fixture;
using flow_rig::in_child;
using sim::Duration;

namespace {

constexpr double speed = 100e6;
constexpr std::int64_t large = 100'000'000;

/// a - s - b, 1 ms and 100 MB/s each.
NetworkPlan two_hops() {
  return over_a_switch(cable(Duration::ms(1), speed), cable(Duration::ms(1), speed));
}

/// A topology with the flow engine; to be made in a process of its own.
struct FlowRig : network_fixture::Rig {
  explicit FlowRig(const NetworkPlan& what, std::int64_t threshold_bytes = 0)
      : Rig(what), carrier(make_flow_carrier(simulation, FlowModel::exact)) {
    network->attach(*carrier, threshold_bytes);
  }
  ~FlowRig() { simulation.close(); }
  double bytes_of(const std::string& link) const {
    for (const LinkReport& report : network->links())
      if (report.name == link) return report.counts.bytes;
    return -1;
  }
  std::unique_ptr<FlowCarrier> carrier;
};

sim::Task<> degrade_at(sim::Simulation& simulation, sim::Time at, Network* network,
                       const Degradation* degradation) {
  co_await simulation.delay(at - simulation.now());
  network->begin_degradation(*degradation);
}

}  // namespace

TEST_CASE("a transfer over a link that gets slower", "[flow]") {
  const auto ended = in_child([] {
    FlowRig rig(two_hops());
    const auto s = static_cast<std::uint16_t>(rig.topology.node("s"));
    const auto b = static_cast<std::uint16_t>(rig.topology.node("b"));
    const Degradation half{{{s, b}}, {}, {}, speed / 2};
    Seen seen;
    rig.send(sim::Time(), "a", "b", large, &seen);
    rig.simulation.spawn(degrade_at(rig.simulation, at_ms(502), rig.network.get(), &half));
    rig.carrier->run_until(at_ms(10'000));
    return std::vector<double>{seen.at.in_seconds()};
  });
  REQUIRE(ended.size() == 1);
  CHECK(ended[0] == Approx(0.002 + 0.5 + 1).epsilon(1e-9));
}

TEST_CASE("a transfer over a link that is turned off begins again when there is a way", "[flow]") {
  const auto found = in_child([] {
    FlowRig rig(two_hops());
    Seen seen;
    rig.send(sim::Time(), "a", "b", large, &seen);
    rig.simulation.spawn(
        kill_for(rig.simulation, at_ms(500), Duration::ms(300), &rig.link("s", "b")));
    rig.carrier->run_until(at_ms(500));  // as a run in slices, of which one ends just then
    rig.carrier->run_until(at_ms(10'000));
    return std::vector<double>{seen.at.in_seconds(), rig.bytes_of("a -> s"),
                               rig.bytes_of("b -> s")};
  });
  REQUIRE(found.size() == 3);
  // Lost at 0.5 s; the second attempt 200 ms later meets the dead link, the third 400 ms after
  // that.
  CHECK(found[0] == Approx(1.1 + 0.002 + 1).epsilon(1e-9));
  CHECK(found[1] == Approx((0.5 - 0.002) * speed + large).epsilon(1e-6));
  CHECK(found[2] == 0);
}

TEST_CASE("shorter messages find what transfers leave of a link", "[flow]") {
  const auto ended = in_child([] {
    FlowRig rig(two_hops(), 2'000'000);
    std::vector<Seen> seen(3);
    rig.send(at_ms(0), "a", "b", 1'000'000, &seen[0]);  // alone: 10 ms a hop
    rig.send(at_ms(100), "a", "b", large, &seen[1]);
    rig.send(at_ms(200), "a", "b", 1'000'000, &seen[2]);  // half of it, as a transfer would get
    rig.carrier->run_until(at_ms(10'000));
    std::vector<double> times;
    for (const Seen& each : seen)
      times.push_back(each.at.in_seconds());
    return times;
  });
  REQUIRE(ended.size() == 3);
  CHECK(ended[0] == Approx(0.022).epsilon(1e-9));
  CHECK(ended[1] == Approx(0.1 + 0.002 + 1).epsilon(1e-9));
  CHECK(ended[2] == Approx(0.2 + 2 * 0.021).epsilon(1e-9));
}

TEST_CASE("a link that loses bounds transfers as TCP", "[flow]") {
  const auto ended = in_child([] {
    LinkPlan lossy = cable(Duration::ms(25), 1e9);
    lossy.loss.value = 1e-4;
    FlowRig rig(over_a_switch(lossy, cable(Duration::ms(25))));
    Seen seen;
    // 14.305 Mbit/s by Mathis: 1,460 bytes, 100 ms, one segment in 10,000.
    rig.send(sim::Time(), "a", "b", 17'881'250, &seen);
    rig.carrier->run_until(at_ms(100'000));
    return std::vector<double>{seen.at.in_seconds()};
  });
  REQUIRE(ended.size() == 1);
  CHECK(ended[0] == Approx(10 + 0.05).epsilon(1e-4));
}

TEST_CASE("both engines agree on a quiet network and share a busy one differently", "[flow]") {
  // Six messages that never meet, then six at once.
  const auto times = [](bool flow) {
    return in_child([flow] {
      std::unique_ptr<FlowRig> with_flow;
      std::unique_ptr<network_fixture::Rig> plain;
      // One hop of limited bandwidth, as store and forward takes the bytes at every hop.
      const NetworkPlan plan = over_a_switch(cable(Duration::ms(5), speed), cable(Duration::ms(5)));
      if (flow)
        with_flow = std::make_unique<FlowRig>(plan);
      else
        plain = std::make_unique<network_fixture::Rig>(plan);
      network_fixture::Rig& rig = flow ? *with_flow : *plain;
      std::vector<Seen> seen(12);
      for (std::size_t i = 0; i < 6; ++i) {
        rig.send(at_ms(1'000 * static_cast<std::int64_t>(i)), "a", "b", 10'000'000, &seen[i], i);
        rig.send(at_ms(10'000), "a", "b", 10'000'000, &seen[6 + i], 6 + i);
      }
      if (flow)
        with_flow->carrier->run_until(at_ms(20'000));
      else
        plain->simulation.run_until(at_ms(20'000));
      std::vector<double> took;
      for (std::size_t i = 0; i < seen.size(); ++i)
        took.push_back(seen[i].at.in_seconds() - (i < 6 ? static_cast<double>(i) : 10));
      return took;
    });
  };
  const auto flow = times(true), delay = times(false);
  REQUIRE(flow.size() == 12);
  REQUIRE(delay.size() == 12);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(flow[i] == Approx(delay[i]).epsilon(1e-9));
    // One after the other against a sixth of the link each.
    CHECK(delay[6 + i] == Approx(0.010 + 0.1 * static_cast<double>(i + 1)).epsilon(1e-9));
    CHECK(flow[6 + i] == Approx(0.010 + 0.6).epsilon(1e-9));
  }
}

TEST_CASE("every link cut in turn, at every phase, with transfers on it", "[flow]") {
  const NetworkPlan plan = two_racks(cable(Duration::us(900), 1e6));
  const Topology topology = topology_of(plan.topology, one_zone);
  const Duration length = Duration::ms(100);
  std::size_t runs = 0;
  for (const auto& edge : topology.edges) {
    if (edge.from > edge.to) continue;
    const std::string one = topology.nodes[edge.from].name, other = topology.nodes[edge.to].name;
    const bool at_host = topology.nodes[edge.from].is_host || topology.nodes[edge.to].is_host;
    const std::string host = topology.nodes[edge.from].is_host ? one : other;
    for (std::int64_t phase_us = 0; phase_us < 12'000; phase_us += 1'733) {
      const sim::Time begin = at_ms(60) + Duration::us(phase_us);
      // How many have arrived, how many of them at a host that was cut off, when the last.
      const auto found = in_child([&] {
        FlowRig rig(plan);
        std::vector<std::pair<std::string, Seen>> sent;
        sent.reserve(4'000);
        for (const std::uint32_t from : rig.hosts)
          for (const std::uint32_t to : rig.hosts)
            for (std::int64_t round = 0; from != to && round < 20; ++round) {
              sent.push_back({rig.topology.nodes[to].name, {}});
              rig.send(at_ms(10 * round), rig.topology.nodes[from].name, sent.back().first, 2'000,
                       &sent.back().second, sim::mix(sent.size()));
            }
        rig.simulation.spawn(kill_for(rig.simulation, begin, length, &rig.link(one, other)));
        rig.carrier->run_until(begin);
        const auto status = rig.carrier->run_until(at_ms(10'000));
        double arrived = 0, across = 0;
        for (const auto& [to, seen] : sent) {
          arrived += seen.state == Message::State::arrived;
          across += at_host && to == host && seen.at > begin && seen.at < begin + length;
        }
        return std::vector<double>{status == sim::Simulation::Status::reached ? 1.0 : 0.0, arrived,
                                   static_cast<double>(sent.size()), across,
                                   static_cast<double>(rig.network->counts().lost)};
      });
      REQUIRE(found.size() == 5);
      REQUIRE(found[0] == 1);
      REQUIRE(found[1] == found[2]);
      REQUIRE(found[3] == 0);
      REQUIRE(found[4] > 0);
      ++runs;
    }
  }
  CHECK(runs == 8 * 7);
}
