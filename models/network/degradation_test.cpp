#include <catch2/catch.hpp>

#include "models/network/fixture.hpp"

using namespace headroom;
using namespace headroom::network_fixture;
using sim::Duration;
using sim::Simulation;

namespace {

/// A link of 10 ms and 1 MB/s each way between a and b; a message of 1 kB takes 1 ms on it.
struct Degraded {
  Degraded()
      : network(simulation,
                one_link({.latency = constant(Duration::ms(10)), .bandwidth = Bandwidth{1e6}}),
                two_zones) {}
  ~Degraded() { simulation.close(); }
  /// How long a message of `bytes` takes that is sent now.
  Duration takes(std::int64_t bytes, std::uint16_t from = 0) {
    Seen seen;
    const sim::Time sent = simulation.now();
    Message message{.draw_key = ++key,
                    .bytes = bytes,
                    .from = from,
                    .to = static_cast<std::uint16_t>(1 - from)};
    simulation.spawn(send_at(simulation, sent, &network, message, &seen));
    simulation.run();
    return seen.at - sent;
  }

  Simulation simulation;
  Network network;
  std::uint64_t key = 0;
};

}  // namespace

TEST_CASE("a degraded link has what it is given until it is sound again", "[network]") {
  Degraded link;
  const Degradation slow{{{0, 1}}, constant(Duration::ms(80)), {}, {}};
  const Degradation narrow{{{0, 1}}, {}, {}, 1e5};
  CHECK(link.takes(1'000) == Duration::ms(11));
  link.network.begin_degradation(slow);
  CHECK(link.takes(1'000) == Duration::ms(81));
  CHECK(link.takes(1'000, 1) == Duration::ms(11));  // the other direction is another link
  link.network.begin_degradation(narrow);
  CHECK(link.takes(1'000) == Duration::ms(90));
  link.network.end_degradation(slow);
  CHECK(link.takes(1'000) == Duration::ms(20));
  link.network.end_degradation(narrow);
  CHECK(link.takes(1'000) == Duration::ms(11));
}

TEST_CASE("of two degradations of one link the later one counts, whichever ends first",
          "[network]") {
  Degraded link;
  const Degradation first{{{0, 1}, {1, 0}}, constant(Duration::ms(20)), {}, {}};
  const Degradation second{{{0, 1}}, constant(Duration::ms(40)), {}, {}};
  link.network.begin_degradation(first);
  link.network.begin_degradation(second);
  CHECK(link.takes(0) == Duration::ms(40));
  CHECK(link.takes(0, 1) == Duration::ms(20));
  link.network.end_degradation(second);
  CHECK(link.takes(0) == Duration::ms(20));
  link.network.begin_degradation(second);
  link.network.end_degradation(first);
  CHECK(link.takes(0) == Duration::ms(40));
  link.network.end_degradation(second);
  CHECK(link.takes(0) == Duration::ms(10));
}

TEST_CASE("loss of a degraded link is that share of its transmissions", "[network]") {
  Degraded link;
  const Degradation lossy{{{0, 1}}, {}, 0.25, {}};
  link.network.begin_degradation(lossy);
  std::uint64_t sent = 0;
  constexpr int messages = 4'000;
  for (int i = 0; i < messages; ++i)
    link.takes(0);
  sent = messages + link.network.counts().lost;
  // Each transmission is lost with probability 1/4; four standard errors.
  const double share = static_cast<double>(link.network.counts().lost) / static_cast<double>(sent);
  CHECK(std::abs(share - 0.25) < 4 * std::sqrt(0.25 * 0.75 / static_cast<double>(sent)));
  link.network.end_degradation(lossy);
  const std::uint64_t lost = link.network.counts().lost;
  for (int i = 0; i < 100; ++i)
    link.takes(0);
  CHECK(link.network.counts().lost == lost);
}
