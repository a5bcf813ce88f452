#include "models/network/network.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/network/test_network.hpp"

using namespace headroom;
using namespace headroom::network_fixture;
using sim::Duration;
using sim::Simulation;
using sim::Time;

namespace {

Message message_of(std::uint64_t key, std::int64_t bytes, std::uint16_t from = 0,
                   std::uint16_t to = 1) {
  Message message;
  message.draw_key = sim::mix(key);
  message.bytes = bytes;
  message.from = from;
  message.to = to;
  return message;
}

struct MeanDelay {
  double mean_s = 0, error_s = 0;
  std::vector<Duration> delays;
};

/// Mean and its standard error over messages sent a day apart, so that none meets another.
MeanDelay delays(const LinkPlan& link, int count, std::int64_t bytes = 0) {
  Simulation simulation(5);
  Network network(simulation, one_link(link), two_zones);
  std::vector<Seen> seen(static_cast<std::size_t>(count));
  const auto start = [](std::size_t i) {
    return Time() + Duration::seconds(86'400 * static_cast<std::int64_t>(i));
  };
  for (std::size_t i = 0; i < seen.size(); ++i) {
    simulation.spawn(send_at(simulation, start(i), &network, message_of(i, bytes), &seen[i]));
  }
  simulation.run();
  MeanDelay result;
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i].state) continue;
    const Duration delay = seen[i].at - start(i);
    result.delays.push_back(delay);
    sum += delay.in_seconds();
    squares += delay.in_seconds() * delay.in_seconds();
  }
  const auto n = static_cast<double>(result.delays.size());
  result.mean_s = sum / n;
  result.error_s = std::sqrt((squares / n - result.mean_s * result.mean_s) / n);
  return result;
}

}  // namespace

TEST_CASE("a link without anything passes messages at once and without an event", "[network]") {
  Simulation simulation;
  Network network(simulation, {}, two_zones);
  Seen seen;
  simulation.spawn(send_at(simulation, Time(), &network, message_of(1, 1'000'000), &seen));
  CHECK(seen.state == Message::State::arrived);
  CHECK(simulation.events() == 0);
  CHECK(network.is_local(0, 0));
  CHECK_FALSE(network.is_local(0, 1));  // it can be cut
}

