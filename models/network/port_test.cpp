#include "models/network/port.hpp"

#include <catch2/catch.hpp>

#include "models/network/test_network.hpp"

using namespace headroom;
using namespace headroom::network_fixture;
using sim::Duration;
using sim::Simulation;
using sim::Time;

namespace {

Request request_of(std::uint64_t number, std::int64_t size = 0, std::int64_t reply_size = 0) {
  Request request;
  request.number = number;
  request.draw_key = sim::mix(number);
  request.size = size;
  request.reply_size = reply_size;
  return request;
}

struct ProbeSeen {
  bool healthy = false;
  Time at;
};

sim::Task<> probe_from_a(Simulation& simulation, Endpoint* endpoint, ProbeSeen* seen) {
  seen->healthy = co_await endpoint->probe(0);
  seen->at = simulation.now();
}

}  // namespace

TEST_CASE("fair link: 100 MB over 100 MB/s, 10 ms each way, is 1.02 s", "[network]") {
  Simulation simulation;
  Network network(
      simulation,
      one_link({.latency = constant(Duration::ms(10)), .bandwidth = Bandwidth{100e6}}, "a <-> b"),
      two_zones);
  Echo echo(simulation);
  Port port(network, echo, 1, "app");
  std::vector<Seen> seen(20);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Time at = Time() + Duration::seconds(5 * static_cast<std::int64_t>(i));
    simulation.spawn(call_at(simulation, at, &port, request_of(i, 100'000'000), &seen[i]));
  }
  simulation.run();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    CHECK(seen[i].at == at_ms(5'000 * static_cast<std::int64_t>(i) + 1'020));
    CHECK(seen[i].reply->is_ok());
  }
  CHECK(network.counts().messages == 40);
  CHECK(network.counts().bytes == 2'000'000'000);
}

TEST_CASE("request and reply each take their size, the call takes the sum", "[network]") {
  Simulation simulation;
  Network network(simulation,
                  one_link({.latency = constant(Duration::ms(1)), .bandwidth = Bandwidth{1e6}}),
                  two_zones);
  Echo echo(simulation, Duration::ms(7));
  Port port(network, echo, 1, "app");
  Seen seen;
  simulation.spawn(call_at(simulation, Time(), &port, request_of(1, 2'000, 30'000), &seen));
  simulation.run();
  CHECK(seen.at == at_ms(2 + 1 + 7 + 30 + 1));
  CHECK(simulation.events() == 3);  // one for each leg, one for the work
}

TEST_CASE("inside a zone without a link a call is the call of the instance", "[network]") {
  Simulation simulation;
  Network network(simulation, one_link({.latency = constant(Duration::ms(1))}), two_zones);
  Echo echo(simulation);
  Port port(network, echo, 0, "app");
  Seen seen;
  simulation.spawn(call_at(simulation, Time(), &port, request_of(1, 2'000), &seen));
  CHECK(seen.reply->is_ok());
  CHECK(simulation.events() == 0);
  CHECK(network.counts().messages == 0);
}

TEST_CASE("a request meets the same latencies at every replica, others at another service",
          "[network]") {
  const auto answered = [](const char* service, std::uint64_t seed, std::uint64_t number) {
    Simulation simulation(seed);
    Network network(simulation, one_link({.latency = exponential(Duration::ms(10))}), two_zones);
    Echo first(simulation), second(simulation);
    Port ports[] = {{network, first, 1, service}, {network, second, 1, service}};
    Seen at_first, at_second;
    simulation.spawn(call_at(simulation, Time(), &ports[0], request_of(number), &at_first));
    simulation.spawn(call_at(simulation, Time(), &ports[1], request_of(number), &at_second));
    simulation.run();
    CHECK(at_first.at == at_second.at);
    return at_first.at;
  };
  CHECK(answered("app", 1, 3) == answered("app", 1, 3));
  CHECK(answered("app", 1, 3) != answered("app", 1, 4));
  CHECK(answered("app", 1, 3) != answered("db", 1, 3));
}

TEST_CASE("a probe takes the way there and back", "[network]") {
  Simulation simulation;
  Network network(simulation, one_link({.latency = constant(Duration::ms(4))}), two_zones);
  Echo echo(simulation);
  Port port(network, echo, 1, "app");
  ProbeSeen result;
  simulation.spawn(probe_from_a(simulation, &port, &result));
  simulation.run();
  CHECK(result.healthy);
  CHECK(result.at == at_ms(8));
}
