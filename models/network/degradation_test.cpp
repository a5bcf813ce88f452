#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <deque>

#include "models/network/test_network.hpp"

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

sim::Task<> degrade_for(Simulation& simulation, Network* network, const Degradation* degradation,
                        sim::Time begin, sim::Time end) {
  co_await simulation.delay(begin - simulation.now());
  network->begin_degradation(*degradation);
  co_await simulation.delay(end - simulation.now());
  network->end_degradation(*degradation);
}

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

TEST_CASE("what waits for a link leaves it at the bandwidth of each moment", "[network]") {
  Degraded link;
  const Degradation narrow{{{0, 1}}, {}, {}, 1e5};
  link.network.expect_degradation(narrow);
  link.simulation.spawn(
      degrade_for(link.simulation, &link.network, &narrow, at_ms(20), at_ms(220)));
  std::vector<Seen> seen(100);  // 1 ms of work each, all at once
  for (Seen& one : seen)
    link.simulation.spawn(send_at(link.simulation, at_ms(0), &link.network,
                                  Message{.draw_key = ++link.key, .bytes = 1'000, .to = 1}, &one));
  link.simulation.run_until(at_ms(120));
  // 20 at the full bandwidth, 10 at a tenth of it.
  CHECK(link.network.links().front().counts.bytes == Approx(30'000));
  CHECK(link.network.links().front().more_bytes == Approx(70'000));
  link.simulation.run();
  for (int i = 0; i < 100; ++i) {
    const int left_ms = i < 20 ? i + 1 : i < 40 ? 20 + 10 * (i - 19) : 220 + (i - 39);
    INFO("message " << i);
    CHECK(seen[static_cast<std::size_t>(i)].at == at_ms(left_ms + 10));
  }
  CHECK(link.network.links().front().counts.busy_ns == Approx(280e6));
}

TEST_CASE("a link whose bandwidth changes agrees with a fluid that is integrated", "[network]") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    Degraded link;
    sim::Stream random(seed);
    struct Change {
      Degradation to;
      sim::Time begin, end;
    };
    // Every 10 ms at most one of them, for 5 ms.
    std::deque<Change> changes;
    for (int i = 0; i < 40; ++i) {
      const double bytes_per_s = 1e4 * static_cast<double>(1 + random.below(300));
      const sim::Time begin =
          at_ms(10 * i) + Duration::us(static_cast<std::int64_t>(random.below(5000)));
      changes.push_back({{{{0, 1}}, {}, {}, bytes_per_s}, begin, begin + Duration::ms(5)});
      link.network.expect_degradation(changes.back().to);
    }
    for (const Change& change : changes)
      link.simulation.spawn(
          degrade_for(link.simulation, &link.network, &change.to, change.begin, change.end));
    struct Given {
      sim::Time at;
      std::int64_t bytes;
      Seen seen;
    };
    std::deque<Given> given;
    for (int i = 0; i < 300; ++i) {
      given.push_back({sim::Time() + Duration::us(static_cast<std::int64_t>(random.below(400'000))),
                       static_cast<std::int64_t>(random.below(3000)),
                       {}});
    }
    std::sort(given.begin(), given.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    for (Given& one : given)
      link.simulation.spawn(send_at(link.simulation, one.at, &link.network,
                                    Message{.draw_key = ++link.key, .bytes = one.bytes, .to = 1},
                                    &one.seen));
    link.simulation.run();
    // By steps of a microsecond: how much the link can have sent up to then.
    double now_us = 0;
    std::size_t changed = 0;
    for (const Given& one : given) {
      now_us = std::max(now_us, static_cast<double>(one.at.count_ns()) / 1e3);
      double left = static_cast<double>(one.bytes);
      while (left > 0) {
        const auto in_us = [](sim::Time at) { return static_cast<double>(at.count_ns()) / 1e3; };
        while (changed < changes.size() && in_us(changes[changed].end) <= now_us + 1e-9)
          ++changed;
        const bool is_degraded =
            changed < changes.size() && in_us(changes[changed].begin) <= now_us + 1e-9;
        const double per_us = (is_degraded ? *changes[changed].to.bytes_per_s : 1e6) / 1e6;
        const double until_us = changed == changes.size() ? 1e18
                                : is_degraded             ? in_us(changes[changed].end)
                                                          : in_us(changes[changed].begin);
        const double step_us = std::min(left / per_us, until_us - now_us);
        now_us += step_us;
        left -= step_us * per_us;
        if (left < 1e-6) left = 0;
      }
      CHECK(static_cast<double>(one.seen.at.count_ns()) / 1e3 ==
            Approx(now_us + 10'000).margin(0.2));
    }
  }
}