TEST_CASE("latency follows its distribution; one message is one event", "[network]") {
  const auto seen = delays({.latency = exponential(Duration::ms(30))}, 20'000);
  CHECK(std::abs(seen.mean_s - 0.030) < 4 * 0.030 / std::sqrt(20'000));
  std::size_t beyond = 0;  // second oracle: the tail of an exponential
  for (const auto delay : seen.delays)
    beyond += delay > Duration::ms(90);
  const double p = std::exp(-3.0);
  CHECK(std::abs(static_cast<double>(beyond) / 20'000 - p) < 4 * std::sqrt(p * (1 - p) / 20'000));

  Simulation simulation;
  Network network(simulation, one_link({.latency = constant(Duration::ms(10))}), two_zones);
  Seen one;
  simulation.spawn(send_at(simulation, Time(), &network, message_of(1, 7), &one));
  simulation.run();
  CHECK(one.at == at_ms(10));
  CHECK(simulation.events() == 1);
  CHECK(network.counts().messages == 1);
  CHECK(network.counts().bytes == 7);
}

TEST_CASE("jitter comes on top of the latency, and lets messages overtake one another",
          "[network]") {
  constexpr int count = 20'000;
  LinkPlan link{.latency = constant(Duration::ms(10)), .jitter = exponential(Duration::ms(2))};
  const auto seen = delays(link, count);
  CHECK(std::abs(seen.mean_s - 0.012) < 4 * 0.002 / std::sqrt(count));
  std::size_t beyond = 0;  // second oracle: the tail of an exponential, from the latency on
  for (const auto delay : seen.delays) {
    REQUIRE(delay >= Duration::ms(10));
    beyond += delay > Duration::ms(16);
  }
  const double p = std::exp(-3.0);
  CHECK(std::abs(static_cast<double>(beyond) / count - p) < 4 * std::sqrt(p * (1 - p) / count));
  // Two messages 1 ms apart change places where the first has 1 ms more: half of exp(-1/2).
  Simulation simulation;
  Network network(simulation, one_link(link), two_zones);
  std::vector<Seen> pair(4'000);
  for (std::size_t i = 0; i < pair.size(); ++i)
    simulation.spawn(send_at(simulation,
                             Time() + Duration::seconds(static_cast<std::int64_t>(i / 2)) +
                                 Duration::ms(static_cast<std::int64_t>(i % 2)),
                             &network, message_of(i, 0), &pair[i]));
  simulation.run();
  double overtaken = 0;
  for (std::size_t i = 0; i < pair.size(); i += 2)
    overtaken += pair[i].at > pair[i + 1].at;
  const double q = std::exp(-0.5) / 2;
  CHECK(std::abs(overtaken / 2'000 - q) < 4 * std::sqrt(q * (1 - q) / 2'000));
}

TEST_CASE("messages follow one another: the k-th ends at k x bytes / bandwidth", "[network]") {
  Simulation simulation;
  Network network(simulation,
                  one_link({.latency = constant(Duration::ms(5)), .bandwidth = Bandwidth{1e6}}),
                  two_zones);
  std::vector<Seen> seen(40);
  for (auto& each : seen) {
    simulation.spawn(send_at(simulation, Time(), &network, message_of(1, 2'000), &each));
  }
  simulation.run();
  for (std::size_t k = 0; k < seen.size(); ++k) {
    CHECK(seen[k].at == at_ms(5 + 2 * static_cast<std::int64_t>(k + 1)));
  }
  CHECK(simulation.events() == 40);
}

TEST_CASE("a link under Poisson load waits as M/D/1", "[network]") {
  // Pollaczek-Khinchine with constant service: wait = rho / (2 (1 - rho)) services.
  constexpr double rho = 0.7;
  constexpr std::size_t count = 200'000;
  Simulation simulation(11);
  Network network(simulation, one_link({.bandwidth = Bandwidth{1e6}}), two_zones);
  sim::Stream stream(11, 0, "arrivals");
  std::vector<Seen> seen(count);
  std::vector<Time> sent(count);
  Time now;
  for (std::size_t i = 0; i < count; ++i) {
    now = now + Duration::rounded_ns(-std::log(1 - stream.uniform()) * 1e6 / rho);
    sent[i] = now;
    simulation.spawn(send_at(simulation, now, &network, message_of(i, 1'000), &seen[i]));
  }
  simulation.run();
  std::vector<double> batches(20);
  for (std::size_t i = 0; i < count; ++i) {
    batches[i / (count / 20)] += (seen[i].at - sent[i]).in_seconds() * 1e3 / (count / 20);
  }
  double mean = 0, variance = 0;
  for (const double batch : batches)
    mean += batch / 20;
  for (const double batch : batches)
    variance += (batch - mean) * (batch - mean) / 19;
  const double expected = 1 + rho / (2 * (1 - rho));
  CHECK(std::abs(mean - expected) < 4 * std::sqrt(variance / 20));
  CHECK(std::abs(mean - expected) < 0.05 * expected);
}

TEST_CASE("directions share bandwidth only where a link is not duplex", "[network]") {
  for (const bool duplex : {true, false}) {
    Simulation simulation;
    Network network(simulation,
                    one_link({.bandwidth = Bandwidth{1e6}, .duplex = duplex}, "a <-> b"),
                    two_zones);
    Seen there, back;
    simulation.spawn(send_at(simulation, Time(), &network, message_of(1, 3'000), &there));
    simulation.spawn(send_at(simulation, Time(), &network, message_of(2, 3'000, 1, 0), &back));
    simulation.run();
    CHECK(there.at == at_ms(3));
    CHECK(back.at == at_ms(duplex ? 3 : 6));
  }
}

TEST_CASE("a wildcard stands for one link for each pair", "[network]") {
  Simulation simulation;
  Network network(simulation, one_link({.bandwidth = Bandwidth{1e6}}), three_zones);
  Seen to_b, to_c;
  simulation.spawn(send_at(simulation, Time(), &network, message_of(1, 3'000, 0, 1), &to_b));
  simulation.spawn(send_at(simulation, Time(), &network, message_of(2, 3'000, 0, 2), &to_c));
  simulation.run();
  CHECK(to_b.at == at_ms(3));
  CHECK(to_c.at == at_ms(3));
}

TEST_CASE("loss costs retransmission timeouts: mean delay RTO p / (1 - 2p)", "[network]") {
  // The n-th timeout is 2^(n-1) RTO, so the mean is sum p^n 2^(n-1) RTO; the cap at 120 s and the
  // end after 16 transmissions change it by less than (2p)^10.
  constexpr double p = 0.1;
  const auto seen = delays({.latency = constant(Duration::ms(10)), .loss = Ratio{p}}, 40'000);
  CHECK(std::abs(seen.mean_s - (0.010 + 0.2 * p / (1 - 2 * p))) < 4 * seen.error_s);
  // Second oracle: how many needed two transmissions or more, and by which times.
  std::size_t again = 0;
  for (const auto delay : seen.delays) {
    again += delay > Duration::ms(10);
    const auto waited = (delay - Duration::ms(10)).count_ns() / 200'000'000;
    CHECK((waited & (waited + 1)) == 0);  // 2^n - 1 timeouts
  }
  CHECK(std::abs(static_cast<double>(again) / 40'000 - p) < 4 * std::sqrt(p * (1 - p) / 40'000));
}

TEST_CASE("after 16 transmissions a message is given up, with the caps of Linux", "[network]") {
  CHECK(Network::retransmission_timeout(1) == Duration::ms(200));
  CHECK(Network::retransmission_timeout(4) == Duration::ms(1'600));
  CHECK(Network::retransmission_timeout(10) == Duration::ms(102'400));
  CHECK(Network::retransmission_timeout(11) == Duration::seconds(120));
  Duration until_last;  // Linux documents 924.6 s for tcp_retries2 = 15, its last wait included
  for (std::uint32_t n = 1; n <= 16; ++n)
    until_last = until_last + Network::retransmission_timeout(n);
  CHECK(until_last == Duration::ms(924'600));

  // At p = 0.9 a share of p^16 never arrives.
  constexpr int count = 20'000;
  const auto seen = delays({.loss = Ratio{0.9}}, count);
  const double given_up = 1 - static_cast<double>(seen.delays.size()) / count;
  const double p = std::pow(0.9, 16);
  CHECK(std::abs(given_up - p) < 4 * std::sqrt(p * (1 - p) / count));
}

TEST_CASE("a message beyond the queue of its link is lost and sent again", "[network]") {
  Simulation simulation;
  Network network(simulation, one_link({.bandwidth = Bandwidth{1e6}, .queue = Bytes{4'000}}),
                  two_zones);
  std::vector<Seen> seen(4);
  for (auto& each : seen) {  // 10 ms to send, though larger than the queue: the link was idle
    const bool first = &each == &seen[0];
    simulation.spawn(send_at(simulation, first ? Time() : at_ms(8), &network,
                             message_of(1, first ? 10'000 : 1'000), &each));
  }
  simulation.run();
  CHECK(seen[0].at == at_ms(10));
  CHECK(seen[1].at == at_ms(11));
  CHECK(seen[2].at == at_ms(12));
  CHECK(seen[3].at == at_ms(8 + 200 + 1));  // 2 + 1 + 1 kB waited already
  CHECK(network.counts().lost == 1);
  CHECK(network.counts().messages == 4);
}

TEST_CASE("a link draws the same latencies whether or not it loses", "[network]") {
  const auto clean = delays({.latency = exponential(Duration::ms(30))}, 500);
  const auto lossy = delays({.latency = exponential(Duration::ms(30)), .loss = Ratio{0.05}}, 500);
  REQUIRE(lossy.delays.size() == 500);
  std::size_t same = 0;
  for (std::size_t i = 0; i < 500; ++i)
    same += clean.delays[i] == lossy.delays[i];
  CHECK(same >= 450);
  CHECK(same < 500);
}
