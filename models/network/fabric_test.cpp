#include "models/network/fabric.hpp"

#include <catch2/catch.hpp>

#include "models/network/test_topology.hpp"

using namespace headroom;
using namespace headroom::network_fixture;
using sim::Duration;

TEST_CASE("every hop takes bytes / bandwidth and its latency: store and forward", "[topology]") {
  Rig rig(over_a_switch(cable(Duration::ms(1), 1e6), cable(Duration::ms(2), 2e6)));
  Seen seen;
  rig.send(sim::Time(), "a", "b", 10'000, &seen);
  rig.simulation.run();
  CHECK(seen.state == Message::State::arrived);
  CHECK(seen.at == at_ms(10 + 1 + 5 + 2));
}

TEST_CASE("a train of messages over equal hops: one time of each, and one more for each hop",
          "[topology]") {
  Rig rig(over_a_switch(cable(Duration(), 1e6), cable(Duration(), 1e6)));
  std::vector<Seen> seen(20);
  for (std::size_t i = 0; i < seen.size(); ++i)
    rig.send(sim::Time(), "a", "b", 1000, &seen[i], i);
  rig.simulation.run();
  for (std::size_t i = 0; i < seen.size(); ++i)
    CHECK(seen[i].at == at_ms(static_cast<std::int64_t>(i) + 2));
}

TEST_CASE("one link with a host at each end is a link between two zones", "[topology]") {
  LinkPlan link = cable(Duration::ms(3), 1e6);
  link.queue = Bytes{5000};
  NetworkPlan plan;
  plan.topology.hosts.add("a", HostPlan());
  plan.topology.hosts.add("b", HostPlan());
  plan.topology.links.add("a <-> b", link);
  Rig rig(plan);
  sim::Simulation other;
  Network zones(other, one_link(link, "a <-> b"), two_zones);
  std::vector<Seen> hop(30), direct(30);
  for (std::size_t i = 0; i < hop.size(); ++i) {
    const auto at = at_ms(static_cast<std::int64_t>(i * i % 17));
    rig.send(at, "a", "b", 1500, &hop[i], i);
    other.spawn(send_at(other, at, &zones,
                        Message{.draw_key = i, .bytes = 1500, .from = 0, .to = 1}, &direct[i]));
  }
  rig.simulation.run();
  other.run();
  CHECK(rig.network->counts().lost > 0);
  CHECK(rig.network->counts().lost == zones.counts().lost);
  for (std::size_t i = 0; i < hop.size(); ++i) {
    CHECK(hop[i].state == direct[i].state);
    CHECK(hop[i].at == direct[i].at);
  }
  CHECK(rig.network->links().front().counts.bytes == zones.links().front().counts.bytes);
}

TEST_CASE("both directions of a link that is not duplex share it", "[topology]") {
  LinkPlan link = cable(Duration(), 1e6);
  link.duplex = false;
  Rig rig(over_a_switch(link, cable(Duration())));
  Seen there, back;
  rig.send(sim::Time(), "a", "b", 1000, &there);
  rig.send(sim::Time(), "b", "a", 1000, &back, 2);
  rig.simulation.run();
  CHECK(there.at == at_ms(1));
  CHECK(back.at == at_ms(2));
}

TEST_CASE("what a dead link loses comes over another way, once routes know", "[topology]") {
  NetworkPlan plan = two_racks(cable(Duration::ms(1)));
  plan.topology.ecmp = Ecmp::off;  // by spine-0
  plan.topology.reroute_after = Duration::ms(150);
  Rig rig(plan);
  Seen on_it, soon, late;
  rig.simulation.spawn(
      kill_for(rig.simulation, at_ms(10), Duration::seconds(5), &rig.link("leaf-0", "spine-0")));
  rig.send(sim::Time::at_ns(8'500'000), "host-0-0", "host-1-0", 100, &on_it);
  rig.send(at_ms(100), "host-0-0", "host-1-0", 100, &soon, 2);
  rig.send(at_ms(161), "host-0-0", "host-1-0", 100, &late, 3);
  rig.simulation.run();
  // It was on the link, which died at 10 ms: sent again 200 ms later, then four hops.
  CHECK(on_it.at == at_ms(10 + 200 + 4));
  CHECK(soon.at == at_ms(100 + 1 + 200 + 4));
  CHECK(late.at == at_ms(165));
  CHECK(rig.network->counts().lost == 2);
}

TEST_CASE("equally short ways share messages evenly; by pair each keeps to one", "[topology]") {
  for (const Ecmp ecmp : {Ecmp::message, Ecmp::pair, Ecmp::off}) {
    NetworkPlan plan = two_racks(cable(Duration::ms(1), 1e9));
    plan.topology.ecmp = ecmp;
    Rig rig(plan);
    std::vector<Seen> seen(2000);
    for (std::size_t i = 0; i < seen.size(); ++i)
      rig.send(at_ms(static_cast<std::int64_t>(i)), "host-0-0", "host-1-0", 100, &seen[i],
               sim::mix(7, i));
    rig.simulation.run();
    std::vector<double> by_spine;
    for (const LinkReport& link : rig.network->links())
      if (link.name == "leaf-0 -> spine-0" || link.name == "leaf-0 -> spine-1")
        by_spine.push_back(link.counts.bytes / 100);
    REQUIRE(by_spine.size() == 2);
    CHECK(by_spine[0] + by_spine[1] == 2000);
    // Four standard errors of a fair coin: 4 * sqrt(2000 / 4) = 89.
    if (ecmp == Ecmp::message)
      CHECK(std::abs(by_spine[0] - 1000) < 89);
    else
      CHECK(std::max(by_spine[0], by_spine[1]) == 2000);
  }
}

TEST_CASE("incast: what does not fit a queue comes after a timeout", "[topology]") {
  LinkPlan link = cable(Duration(), 1e6);
  link.queue = Bytes{3000};
  Rig rig(over_a_switch(cable(Duration()), link));
  std::vector<Seen> seen(8);
  for (std::size_t i = 0; i < seen.size(); ++i)
    rig.send(sim::Time(), "a", "b", 1000, &seen[i], i);
  rig.simulation.run();
  // The first is sent at once, which leaves it 1 ms of work; three fit before the queue is full
  // with what is being sent; five are lost, and of those two again.
  const auto in_time =
      std::count_if(seen.begin(), seen.end(), [](const Seen& each) { return each.at <= at_ms(3); });
  CHECK(in_time == 3);
  CHECK(rig.network->counts().lost == 5 + 2);
  CHECK(std::all_of(seen.begin(), seen.end(),
                    [](const Seen& each) { return each.state == Message::State::arrived; }));
}

TEST_CASE("partitions of a topology are between sites", "[topology]") {
  Rig rig(two_racks(cable(Duration::ms(1))));
  const Partition partition{
      {{rig.site("host-0-0")}, {rig.site("host-1-0")}}, true, PartitionMode::refuse};
  rig.network->begin_partition(partition);
  Seen cut, back, other, healed;
  rig.send(at_ms(1), "host-0-0", "host-1-0", 1, &cut);
  rig.send(at_ms(1), "host-1-0", "host-0-0", 1, &back);
  rig.send(at_ms(1), "host-0-0", "host-1-1", 1, &other);
  rig.simulation.run_until(at_ms(20));
  CHECK(cut.state == Message::State::refused);
  CHECK(back.state == Message::State::arrived);
  CHECK(other.state == Message::State::arrived);
  rig.network->end_partition(partition);
  rig.send(at_ms(30), "host-0-0", "host-1-0", 1, &healed);
  rig.simulation.run_until(at_ms(31));
  // One that begins while a message is on its way cuts it too.
  rig.network->begin_partition(partition);
  rig.simulation.run_until(at_ms(50));
  CHECK(healed.state == Message::State::refused);
}

TEST_CASE("a link that dies loses its queue, and is free when it comes back", "[topology]") {
  Rig rig(over_a_switch(cable(Duration::ms(1), 1e6), cable(Duration::ms(1), 1e6)));
  const sim::Time death = at_ms(100) + Duration::us(500);
  rig.simulation.spawn(kill_for(rig.simulation, death, Duration::ms(20), &rig.link("a", "s")));
  std::vector<Seen> queue(1000);  // one second of work
  for (std::size_t i = 0; i < queue.size(); ++i)
    rig.send(at_ms(0), "a", "b", 1'000, &queue[i], i);
  Seen later;
  rig.send(at_ms(130), "a", "b", 1'000, &later, 5000);
  rig.simulation.run_until(at_ms(125));
  const std::size_t over =
      rig.topology.edges_between(rig.topology.node("a"), rig.topology.node("s"))[0];
  const LinkReport dead = rig.network->links()[rig.topology.edges[over].link];
  CHECK(dead.counts.bytes == Approx(100'500));
  CHECK(dead.counts.busy_ns == Approx(100.5e6));
  CHECK(dead.more_bytes == 0);
  // What was on its way when it died, in its queue or in its latency, is 901 of them.
  CHECK(dead.counts.lost == 901);
  rig.simulation.run();
  CHECK(later.at == at_ms(134));  // nobody before it
  // The lost ones are sent again 200 ms after their loss, in their order.
  CHECK(queue[98].at == at_ms(102));
  for (std::size_t i = 99; i < queue.size(); ++i) {
    INFO("message " << i);
    const auto place = static_cast<std::int64_t>(i) - 98;
    CHECK(queue[i].at == death + Duration::ms(200 + place + 3));
  }
}
