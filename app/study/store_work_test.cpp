#include "app/study/store_work.hpp"

#include <catch2/catch.hpp>

#include "app/study/arithmetic.hpp"
#include "app/study/constraints.hpp"
#include "app/study/network_needs.hpp"
#include "app/study/summary.hpp"
#include "sim/kernel/resource.hpp"

namespace headroom {
namespace {

Distribution about_ms(double ms) {
  Distribution distribution;
  distribution.kind = Distribution::Kind::exponential;
  distribution.a = ms * 1e6;
  return distribution;
}

/// Who answers reads of which protocol, and how many times the mean of the copies the busiest one
/// works for reads alone: of three copies two are in the zone of the callers, and copy 2 comes
/// after the other one, copy 1.
struct Case {
  const char* protocol;
  std::optional<ReadsFrom> reads;
  double imbalance;
};
const Case cases[] = {
    {"none", std::nullopt, 1},           {"async", ReadsFrom::leader, 3},
    {"async", ReadsFrom::any, 1},        {"async", ReadsFrom::nearest, 2},
    {"semi_sync", ReadsFrom::leader, 3}, {"semi_sync", ReadsFrom::any, 1},
    {"sync", ReadsFrom::leader, 3},      {"sync", ReadsFrom::nearest, 2},
    {"raft", ReadsFrom::leader, 3},      {"raft", ReadsFrom::lease, 3},
    {"raft", ReadsFrom::any, 1},         {"raft", ReadsFrom::nearest, 2},
    {"chain", ReadsFrom::leader, 3},     {"chain", ReadsFrom::any, 1},
    {"chain", ReadsFrom::nearest, 2},    {"quorum", std::nullopt, 1},
    {"multi_leader", std::nullopt, 2},   {"multi_leader", ReadsFrom::any, 1},
    {"gossip_crdt", ReadsFrom::any, 1},  {"gossip_crdt", ReadsFrom::nearest, 2},
};

ScenarioPlan asked_of(const Case& each, double reads, double writes, double cas = 0) {
  ScenarioPlan plan;
  plan.zones = {"here", "there"};
  plan.run.duration = sim::Duration::seconds(100);
  plan.run.warmup = sim::Duration::seconds(20);
  plan.run.replications = 2;
  KeySpacePlan keys;
  keys.count = 1'000'000;
  keys.zipf = 0;
  plan.keys.add("item", keys);
  DatabasePlan store;
  store.zones = {{"here"}, {"there"}};
  store.replicas = std::string(each.protocol) == "none" ? 1 : 3;
  store.concurrency = Limit{1};
  store.queue_limit = Limit{sim::Resource::unlimited};
  store.service_time = {about_ms(10), about_ms(4)};
  store.replication.protocol = each.protocol;
  store.replication.reads = each.reads;
  store.history = 0;
  plan.services.add("db", ServicePlan{store});
  const auto add = [&](const char* operation, double per_s) {
    WorkloadPlan users;
    users.target = {"db", operation};
    users.key = KeySpaceRef{"item"};
    users.arrivals.process = PoissonPlan{{per_s}};
    if (per_s > 0) plan.workloads.add(operation, users);
  };
  add("read", reads);
  add("write", writes);
  add("cas", cas);
  return plan;
}

Summary summary_of(const ScenarioPlan& plan) {
  return summarize(plan, run_study(plan, {}));
}

}  // namespace

TEST_CASE("Of a database arithmetic knows how busy its copies are, and what they can hold") {
  for (const Case& each : cases) {
    CAPTURE(each.protocol, each.reads ? static_cast<int>(*each.reads) : -1);
    const ScenarioPlan mixed = asked_of(each, 30, 40);
    const ServiceNeeds needs = *arithmetic(mixed).service("db");
    const Summary summary = summary_of(mixed);
    CHECK(*summary.settled);
    const double busy = *needs.busy_share;
    CHECK(*summary.services[0].utilization.value == Approx(busy).epsilon(0.05));
    CHECK(*summary.services[0].busiest_utilization.value ==
          Approx(busy * needs.imbalance).epsilon(0.06));
    CHECK(amplification_of(mixed, needs, summary.services[0]) == Approx(1).margin(0.02));

    const ScenarioPlan reads = asked_of(each, 50, 0);
    const ServiceNeeds read = *arithmetic(reads).service("db");
    CHECK(read.imbalance == Approx(each.imbalance));
    const double ceiling = *read.ceiling_per_s;
    const double copies = std::string(each.protocol) == "none" ? 1 : 3;
    CHECK(ceiling == Approx(each.reads == std::nullopt && each.imbalance == 1
                                ? 100
                                : 100 * copies / each.imbalance));
    CHECK(*summary_of(asked_of(each, 0.9 * ceiling, 0)).settled);
    CHECK_FALSE(*summary_of(asked_of(each, 1.2 * ceiling, 0)).settled);
  }
}

TEST_CASE("A cas costs a database what a write does") {
  for (const char* protocol : {"none", "async", "raft", "chain"}) {
    CAPTURE(protocol);
    const ScenarioPlan plan = asked_of({protocol, std::nullopt, 1}, 0, 0, 100);
    const ServiceNeeds needs = *arithmetic(plan).service("db");
    CHECK(*needs.busy_share == Approx(0.4));
    CHECK(*needs.ceiling_per_s == Approx(250));
    CHECK(*summary_of(plan).services[0].utilization.value == Approx(0.4).epsilon(0.03));
  }
}

TEST_CASE("Copies are nearest to callers by the zones of both, in each shard") {
  ScenarioPlan plan = asked_of({"async", ReadsFrom::nearest, 1}, 50, 0);
  auto& store = std::get<DatabasePlan>(plan.services.entries[0].second.kind);
  store.shards.count = 2;
  // Shard 0 has copies here, there and here; shard 1 has them there, here and there.
  CHECK(arithmetic(plan).service("db")->imbalance == Approx(3).epsilon(1e-3));
  CHECK(*summary_of(plan).services[0].busiest_utilization.value == Approx(0.25).epsilon(0.05));
  // With as many callers in the other zone it is copy 1 of either shard, alone in one of the zones.
  WorkloadPlan others = plan.workloads.entries[0].second;
  others.zone = ZoneRef{"there"};
  plan.workloads.add("others", others);
  CHECK(arithmetic(plan).service("db")->imbalance == Approx(1.5).epsilon(1e-3));
  CHECK(*summary_of(plan).services[0].busiest_utilization.value == Approx(0.25).epsilon(0.05));
  // A closed workload gets no more than the busiest copy can do.
  plan.workloads.entries.pop_back();
  plan.workloads.entries[0].second.arrivals.process = ClosedPlan{{1000, about_ms(1)}};
  CHECK(arithmetic(plan).workloads[0].mean_per_s == Approx(200).epsilon(1e-3));
}

TEST_CASE("Copies are in the zone of their callers also where a partition tells them apart") {
  ScenarioPlan plan = asked_of({"async", ReadsFrom::nearest, 1}, 50, 0);
  LinkPlan link;
  link.latency = about_ms(1);
  plan.network.emplace();
  plan.network->links.add("* <-> *", link);
  PartitionPlan partition;
  const auto copy = [](std::uint32_t number) {
    FaultTarget target;
    target.name = "db";
    target.first = target.last = number;
    return std::vector<FaultTarget>{target};
  };
  partition.groups = {copy(0), copy(1)};
  FailurePlan failure;
  failure.at = sim::Duration::seconds(1000);
  failure.verb = partition;
  plan.failures.push_back(failure);
  const ServiceNeeds needs = *arithmetic(plan).service("db");
  CHECK(needs.imbalance == Approx(2));
  CHECK(*summary_of(plan).services[0].busiest_utilization.value ==
        Approx(*needs.busy_share * 2).epsilon(0.06));
}

TEST_CASE("Reads load the links to the copies that answer them") {
  const auto crossing = [](const Case& each, const char* callers) {
    ScenarioPlan plan = asked_of(each, 60, 0);
    LinkPlan link;
    link.bandwidth = Bandwidth{1e9};
    plan.network.emplace();
    plan.network->links.add("* <-> *", link);
    WorkloadPlan& users = plan.workloads.entries[0].second;
    users.zone = ZoneRef{callers};
    users.reply_size.emplace();
    users.reply_size->a = 1e6;
    const Arithmetic needs = arithmetic(plan);
    double bytes_per_s = 0;
    for (const LinkNeed& need : link_needs(plan, needs))
      bytes_per_s += need.needed_bytes_per_s;
    return bytes_per_s / 1e6;
  };
  CHECK(crossing({"async", ReadsFrom::leader, 1}, "here") == Approx(0).margin(1e-9));
  CHECK(crossing({"async", ReadsFrom::leader, 1}, "there") == Approx(60));
  CHECK(crossing({"async", ReadsFrom::any, 1}, "here") == Approx(20));
  CHECK(crossing({"async", ReadsFrom::nearest, 1}, "there") == Approx(0).margin(1e-9));
  CHECK(crossing({"quorum", std::nullopt, 1}, "here") == Approx(60));
}

}  // namespace headroom
