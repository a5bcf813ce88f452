#include <catch2/catch.hpp>

#include "tests/protocols/fuzz.hpp"

namespace headroom {
namespace {

using namespace test_cluster;

DatabasePlan quorum_plan(std::uint32_t reads, std::uint32_t writes, std::uint32_t shards = 1) {
  DatabasePlan plan = plan_of("quorum", 3);
  plan.shards.count = shards;
  plan.replication.R = reads;
  plan.replication.W = writes;
  plan.replication.read_repair = false;
  return plan;
}

TEST_CASE("What a copy missed is brought to it when it is back") {
  for (const bool hints : {false, true}) {
    DatabasePlan plan = quorum_plan(2, 2);
    plan.replication.hinted_handoff = hints;
    Cluster cluster(plan, constant_ms(1));
    cluster.database.node(2).begin_kill();
    for (int i = 0; i < 3; ++i)
      CHECK(cluster.once(Operation::write, 1, 0).is_ok());
    cluster.run_for(sim::Duration::ms(300));
    cluster.database.node(2).end_kill();
    cluster.run_for(sim::Duration::ms(2500));
    CHECK(cluster.database.node(2).version_of(1) == (hints ? 3 : 0));
  }
}

TEST_CASE("A sloppy quorum writes where a strict one cannot, and reads may miss it") {
  for (const bool sloppy : {false, true}) {
    DatabasePlan plan = quorum_plan(2, 2, 2);
    plan.replication.sloppy = sloppy;
    Cluster cluster(plan, constant_ms(1));
    // Two of the three copies of item 1 are cut off from the others and from the caller.
    std::uint32_t shard = 0;
    const std::uint64_t item = 1;
    CHECK(cluster.once(Operation::write, item, 2).version == 1);
    cluster.run_for(sim::Duration::ms(100));
    shard = cluster.database.node(0).version_of(item) == 1 ? 0 : 1;
    for (const std::uint32_t copy : {0u, 1u})
      cluster.database.node(shard * 3 + copy).begin_kill();
    const Reply written = cluster.once(Operation::write, item, 2, sim::Duration::ms(900));
    CHECK(written.is_ok() == sloppy);
    if (!sloppy) continue;
    CHECK(cluster.database.node((1 - shard) * 3).version_of(item) == 2);
    CHECK(cluster.once(Operation::read, item, 2).version == 2);
    for (const std::uint32_t copy : {0u, 1u})
      cluster.database.node(shard * 3 + copy).end_kill();
    // Who was away does not know it yet: two of these are a quorum.
    CHECK(cluster.database.node(shard * 3).version_of(item) == 1);
    cluster.run_for(sim::Duration::ms(2500));
    CHECK(cluster.database.node(shard * 3).version_of(item) == 2);
  }
}

}  // namespace
}  // namespace headroom
