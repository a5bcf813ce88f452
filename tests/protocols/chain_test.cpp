#include <catch2/catch.hpp>

#include "tests/protocols/fuzz.hpp"

namespace headroom {
namespace {

using namespace test_cluster;

DatabasePlan chain_plan(std::uint32_t copies) {
  DatabasePlan plan = plan_of("chain", copies);
  plan.replication.failover = sim::Duration::ms(100);
  plan.replication.heartbeat = sim::Duration::ms(20);
  return plan;
}

TEST_CASE("A write passes through the chain, and the tail tells the head; the tail reads") {
  DatabasePlan plan = chain_plan(4);
  plan.service_time = {constant_ms(1), constant_ms(3)};
  plan.replication.fsync = constant_ms(2);
  Cluster cluster(plan, constant_ms(5));
  CHECK(cluster.once(Operation::write, 1, 0).is_ok());
  CHECK(cluster.took == sim::Duration::ms(3 + 4 * 2 + 3 * 5 + 5));
  CHECK(cluster.once(Operation::read, 1, 3).version == 1);
  CHECK(cluster.took == sim::Duration::ms(1));
  CHECK(cluster.once(Operation::read, 1, 0).version == 1);
  CHECK(cluster.took == sim::Duration::ms(10 + 1));
}

TEST_CASE("Head, middle and tail may crash; who comes back becomes the tail with all there is") {
  for (const std::uint32_t victim : {0u, 1u, 2u}) {
    Cluster cluster(chain_plan(3), constant_ms(1));
    INFO("copy " << victim);
    CHECK(cluster.once(Operation::write, 1, 0).version == 1);
    cluster.database.node(victim).begin_kill();
    cluster.run_for(sim::Duration::ms(120));
    CHECK(cluster.once(Operation::write, 1, 1).version == 2);
    CHECK(cluster.once(Operation::read, 1, 1).version == 2);
    cluster.database.node(victim).end_kill();
    cluster.run_for(sim::Duration::ms(100));
    CHECK(cluster.database.node(victim).version_of(1) == 2);
    CHECK(cluster.once(Operation::write, 1, 0).version == 3);
    cluster.run_for(sim::Duration::ms(50));
    CHECK(cluster.database.node(victim).version_of(1) == 3);
    CHECK(cluster.database.result().counts.front() ==
          std::pair<std::string, double>("chain_changes", 2));
  }
}

TEST_CASE("A copy that comes back behind a cut that refuses it is taken in when that is healed") {
  Cluster cluster(chain_plan(3), constant_ms(1));
  cluster.database.node(2).begin_kill();
  cluster.run_for(sim::Duration::ms(120));
  CHECK(cluster.once(Operation::write, 1, 0).version == 1);
  Partition partition;
  partition.groups = {{0, 1}, {2}};
  partition.mode = PartitionMode::refuse;
  cluster.network.begin_partition(partition);
  cluster.database.node(2).end_kill();
  cluster.run_for(sim::Duration::seconds(1));
  CHECK(cluster.database.node(2).version_of(1) == 0);
  CHECK(cluster.once(Operation::write, 1, 0).version == 2);
  cluster.network.end_partition(partition);
  cluster.run_for(sim::Duration::ms(100));
  CHECK(cluster.database.node(2).version_of(1) == 2);
}

TEST_CASE("A chain stays linearizable whatever fails, and goes on when it is healed") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    DatabasePlan plan = chain_plan(seed % 4 == 0 ? 5 : 3);
    plan.replication.fsync = exponential_ms(2);
    plan.crash = seed % 5 < 2 ? Crash::silent : Crash::reset;
    const Fate fate = fuzz(plan, seed);
    INFO("seed " << seed << ": " << fate.finding.text);
    CHECK(fate.finding.holds == consistency::Holds::yes);
    CHECK(fate.alike);
    CHECK(fate.done_late > 100);
  }
}

}  // namespace
}  // namespace headroom
