#include "models/network/bulk.hpp"

#include <catch2/catch.hpp>

#include "models/network/connected_port.hpp"
#include "models/network/test_topology.hpp"

using namespace headroom;
using namespace headroom::network_fixture;
using sim::Duration;

namespace {

sim::Task<> copy_and_tell(sim::Simulation& simulation, Network* network, Copy copy,
                          sim::Time* ended) {
  co_await copy_over(*network, copy);
  *ended = simulation.now();
}

/// How long a copy between two zones takes.
double copy_s(const LinkPlan& link, Copy copy) {
  sim::Simulation simulation;
  Network network(simulation, one_link(link), two_zones);
  sim::Time ended;
  copy.to = 1;
  simulation.spawn(copy_and_tell(simulation, &network, copy, &ended));
  simulation.run();
  return ended.in_seconds();
}

}  // namespace

TEST_CASE("a copy takes bytes / bandwidth, or bytes / throttle", "[bulk]") {
  const LinkPlan link = cable(Duration::ms(1), 1e8);
  CHECK(copy_s(link, {.bytes = 100'000'000}) == Approx(1.002).epsilon(0.002));
  CHECK(copy_s(link, {.bytes = 100'000'000, .throttle_bytes_per_s = 2e7}) ==
        Approx(5.002).epsilon(0.002));
  // Without a limit of the link the throttle alone counts.
  CHECK(copy_s(cable(Duration::ms(1)), {.bytes = 1'000'000, .throttle_bytes_per_s = 1e6}) ==
        Approx(1.002).epsilon(0.002));
}

TEST_CASE("a copy gets window / round trip at most", "[bulk]") {
  const LinkPlan link = cable(Duration::ms(50), 1e9);
  // 1 MiB under way, a round trip of 100 ms and the piece's own 66 us.
  CHECK(copy_s(link, {.bytes = 100 << 20}) == Approx(100 * 0.100066).epsilon(0.02));
}

TEST_CASE("copies on one link get equal shares, and users wait for a window", "[bulk]") {
  sim::Simulation simulation;
  Network network(simulation, one_link(cable(Duration::ms(1), 1e8)), two_zones);
  std::vector<sim::Time> ended(4);
  for (std::size_t i = 0; i < ended.size(); ++i)
    simulation.spawn(
        copy_and_tell(simulation, &network, {.to = 1, .bytes = 25'000'000, .key = i}, &ended[i]));
  Seen user;
  simulation.spawn(send_at(simulation, at_ms(500), &network,
                           Message{.draw_key = 9, .bytes = 100, .to = 1}, &user));
  simulation.run();
  // All of it takes 1 s; who has the last turn of four windows ends up to 42 ms after the first.
  for (const sim::Time each : ended) {
    CHECK(each.in_seconds() > 1.0 - 4 * 1048576 / 1e8);
    CHECK(each.in_seconds() < 1.01);
  }
  // Four windows of 1 MiB stand before it.
  CHECK((user.at - at_ms(500)).in_seconds() == Approx(4 * 1048576 / 1e8).epsilon(0.05));
}

TEST_CASE("a copy goes on when a partition has passed", "[bulk]") {
  sim::Simulation simulation;
  Network network(simulation, one_link(cable(Duration::ms(1), 1e8)), two_zones);
  sim::Time ended;
  std::uint64_t cuts = 0;
  simulation.spawn(
      copy_and_tell(simulation, &network, {.to = 1, .bytes = 100'000'000, .cuts = &cuts}, &ended));
  const Partition partition{{{0}, {1}}, false, PartitionMode::silent};
  simulation.run_until(at_ms(300));
  network.begin_partition(partition);
  simulation.run_until(at_ms(2300));
  network.end_partition(partition);
  simulation.run();
  CHECK(cuts > 0);
  CHECK(ended.in_seconds() > 3.0);
  CHECK(ended.in_seconds() < 4.2);
}

TEST_CASE("connections: round trips once, then kept ones, as many as are kept", "[bulk]") {
  sim::Simulation simulation;
  Network network(simulation, one_link(cable(Duration::ms(10))), two_zones);
  Echo echo(simulation);
  Port port(network, echo, 1, "app");
  ConnectionsPlan plan;
  plan.tls_round_trips = 1;
  plan.keep_alive = 1;
  plan.idle_timeout = Duration::seconds(5);
  ConnectedPort connected(network, port, 1, "app", plan);
  std::vector<Seen> seen(5);
  const Request request{};
  simulation.spawn(call_at(simulation, at_ms(0), &connected, request, &seen[0]));
  simulation.spawn(call_at(simulation, at_ms(0), &connected, request, &seen[1]));
  simulation.spawn(call_at(simulation, at_ms(100), &connected, request, &seen[2]));
  simulation.spawn(call_at(simulation, at_ms(100), &connected, request, &seen[3]));
  simulation.spawn(call_at(simulation, at_ms(9000), &connected, request, &seen[4]));
  simulation.run();
  CHECK(seen[0].at == at_ms(60));  // TCP, TLS and the request: three round trips.
  CHECK(seen[1].at == at_ms(60));
  CHECK(seen[2].at == at_ms(120));  // Over the one that was kept.
  CHECK(seen[3].at == at_ms(160));
  CHECK(seen[4].at == at_ms(9060));  // It was idle for too long.
  CHECK(connected.opened() == 4);
}

TEST_CASE("of bursts of calls each opens as many connections as are not kept", "[bulk]") {
  // By counting: all of the first burst, then each time those beyond the ones that are kept.
  constexpr std::uint32_t at_once = 7, bursts = 5;
  for (std::uint32_t kept = 0; kept <= at_once + 1; ++kept) {
    sim::Simulation simulation;
    Network network(simulation, one_link(cable(Duration::ms(10))), two_zones);
    Echo echo(simulation);
    Port port(network, echo, 1, "app");
    ConnectionsPlan plan;
    plan.keep_alive = kept;
    ConnectedPort connected(network, port, 1, "app", plan);
    std::vector<Seen> seen(at_once * bursts);
    for (std::uint32_t i = 0; i < seen.size(); ++i)
      simulation.spawn(
          call_at(simulation, at_ms(1000 * (i / at_once)), &connected, Request{}, &seen[i]));
    simulation.run();
    CHECK(connected.opened() == at_once + (bursts - 1) * (at_once - std::min(kept, at_once)));
    // Each that is opened takes two round trips of 20 ms more.
    double sum_s = 0;
    for (std::uint32_t i = 0; i < seen.size(); ++i)
      sum_s += (seen[i].at - at_ms(1000 * (i / at_once))).in_seconds();
    const auto opened = static_cast<double>(connected.opened());
    CHECK(sum_s == Approx(0.020 * static_cast<double>(seen.size()) + 0.040 * opened));
  }
}
