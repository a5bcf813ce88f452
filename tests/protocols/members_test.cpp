// The copies of Raft change while it serves: new ones catch up, others leave.
#include <bit>
#include <catch2/catch.hpp>

#include "tests/protocols/fuzz.hpp"

namespace headroom {
namespace {

using namespace test_cluster;

MembershipPlan at_ms(std::int64_t ms) {
  MembershipPlan change;
  change.at = sim::Duration::ms(ms);
  return change;
}

DatabasePlan changing_plan(std::uint32_t copies, std::vector<MembershipPlan> changes) {
  DatabasePlan plan = plan_of("raft", copies);
  plan.replication.election_timeout = uniform_ms(30, 60);
  plan.replication.heartbeat = sim::Duration::ms(8);
  plan.membership = std::move(changes);
  return plan;
}

LogGroup& group_in(Cluster& cluster) {
  return dynamic_cast<LedReplication&>(cluster.database.replication()).group(0);
}

const MemberChangeResult change_in(Cluster& cluster, std::size_t number) {
  return cluster.database.result().store->member_changes[number];
}

TEST_CASE("A dead copy is replaced by one that has all of it") {
  MembershipPlan replace = at_ms(500);
  replace.replace = 1;
  Cluster cluster(changing_plan(3, {replace}), constant_ms(1));
  cluster.run_for(sim::Duration::ms(200));
  for (std::uint64_t item = 0; item < 20; ++item)
    CHECK(cluster.once(Operation::write, item, 0).is_ok());
  cluster.database.node(1).begin_kill();
  CHECK(!cluster.database.node(3).present());
  cluster.run_for(sim::Duration::ms(800));
  CHECK(change_in(cluster, 0).ended);
  CHECK(change_in(cluster, 0).change == "copy 1 replaced by copy 3");
  CHECK(group_in(cluster).replica(0).members() == 0b1101);
  CHECK(cluster.database.node(3).present());
  CHECK(!cluster.database.node(1).present());
  for (std::uint64_t item = 0; item < 20; ++item)
    CHECK(cluster.database.node(3).version_of(item) == 1);
  // It counts: with another one gone there is still a majority.
  cluster.database.node(2).begin_kill();
  cluster.run_for(sim::Duration::ms(300));
  CHECK(cluster.once(Operation::write, 1, 0).is_ok());
  CHECK(cluster.once(Operation::read, 7, 0).version == 1);
  // And it is removed for good: it does not come back with the end of what killed it.
  cluster.database.node(1).end_kill();
  cluster.run_for(sim::Duration::ms(300));
  CHECK(!cluster.database.node(1).up());
}

TEST_CASE("A leader that is removed goes on until that is committed, and another one is elected") {
  MembershipPlan remove = at_ms(500);
  remove.remove = 0;
  Cluster cluster(changing_plan(4, {remove}), constant_ms(1));
  cluster.run_for(sim::Duration::ms(490));
  CHECK(group_in(cluster).leader() == 0);
  CHECK(cluster.once(Operation::write, 1, 1).is_ok());
  cluster.run_for(sim::Duration::ms(300));
  CHECK(change_in(cluster, 0).ended);
  CHECK(group_in(cluster).leader() != 0);
  CHECK(cluster.once(Operation::read, 1, 1).version == 1);
  const LogReplica& leader = group_in(cluster).replica(group_in(cluster).leader());
  CHECK(leader.members() == 0b1110);
  // Of three, two are enough.
  cluster.database.node(group_in(cluster).leader() == 1 ? 2 : 1).begin_kill();
  cluster.run_for(sim::Duration::ms(300));
  CHECK(cluster.once(Operation::write, 1, 3).is_ok());
}

TEST_CASE("What a new copy gets goes over the network, piece by piece, as fast as it may") {
  for (const bool is_throttled : {false, true}) {
    MembershipPlan add = at_ms(500);
    add.add = 1;
    if (is_throttled) add.throttle = Bandwidth{4e6};
    // Ten pieces of 1 MB, each a round trip of 10 ms.
    Cluster cluster(changing_plan(3, {add}), constant_ms(5), 1, 10e6);
    cluster.run_for(sim::Duration::seconds(5));
    const MemberChangeResult change = change_in(cluster, 0);
    REQUIRE(change.ended);
    CHECK(change.bytes_sent == 10e6);
    CHECK(change.resends == 0);
    const double took_ms = static_cast<double>(change.took_ns) / 1e6;
    // The first question, ten pieces, the entry; polled every 8 ms.
    const double least_ms = is_throttled ? 9 * 250.0 : 12 * 10.0;
    CHECK(took_ms >= least_ms);
    CHECK(took_ms <= least_ms + 60);
    CHECK(group_in(cluster).replica(0).members() == 0b1111);
  }
}

TEST_CASE("A copy that has not caught up does not count") {
  MembershipPlan add = at_ms(500);
  add.add = 1;
  Cluster cluster(changing_plan(3, {add}), constant_ms(1), 1, 1e9);
  cluster.run_for(sim::Duration::ms(600));
  CHECK(!change_in(cluster, 0).ended);
  CHECK(group_in(cluster).replica(0).members() == 0b0111);
  // A majority is still two of three.
  cluster.database.node(2).begin_kill();
  CHECK(cluster.once(Operation::write, 1, 0).is_ok());
  cluster.run_for(sim::Duration::seconds(5));
  CHECK(change_in(cluster, 0).ended);
  CHECK(group_in(cluster).replica(0).members() == 0b1111);
}

TEST_CASE("A new copy that is killed on its way, or whose leader is, gets all of it in the end") {
  for (const std::uint32_t victim : {0u, 3u}) {
    MembershipPlan add = at_ms(500);
    add.add = 1;
    Cluster cluster(changing_plan(3, {add}), constant_ms(5), 1, 20e6);
    cluster.run_for(sim::Duration::ms(100));
    CHECK(cluster.once(Operation::write, 7, 0).is_ok());
    cluster.run_for(sim::Duration::ms(500));
    cluster.database.node(victim).begin_kill();
    cluster.run_for(sim::Duration::ms(300));
    cluster.database.node(victim).end_kill();
    CHECK(!change_in(cluster, 0).ended);
    cluster.run_for(sim::Duration::seconds(3));
    CHECK(change_in(cluster, 0).ended);
    CHECK(cluster.database.node(3).version_of(7) == 1);
    CHECK(change_in(cluster, 0).bytes_sent >= 20e6);
  }
}

TEST_CASE("A copy that was removed and runs on unseats nobody") {
  for (const bool pre_vote : {false, true}) {
    MembershipPlan remove = at_ms(500);
    remove.remove = 2;
    remove.stop_after = sim::Duration::seconds(10);
    DatabasePlan plan = changing_plan(4, {remove});
    plan.replication.pre_vote = pre_vote;
    Cluster cluster(plan, constant_ms(1));
    cluster.run_for(sim::Duration::seconds(5));
    CHECK(change_in(cluster, 0).ended);
    CHECK(cluster.database.node(2).up());
    CHECK(group_in(cluster).elections() == 0);
    CHECK(group_in(cluster).leader() == 0);
    CHECK(group_in(cluster).replica(0).term() == 1);
    // It wants to: without pre-vote its own term rises.
    CHECK((group_in(cluster).replica(2).term() > 1) == !pre_vote);
  }
}

TEST_CASE("Of several shards each changes its own copies, or one of them does") {
  for (const bool is_one : {false, true}) {
    MembershipPlan replace = at_ms(500);
    replace.replace = 2;
    if (is_one) replace.shard = 1;
    DatabasePlan plan = changing_plan(3, {replace});
    plan.shards.count = 2;
    Cluster cluster(plan, constant_ms(1));
    cluster.run_for(sim::Duration::ms(1500));
    CHECK(change_in(cluster, 0).ended);
    auto& led = dynamic_cast<LedReplication&>(cluster.database.replication());
    CHECK(led.group(0).replica(0).members() == (is_one ? 0b0111 : 0b1011));
    CHECK(led.group(1).replica(0).members() == 0b1011);
    CHECK(cluster.database.node(3).present() == !is_one);
    CHECK(cluster.database.node(7).present());
    CHECK(cluster.database.node(2).present() == is_one);
  }
}

TEST_CASE("Who replaces a copy stands where it stood") {
  MembershipPlan first = at_ms(0), second = at_ms(1), third = at_ms(2);
  first.replace = 1;
  second.add = 1;
  third.replace = 3;
  DatabasePlan plan = changing_plan(3, {first, second, third});
  plan.shards.count = 2;
  CHECK(plan.copies() == 6);
  const std::uint32_t places[] = {0, 1, 2, 1, 4, 1};
  for (std::uint32_t node = 0; node < 12; ++node)
    CHECK(plan.place_of(node) == places[node % 6] + node / 6 * 3);
}

/// Three or four copies, and two that may come.
DatabasePlan random_plan(std::uint64_t seed) {
  MembershipPlan spare = at_ms(3'600'000);
  spare.add = 2;
  DatabasePlan plan = changing_plan(3 + seed % 2, {spare});
  plan.replication.fsync = exponential_ms(seed % 3 == 0 ? 0.2 : 2);
  plan.replication.pre_vote = seed % 3 != 0;
  plan.replication.reads = seed % 2 == 0 ? ReadsFrom::leader : ReadsFrom::lease;
  if (seed % 4 < 2) plan.replication.bugs = static_cast<std::uint32_t>(Bug::short_log);
  plan.crash = seed % 5 < 2 ? Crash::silent : Crash::reset;
  plan.restart_time = sim::Duration::ms(static_cast<std::int64_t>(seed % 7) * 10);
  return plan;
}

TEST_CASE("Members that change at random, under all faults, break nothing") {
  std::uint64_t changes = 0, snapshots = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Weather weather;
    weather.skews = seed % 2 == 0 ? 0 : 0.1;
    weather.administrators = 1 + static_cast<std::uint32_t>(seed % 3);
    if (seed % 2 == 1) weather.cuts -= 0.1;
    DatabasePlan plan = random_plan(seed);
    if (weather.skews > 0) plan.replication.reads = ReadsFrom::leader;
    const Told told = run_through(plan, seed, weather);
    const consistency::Question question{consistency::Model::cas_register, no_value, {}};
    const auto finding = consistency::check(consistency::Guarantee::linearizable,
                                            checked_history(told.recorded), question);
    INFO("seed " << seed << ": " << finding.text);
    CHECK(finding.holds == consistency::Holds::yes);
    CHECK(told.alike);
    CHECK(told.done_late > 100);
    changes += told.changes;
    snapshots += told.snapshots;
  }
  CHECK(changes > 600);
  CHECK(snapshots > 20);
}

}  // namespace
}  // namespace headroom
