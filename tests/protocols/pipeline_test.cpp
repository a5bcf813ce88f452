#include <catch2/catch.hpp>

#include "tests/protocols/fuzz.hpp"

namespace headroom {
namespace {

using namespace test_cluster;

DatabasePlan quick_plan(const char* protocol) {
  DatabasePlan plan = plan_of(protocol, 3);
  plan.service_time.read = plan.service_time.write = constant_ms(1);
  if (plan.replication.protocol == "raft") return plan;
  plan.replication.failover = sim::Duration::ms(200);
  plan.replication.heartbeat = sim::Duration::ms(50);
  return plan;
}

/// How long each of many takes that are asked a millisecond after one another.
std::vector<sim::Duration> all_take(Cluster& cluster, Operation operation) {
  std::vector<Cluster::Answer> answers(300);
  std::vector<sim::Time> begun;
  for (Cluster::Answer& answer : answers) {
    begun.push_back(cluster.simulation.now());
    const Request request = cluster.request(operation, begun.size());
    cluster.simulation.spawn(Cluster::ask(cluster.simulation, &cluster, request, &answer));
    cluster.run_for(sim::Duration::ms(1));
  }
  cluster.run_for(sim::Duration::ms(500));
  std::vector<sim::Duration> took;
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i].reply && answers[i].reply->is_ok()) took.push_back(answers[i].at - begun[i]);
  return took;
}

TEST_CASE("Many operations at once take as long as one alone: nobody waits for what is under way") {
  struct Case {
    const char* protocol;
    Operation operation;
    int ms;
  };
  // A way takes 10 ms; the caller stands beside the leader, or the head.
  for (const Case& c : {Case{"raft", Operation::write, 21}, Case{"raft", Operation::read, 21},
                        Case{"semi_sync", Operation::write, 21}, Case{"sync", Operation::write, 21},
                        Case{"chain", Operation::write, 31}}) {
    INFO(c.protocol << " " << c.ms);
    Cluster cluster(quick_plan(c.protocol), constant_ms(10));
    cluster.run_for(sim::Duration::ms(505));
    const std::vector<sim::Duration> took = all_take(cluster, c.operation);
    REQUIRE(took.size() == 300);
    CHECK(*std::min_element(took.begin(), took.end()) == sim::Duration::ms(c.ms));
    CHECK(*std::max_element(took.begin(), took.end()) == sim::Duration::ms(c.ms));
  }
}

TEST_CASE("Entries that overtake others wait for them") {
  for (const char* protocol : {"raft", "sync", "chain"}) {
    INFO(protocol);
    Cluster cluster(quick_plan(protocol), exponential_ms(10));
    cluster.run_for(sim::Duration::ms(505));
    CHECK(all_take(cluster, Operation::write).size() == 300);
    cluster.run_for(sim::Duration::seconds(1));
    for (std::uint64_t item = 1; item <= 300; ++item)
      for (std::uint32_t copy = 1; copy < 3; ++copy)
        REQUIRE(cluster.database.node(copy).version_of(item) ==
                cluster.database.node(0).version_of(item));
  }
}

TEST_CASE("Who is refused by a leader that is cut off finds the next one") {
  for (const char* protocol : {"raft", "async"}) {
    INFO(protocol);
    Cluster cluster(quick_plan(protocol), constant_ms(1));
    cluster.run_for(sim::Duration::ms(505));
    CHECK(cluster.once(Operation::write, 1, 1).is_ok());
    Partition partition;
    partition.groups = {{0}, {1, 2}};
    partition.mode = PartitionMode::refuse;
    cluster.network.begin_partition(partition);
    const Reply reply = cluster.once(Operation::write, 1, 1);
    CHECK(reply.is_ok());
    CHECK(cluster.took < sim::Duration::ms(700));
    cluster.network.end_partition(partition);
  }
}

}  // namespace
}  // namespace headroom
