// Every protocol with what it promises, under random faults. One seed is one run; a share of them
// is run each time, and as many as are wanted by
//   HEADROOM_SEEDS=1..100000 test_protocols "A campaign*"
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>

#include "tests/protocols/museum.hpp"

namespace headroom::test_museum {
namespace {

constexpr Weather one_crash_at_a_time{300'000, 1'000'000, 1.0, 0, 0, 1};
constexpr Weather only_the_network{300'000, 1'000'000, 0, 0.1, 0.8, 3};

/// What one protocol promises under some weather.
struct Promised {
  std::string name;
  DatabasePlan plan;
  Promise promise = Promise::linearizable;
  Weather weather{};
  bool is_promised = true;       ///< Else only that copies become alike.
  bool becomes_alike = true;     ///< All copies hold the same in the end.
  std::uint64_t least_done = 0;  ///< Operations done after all is healed.
};

DatabasePlan led(const char* protocol, std::uint32_t copies, std::uint64_t seed) {
  DatabasePlan plan = plan_of(protocol, copies);
  plan.replication.failover = sim::Duration::ms(100);
  plan.replication.heartbeat = sim::Duration::ms(20);
  plan.replication.fsync = exponential_ms(2);
  plan.crash = seed % 5 < 2 ? Crash::silent : Crash::reset;
  return plan;
}

DatabasePlan raft(std::uint64_t seed) {
  DatabasePlan plan = plan_of("raft", seed % 4 == 0 ? 5 : 3);
  plan.replication.election_timeout = seed % 7 == 0 ? uniform_ms(20, 22) : uniform_ms(30, 60);
  plan.replication.heartbeat = sim::Duration::ms(8);
  plan.replication.fsync = exponential_ms(seed % 3 == 0 ? 0.2 : 2);
  plan.replication.pre_vote = seed % 3 != 0;
  plan.replication.reads = seed % 2 == 0 ? ReadsFrom::leader : ReadsFrom::lease;
  if (seed % 3 == 0) plan.replication.bugs = static_cast<std::uint32_t>(Bug::short_log);
  plan.crash = seed % 5 < 2 ? Crash::silent : Crash::reset;
  plan.restart_time = sim::Duration::ms(static_cast<std::int64_t>(seed % 7) * 10);
  return plan;
}

/// Copies come and go besides.
Promised changing_raft_of(std::uint64_t seed) {
  Promised made{"raft, other members", raft(seed), Promise::linearizable, {}, true, true, 100};
  made.plan.replicas = 3 + seed % 2;
  MembershipPlan later;
  later.at = sim::Duration::seconds(3600);
  later.add = 2;
  made.plan.membership = {later};
  made.weather.administrators = 1 + static_cast<std::uint32_t>(seed % 3);
  return made;
}

Weather raft_weather(std::uint64_t seed) {
  if (seed % 6 == 0) return {30'000, 60'000, 0.7, 0.0, 0.25, 3};
  if (seed % 6 == 1) return {50'000, 100'000, 0.3, 0, 0.6, 4, 0, 1, Weather::Aim::voters};
  if (seed % 6 == 2) return {1, 1, 0, 0, 0, 0, 0, 0, Weather::Aim::leaders};
  return {};
}

DatabasePlan quorum(std::uint64_t seed) {
  static constexpr std::uint32_t pairs[][2] = {{2, 2}, {1, 3}, {3, 1}, {2, 3}, {3, 3}};
  DatabasePlan plan = plan_of("quorum", 3);
  plan.replication.R = pairs[seed % 5][0];
  plan.replication.W = pairs[seed % 5][1];
  plan.replication.read_repair = seed % 2 == 0;
  plan.replication.hinted_handoff = seed % 3 == 0;
  plan.crash = seed % 7 < 3 ? Crash::silent : Crash::reset;
  return plan;
}

DatabasePlan merging(const char* protocol, std::uint64_t seed) {
  DatabasePlan plan = plan_of(protocol, seed % 4 == 0 ? 5 : 3);
  plan.replication.gossip_interval = sim::Duration::ms(50);
  plan.replication.fsync = exponential_ms(1);
  return plan;
}

DatabasePlan alone(std::uint64_t seed) {
  DatabasePlan plan = plan_of("none", 1);
  plan.service_time = {exponential_ms(0.1), exponential_ms(0.2)};
  plan.crash = seed % 2 == 0 ? Crash::silent : Crash::reset;
  if (seed % 3 == 0) return plan;
  plan.shards.count = 2;
  RebalancePlan change;
  change.at = sim::Duration::ms(1000);
  change.move.timeout = sim::Duration::ms(50);
  (seed % 3 == 1 ? change.remove : change.split) = 1;
  plan.rebalance = {change};
  return plan;
}

Promised of_seed(std::uint64_t seed) {
  const std::uint64_t turn = seed / 10;
  switch (seed % 10) {
    case 0:
    case 1:
      if (turn % 3 == 0) return changing_raft_of(turn * 2 + seed % 10);
      return {
          "raft", raft(turn * 2 + seed % 10), Promise::linearizable, raft_weather(turn), true, true,
          100};
    case 2:
      return {"sync", led("sync", 3, turn), Promise::linearizable, {}, true, true, 100};
    case 3:
      return {
          "chain", led("chain", turn % 4 == 0 ? 5 : 3, turn), Promise::linearizable, {}, true, true,
          100};
    case 4:
      return {"quorum", quorum(turn), Promise::regular, {}, true, false, 100};
    case 5:
      return {"semi_sync",
              led("semi_sync", 3, turn),
              Promise::linearizable,
              turn % 2 == 0 ? one_crash_at_a_time : Weather{},
              turn % 2 == 0,
              true,
              100};
    case 6:
      return {"async", led("async", 3, turn), Promise::linearizable, {}, false, true, 100};
    case 7:
      return {"multi_leader",
              merging("multi_leader", turn),
              Promise::coherent,
              turn % 2 == 0 ? only_the_network : Weather{},
              turn % 2 == 0,
              true,
              100};
    case 8:
      return {"gossip_crdt",
              merging("gossip_crdt", turn),
              Promise::coherent,
              turn % 2 == 0 ? only_the_network : Weather{},
              turn % 2 == 0,
              true,
              100};
    default:
      return {"none", alone(turn), Promise::linearizable, {}, true, true, 100};
  }
}

/// What is wrong with that seed; empty where nothing is.
std::string wrong_with(std::uint64_t seed) {
  const Promised promised = of_seed(seed);
  const Told told = run_through(promised.plan, seed, promised.weather);
  std::string wrong;
  if (promised.becomes_alike && !told.alike) wrong += " copies differ;";
  if (told.done_late < promised.least_done) wrong += " no progress;";
  if (promised.is_promised) {
    const consistency::History history = checked_history(told.recorded);
    if (promised.promise == Promise::regular) {
      if (consistency::staleness(history).stale > 0) wrong += " stale reads;";
    } else {
      const auto finding = consistency::check(
          promised.promise == Promise::coherent ? Guarantee::coherent : Guarantee::linearizable,
          history, question);
      if (finding.holds == Holds::no) wrong += " " + finding.text + ";";
      const bool is_open = finding.holds == Holds::unknown && promised.promise != Promise::coherent;
      if (is_open) wrong += " not decided: " + finding.text + ";";
    }
  }
  return wrong.empty() ? wrong : promised.name + ":" + wrong;
}

TEST_CASE("A campaign of random faults over all protocols breaks no promise") {
  std::uint64_t first = 1, last = 600;
  if (const char* range = std::getenv("HEADROOM_SEEDS")) {
    char* end = nullptr;
    first = std::strtoull(range, &end, 10);
    last = *end == '.' ? std::strtoull(end + 2, nullptr, 10) : first;
  }
  CHECK(last >= first);
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const std::string wrong = wrong_with(seed);
    if (!wrong.empty()) FAIL_CHECK("HEADROOM_SEEDS=" << seed << ": " << wrong);
    const bool is_told = std::getenv("HEADROOM_SEEDS") != nullptr && seed % 1000 == 0;
    if (!is_told) continue;
    std::printf("%llu seeds\n", static_cast<unsigned long long>(seed - first + 1));
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace headroom::test_museum
