// Copies that take their time, and copies that say nothing.
#include <catch2/catch.hpp>

#include "tests/protocols/cluster.hpp"

namespace headroom {
namespace {

using namespace test_cluster;

DatabasePlan slow_plan(const char* protocol, std::optional<ReadsFrom> reads, double read_ms) {
  DatabasePlan plan = plan_of(protocol, 3);
  plan.replication.reads = reads;
  plan.service_time = {constant_ms(read_ms), constant_ms(1)};
  return plan;
}

std::uint64_t arrivals(Cluster& cluster) {
  return cluster.database.result().arrivals;
}

TEST_CASE("Slow copies are waited for and asked once, as are many that wait for a slot") {
  struct Case {
    const char* protocol;
    std::optional<ReadsFrom> reads;
    std::uint32_t asked = 1;  ///< Copies of which a read is asked.
  };
  const Case cases[] = {
      {"raft", ReadsFrom::leader},      {"raft", ReadsFrom::lease},
      {"raft", ReadsFrom::any},         {"raft", ReadsFrom::nearest},
      {"async", ReadsFrom::leader},     {"async", ReadsFrom::any},
      {"semi_sync", ReadsFrom::leader}, {"sync", ReadsFrom::nearest},
      {"chain", ReadsFrom::leader},     {"chain", ReadsFrom::any},
      {"multi_leader", ReadsFrom::any}, {"multi_leader", ReadsFrom::nearest},
      {"gossip_crdt", ReadsFrom::any},  {"gossip_crdt", ReadsFrom::nearest},
      {"quorum", ReadsFrom::quorum, 3},
  };
  for (const Case& each : cases) {
    CAPTURE(each.protocol, each.reads ? static_cast<int>(*each.reads) : -1);
    Cluster cluster(slow_plan(each.protocol, each.reads, 40'000), constant_ms(1));
    cluster.run_for(sim::Duration::ms(500));
    CHECK(cluster.once(Operation::read, 1, 1, sim::Duration::seconds(60)).is_ok());
    CHECK(cluster.took >= sim::Duration::seconds(40));
    CHECK(cluster.took < sim::Duration::ms(40'010));
    CHECK(arrivals(cluster) == each.asked);

    DatabasePlan plan = slow_plan(each.protocol, each.reads, 300);
    plan.concurrency = Limit{1};
    Cluster crowd(plan, constant_ms(1));
    crowd.run_for(sim::Duration::ms(500));
    std::vector<Cluster::Answer> answers(100);
    for (Cluster::Answer& answer : answers)
      crowd.simulation.spawn(
          Cluster::ask(crowd.simulation, &crowd, crowd.request(Operation::read, 1, 1), &answer));
    crowd.run_for(sim::Duration::seconds(40));
    for (const Cluster::Answer& answer : answers)
      CHECK((answer.reply && answer.reply->is_ok()));
    CHECK(arrivals(crowd) == 100 * each.asked);
  }
}

TEST_CASE("Who asks a leader that is slow is answered by it, by way of others or not") {
  for (const char* protocol : {"raft", "async", "chain"}) {
    CAPTURE(protocol);
    DatabasePlan plan = slow_plan(protocol, std::nullopt, 3000);
    plan.replication.failover = sim::Duration::ms(100);
    plan.replication.heartbeat = sim::Duration::ms(20);
    Cluster cluster(plan, constant_ms(1));
    cluster.run_for(sim::Duration::ms(500));
    std::vector<Cluster::Answer> answers(5);
    for (Cluster::Answer& answer : answers) {
      cluster.simulation.spawn(Cluster::ask(cluster.simulation, &cluster,
                                            cluster.request(Operation::read, 1, 1), &answer));
      cluster.run_for(sim::Duration::ms(700));
    }
    cluster.run_for(sim::Duration::seconds(4));
    for (const Cluster::Answer& answer : answers)
      CHECK((answer.reply && answer.reply->is_ok()));
  }
}

TEST_CASE(
    "A read that is reset is asked of another copy; silence lasts until its caller gives up") {
  for (const Crash crash : {Crash::reset, Crash::silent}) {
    for (const char* protocol : {"raft", "async", "chain", "multi_leader"}) {
      CAPTURE(protocol, static_cast<int>(crash));
      DatabasePlan plan = slow_plan(protocol, ReadsFrom::nearest, 3000);
      plan.crash = crash;
      Cluster cluster(plan, constant_ms(1));
      cluster.run_for(sim::Duration::ms(500));
      Cluster::Answer answer;
      cluster.simulation.spawn(Cluster::ask(cluster.simulation, &cluster,
                                            cluster.request(Operation::read, 1, 1), &answer));
      cluster.run_for(sim::Duration::seconds(1));
      cluster.database.node(1).begin_kill();
      cluster.run_for(sim::Duration::seconds(60));
      CHECK(answer.reply.has_value() == (crash == Crash::reset));
      if (crash == Crash::reset) CHECK(answer.reply->is_ok());
      CHECK(arrivals(cluster) == (crash == Crash::reset ? 2u : 1u));
    }
  }
}

TEST_CASE("What comes after a leader has fallen silent finds the next one") {
  for (const char* protocol : {"raft", "async"}) {
    CAPTURE(protocol);
    DatabasePlan plan = slow_plan(protocol, std::nullopt, 1);
    plan.replication.failover = sim::Duration::ms(200);
    Cluster cluster(plan, constant_ms(1));
    cluster.run_for(sim::Duration::ms(500));
    CHECK(cluster.once(Operation::write, 1, 1).is_ok());
    cluster.database.node(0).begin_pause();
    const auto patience = sim::Duration::seconds(2);
    CHECK(cluster.once(Operation::read, 1, 1, patience).outcome == Outcome::timeout);
    CHECK(cluster.once(Operation::read, 1, 1, patience).is_ok());
    CHECK(cluster.took < sim::Duration::ms(50));
  }
}

}  // namespace
}  // namespace headroom
