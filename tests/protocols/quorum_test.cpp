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

Partition cut_off(std::vector<std::uint16_t> side, bool refuses) {
  Partition partition;
  partition.groups = {std::move(side), {1, 2}};
  if (refuses) partition.mode = PartitionMode::refuse;
  return partition;
}

TEST_CASE("Who is cut off in silence waits, and does not know whether his write counts") {
  for (const bool refuses : {false, true}) {
    Cluster cluster(quorum_plan(2, 2), constant_ms(1));
    const Partition partition = cut_off({0}, refuses);
    cluster.network.begin_partition(partition);
    // One copy has it, and the caller is told so by it alone.
    const Reply write = cluster.once(Operation::write, 1, 0, sim::Duration::ms(500));
    CHECK(write.outcome == (refuses ? Outcome::failed : Outcome::timeout));
    CHECK(cluster.once(Operation::read, 1, 0, sim::Duration::ms(500)).outcome ==
          (refuses ? Outcome::failed : Outcome::timeout));
    CHECK(cluster.database.node(0).version_of(1) == 1);
    CHECK(cluster.once(Operation::read, 1, 1).version == 0);
    const StoreHistory recorded = cluster.recorder.result();
    CHECK(recorded.operations.front().f == Function::write);
    CHECK(recorded.operations.front().end ==
          (refuses ? HistoryEvent::Type::info : HistoryEvent::Type::invoke));
    cluster.network.end_partition(partition);
    // It counts after all, and no checker may call that a violation.
    CHECK(cluster.once(Operation::read, 1, 0).version == 1);
    const consistency::Question question{consistency::Model::cas_register, no_value, {}};
    CHECK(consistency::linearizable(cluster.history(), question).holds == consistency::Holds::yes);
  }
}

TEST_CASE("A coordinator that gives copies up says that it timed out, not that it failed") {
  DatabasePlan plan = quorum_plan(2, 2);
  plan.replication.hinted_handoff = true;
  plan.replication.handoff_after = sim::Duration::ms(50);
  Cluster cluster(plan, constant_ms(1));
  cluster.network.begin_partition(cut_off({0}, false));
  CHECK(cluster.once(Operation::write, 1, 0).outcome == Outcome::timeout);
  CHECK(cluster.took == sim::Duration::ms(50));
  CHECK(cluster.recorder.result().operations.front().end == HistoryEvent::Type::info);
}

TEST_CASE("Enough copies that refuse are a failure, whatever the others do") {
  DatabasePlan plan = quorum_plan(2, 2);
  Cluster cluster(plan, constant_ms(1));
  for (const std::uint32_t copy : {1u, 2u})
    cluster.database.node(copy).begin_error(1);
  CHECK(cluster.once(Operation::write, 1, 0).outcome == Outcome::failed);
  CHECK(cluster.took == sim::Duration::ms(2));
}

