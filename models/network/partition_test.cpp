#include <catch2/catch.hpp>

#include "models/network/port.hpp"
#include "models/network/test_network.hpp"

using namespace headroom;
using namespace headroom::network_fixture;
using sim::Duration;
using sim::Simulation;
using sim::Time;

namespace {

const Partition silent{{{0}, {1}}, false, PartitionMode::silent};
const Partition refusing{{{0}, {1}}, false, PartitionMode::refuse};

/// A call from `from` to an echo in `to`, 10 ms each way and 10 ms of work, begun at 0.
struct OneCall {
  explicit OneCall(std::uint16_t from = 0, std::uint16_t to = 1)
      : network(simulation, one_link({.latency = constant(Duration::ms(10))}), three_zones),
        echo(simulation, Duration::ms(10)),
        port(network, echo, to, "app") {
    request.zone = from;
  }
  ~OneCall() { simulation.close(); }
  /// Cuts from `from_ms` to `to_ms`, calls at 0 and returns what was seen by one second.
  Seen run(const Partition& partition, std::int64_t from_ms, std::int64_t to_ms) {
    if (from_ms == 0) network.begin_partition(partition);
    simulation.spawn(call_at(simulation, Time(), &port, request, &seen));
    if (from_ms > 0) {
      simulation.run_until(at_ms(from_ms));
      network.begin_partition(partition);
    }
    simulation.run_until(at_ms(to_ms));
    network.end_partition(partition);
    simulation.run_until(at_ms(1'000));
    return seen;
  }

  Simulation simulation;
  Network network;
  Echo echo;
  Port port;
  Request request;
  Seen seen;
};

Message message_to(std::uint16_t zone) {
  Message message;
  message.to = zone;
  return message;
}

bool passes(const Partition& partition, std::uint16_t from, std::uint16_t to) {
  Simulation simulation;
  Network network(simulation, {}, three_zones);
  network.begin_partition(partition);
  Seen seen;
  Message message;
  message.from = from;
  message.to = to;
  simulation.spawn(send_at(simulation, Time(), &network, message, &seen));
  const bool passed = seen.state.has_value();
  simulation.close();
  return passed;
}

}  // namespace

TEST_CASE("a silent cut swallows calls for good; healing does not bring them back",
          "[network][partition]") {
  CHECK_FALSE(OneCall().run(silent, 0, 500).reply);
  OneCall call;
  CHECK_FALSE(call.run(silent, 0, 500).reply);
  CHECK(call.network.counts().cut == 1);
  CHECK(call.echo.calls == 0);
  Seen later;  // and after healing all is as before
  call.simulation.spawn(call_at(call.simulation, at_ms(1'000), &call.port, call.request, &later));
  call.simulation.run();
  CHECK(later.at == at_ms(1'030));
}

TEST_CASE("a refusing cut fails calls at once", "[network][partition]") {
  OneCall call;
  const Seen seen = call.run(refusing, 0, 500);
  CHECK(seen.reply->outcome == Outcome::failed);
  CHECK(seen.at == Time());
  CHECK(call.echo.calls == 0);
}

TEST_CASE("what is on the way when a cut begins is lost, also if it ends before the arrival",
          "[network][partition]") {
  CHECK_FALSE(OneCall().run(silent, 5, 7).reply);
  CHECK_FALSE(OneCall().run(silent, 25, 27).reply);      // the answer
  CHECK(OneCall().run(silent, 12, 18).at == at_ms(30));  // at work: nothing is on the way
  CHECK_FALSE(OneCall().run(silent, 12, 25).reply);      // the answer is sent into the cut
  CHECK(OneCall().run(refusing, 5, 7).at == at_ms(10));  // refused when it would arrive
  CHECK(OneCall().run(refusing, 25, 27).at == at_ms(30));
  CHECK(OneCall().run(refusing, 12, 25).at == at_ms(20));  // refused when it would leave
  for (const std::int64_t begin : {5, 12, 25}) {
    CHECK(OneCall().run(refusing, begin, begin + 15).reply->outcome == Outcome::failed);
  }
}

TEST_CASE("a one-way cut lets the other direction pass", "[network][partition]") {
  const Partition one_way{{{0}, {1}}, true, PartitionMode::silent};
  OneCall there(0, 1), back(1, 0);
  CHECK_FALSE(there.run(one_way, 0, 500).reply);
  CHECK(there.echo.calls == 0);
  CHECK_FALSE(back.run(one_way, 0, 500).reply);
  CHECK(back.echo.calls == 1);  // the request came through, its answer did not
}

TEST_CASE("groups: only what stands in different groups is cut, one group from all the rest",
          "[network][partition]") {
  const auto passing = [](const Partition& partition) {
    std::string passed;
    for (const auto& [from, to] : {std::pair(0, 1), {1, 0}, {0, 2}, {2, 0}, {1, 2}, {2, 1}}) {
      if (!passes(partition, static_cast<std::uint16_t>(from), static_cast<std::uint16_t>(to)))
        continue;
      passed += std::to_string(from) + std::to_string(to) + " ";
    }
    return passed;
  };
  CHECK(passing({{{0}, {1}}}) == "02 20 12 21 ");
  CHECK(passing({{{0}}}) == "12 21 ");
  CHECK(passing({{{0, 1}}}) == "01 10 ");
  CHECK(passing({{{0, 1}, {2}}}) == "01 10 ");
  CHECK(passing({{{0}, {1}, {2}}}) == "");
  CHECK(passing({{{0}}, true}) == "10 20 12 21 ");
  CHECK(passing({{{0}, {1, 2}}, true}) == "10 20 12 21 ");
}

TEST_CASE("overlapping cuts: all must heal, and silence beats refusal", "[network][partition]") {
  Simulation simulation;
  Network network(simulation, {}, two_zones);
  const auto fate = [&] {
    Seen seen;
    simulation.spawn(send_at(simulation, simulation.now(), &network, message_to(1), &seen));
    simulation.close();
    return seen.state.value_or(Message::State::gone);
  };
  CHECK(fate() == Message::State::arrived);
  network.begin_partition(refusing);
  network.begin_partition(refusing);
  CHECK(fate() == Message::State::refused);
  network.begin_partition(silent);
  CHECK(fate() == Message::State::gone);
  network.end_partition(silent);
  network.end_partition(refusing);
  CHECK(fate() == Message::State::refused);
  network.end_partition(refusing);
  CHECK(fate() == Message::State::arrived);
}

TEST_CASE("any sequence of partitions cuts what a plain reading of them cuts",
          "[network][partition]") {
  // Second implementation: for each pair, look through the partitions in force.
  const std::vector<std::string> zones{"a", "b", "c", "d", "e"};
  sim::Stream chance(99);
  const auto cuts = [](const Partition& partition, std::uint16_t from, std::uint16_t to) {
    const auto group = [&](std::uint16_t zone) {
      for (std::size_t i = 0; i < partition.groups.size(); ++i) {
        for (const auto member : partition.groups[i]) {
          if (member == zone) return static_cast<int>(i);
        }
      }
      return partition.groups.size() == 1 ? 1 : -1;
    };
    const int sender = group(from), receiver = group(to);
    return sender >= 0 && receiver >= 0 && sender != receiver &&
           (!partition.one_way || sender == 0);
  };
  Simulation simulation;
  Network network(simulation, {}, zones);
  std::vector<Partition> in_force;
  for (int step = 0; step < 300; ++step) {
    if (!in_force.empty() && chance.below(2) == 0) {
      const std::size_t healed = chance.below(in_force.size());
      network.end_partition(in_force[healed]);
      in_force.erase(in_force.begin() + static_cast<std::ptrdiff_t>(healed));
    } else {
      Partition partition;
      partition.groups.resize(1 + chance.below(3));
      for (std::uint16_t zone = 0; zone < 5; ++zone) {
        const std::size_t group = chance.below(4);
        if (group < partition.groups.size()) partition.groups[group].push_back(zone);
      }
      partition.one_way = chance.below(2) == 0;
      partition.mode = chance.below(2) == 0 ? PartitionMode::silent : PartitionMode::refuse;
      network.begin_partition(partition);
      in_force.push_back(partition);
    }
    for (std::uint16_t from = 0; from < 5; ++from) {
      for (std::uint16_t to = 0; to < 5; ++to) {
        auto expected = Message::State::arrived;
        for (const auto& partition : in_force) {
          if (!cuts(partition, from, to) || expected == Message::State::gone) continue;
          expected = partition.mode == PartitionMode::silent ? Message::State::gone
                                                             : Message::State::refused;
        }
        Seen seen;
        Message message;
        message.from = from;
        message.to = to;
        simulation.spawn(send_at(simulation, Time(), &network, message, &seen));
        simulation.close();
        REQUIRE(seen.state.value_or(Message::State::gone) == expected);
      }
    }
  }
}