TEST_CASE("The last writer wins by the clock of the copy beside him") {
  for (const std::int64_t behind_ms : {0, 2'000}) {
    for (const bool repairs : {false, true}) {
      DatabasePlan plan = quorum_plan(2, 2);
      plan.replication.read_repair = repairs;
      Cluster cluster(plan, constant_ms(1));
      cluster.database.expect_wrong_clocks();
      cluster.database.node(1).begin_skew(-behind_ms * 1'000'000);
      CHECK(cluster.once(Operation::write, 1, 0).version == 1);
      cluster.run_for(sim::Duration::ms(100));
      CHECK(cluster.once(Operation::write, 1, 1).is_ok());
      cluster.run_for(sim::Duration::ms(100));
      // The second one is acknowledged, and lost where the clock is behind.
      const std::uint32_t stays = behind_ms == 0 ? 2 : 1;
      for (const std::uint16_t zone : {0, 1, 2})
        CHECK(cluster.once(Operation::read, 1, zone).version == stays);
      for (std::uint32_t copy = 0; copy < 3; ++copy)
        CHECK(cluster.database.node(copy).version_of(1) == stays);
      const auto losses = consistency::losses(cluster.history(), cluster.recorded().held);
      CHECK(losses.lost == (behind_ms == 0 ? 0 : 1));
      // Once it is right again the next one counts.
      cluster.database.node(1).end_skew(-behind_ms * 1'000'000);
      CHECK(cluster.once(Operation::write, 1, 1).version == 3);
      CHECK(cluster.once(Operation::read, 1, 0).version == 3);
    }
  }
}

TEST_CASE("An answer is as long as there are siblings in it, and so is what repairs a copy") {
  DatabasePlan plan = quorum_plan(3, 3);
  plan.replication.conflict = Conflict::siblings;
  plan.replication.read_repair = true;
  Cluster cluster(plan, constant_ms(1));
  const auto bytes_of = [&](Operation operation, std::uint32_t session) {
    Request request = cluster.request(operation, 1, 0);
    request.session = session;
    request.size = 10;
    request.reply_size = 1'000;
    const std::uint64_t before = cluster.network.counts().bytes;
    Cluster::Answer answer;
    cluster.simulation.spawn(Cluster::ask(cluster.simulation, &cluster, request, &answer));
    cluster.run_for(sim::Duration::seconds(1));
    return cluster.network.counts().bytes - before;
  };
  const auto bytes_of_read = [&] { return bytes_of(Operation::read, 100); };
  CHECK(bytes_of_read() == 2 * (10 + 1'000));  // of two other copies, nothing yet
  for (std::uint32_t session = 1; session <= 5; ++session) {
    bytes_of(Operation::write, session);  // has read nothing
    CHECK(bytes_of_read() == 2 * (10 + session * 1'000));
  }
  // One copy does not hear of two more.
  cluster.database.node(2).begin_kill();
  for (const std::uint32_t session : {6u, 7u})
    bytes_of(Operation::write, session);
  cluster.database.node(2).end_kill();
  CHECK(bytes_of_read() == 2 * 10 + (7 + 5) * 1'000 + 7 * 1'000);
  CHECK(bytes_of_read() == 2 * (10 + 7 * 1'000));
}

TEST_CASE("Stamps order writes as a list of all of them would") {
  sim::Stream random(1, 0, "stamps");
  for (int round = 0; round < 200; ++round) {
    Stamps stamps;
    stamps.use();
    std::vector<std::int64_t> all{INT64_MIN};
    const auto most = static_cast<std::uint32_t>(1 + random.below(64));
    for (std::uint32_t version = 1; version <= most; ++version) {
      all.push_back(static_cast<std::int64_t>(random.below(20)));
      stamps.take(7, version, all.back());
    }
    for (std::uint32_t a = 0; a <= most; ++a)
      for (std::uint32_t b = 0; b <= most; ++b)
        REQUIRE(stamps.is_later(7, a, b) == (std::pair(all[a], a) > std::pair(all[b], b)));
  }
}

TEST_CASE("A session is tied to the copy beside it, or moves from copy to copy") {
  for (const ReadsFrom from : {ReadsFrom::nearest, ReadsFrom::any}) {
    DatabasePlan plan = plan_of("async", 3);
    plan.replication.reads = from;
    plan.replication.lag = exponential_ms(100);
    Cluster cluster(plan, constant_ms(1));
    cluster.run_for(sim::Duration::ms(200));
    cluster.database.start_measuring();
    for (int i = 0; i < 300; ++i) {
      CHECK(cluster.once(Operation::write, 1, 0).is_ok());
      CHECK(cluster.once(Operation::read, 1, 1).is_ok());
    }
    const auto reads = [&](std::uint32_t copy) {
      return cluster.database.result().replicas[copy].arrivals;
    };
    const bool moves = from == ReadsFrom::any;
    CHECK((reads(2) > 60) == moves);
    CHECK((reads(1) == 300) == !moves);
    const consistency::Question question{consistency::Model::cas_register, no_value, {}};
    const auto monotonic =
        consistency::check(consistency::Guarantee::monotonic_reads, cluster.history(), question);
    CHECK(monotonic.holds == (moves ? consistency::Holds::no : consistency::Holds::yes));
  }
}

}  // namespace
}  // namespace headroom
