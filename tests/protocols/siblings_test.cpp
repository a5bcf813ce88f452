// Concurrent writes that stay side by side: the sets against causal histories, the protocol through
// failures, and two mistakes.
#include <catch2/catch.hpp>
#include <set>

#include "models/store/bugs.hpp"
#include "models/store/siblings.hpp"
#include "tests/protocols/fuzz.hpp"

namespace headroom {
namespace {

using namespace test_cluster;
using consistency::Guarantee;
using consistency::Holds;

// ---- what copies hold, and the causal histories that it stands for

using Writes = std::set<std::uint32_t>;

/// Each write with all that happened before it, written out.
struct CausalHistories {
  std::map<std::uint32_t, Writes> before;

  Writes known(const Writes& siblings) const {
    Writes all;
    for (const std::uint32_t each : siblings) {
      all.insert(each);
      all.insert(before.at(each).begin(), before.at(each).end());
    }
    return all;
  }
  /// Those that are not before another one.
  Writes latest(const Writes& writes) const {
    Writes latest;
    for (const std::uint32_t each : writes)
      if (std::none_of(writes.begin(), writes.end(),
                       [&](std::uint32_t other) { return before.at(other).count(each) > 0; }))
        latest.insert(each);
    return latest;
  }
};

Writes as_set(const std::vector<std::uint32_t>& values) {
  return {values.begin(), values.end()};
}

TEST_CASE("Dotted version vectors say what causal histories say, whoever reads and writes where") {
  constexpr std::uint64_t item = 7;
  sim::Stream random(1, 0, "siblings");
  for (int round = 0; round < 400; ++round) {
    Siblings siblings;
    CausalHistories model;
    const std::size_t copies = 1 + random.below(4), sessions = 1 + random.below(5);
    std::vector<std::uint32_t> held(copies), seen(sessions);
    std::vector<Writes> model_held(copies), model_seen(sessions);
    std::uint32_t value = 0;
    for (int step = 0; step < 60; ++step) {
      const std::size_t copy = random.below(copies), other = random.below(copies);
      const std::size_t session = random.below(sessions);
      const double what = random.uniform();
      if (what < 0.4) {
        const auto offer = siblings.offer(item, ++value, seen[session]);
        const auto at = static_cast<std::uint32_t>(copy * 10);
        held[copy] =
            siblings.take(item, held[copy], offer, at, siblings.count(item, held[copy], at) + 1);
        model.before[value] = model.known(model_seen[session]);
        model_held[copy].insert(value);
        model_held[copy] = model.latest(model_held[copy]);
      } else if (what < 0.7) {
        held[copy] = siblings.merged(item, held[copy], held[other]);
        model_held[copy].insert(model_held[other].begin(), model_held[other].end());
        model_held[copy] = model.latest(model_held[copy]);
      } else {  // a read of two copies
        seen[session] = siblings.merged(item, held[copy], held[other]);
        model_seen[session] = model_held[copy];
        model_seen[session].insert(model_held[other].begin(), model_held[other].end());
        model_seen[session] = model.latest(model_seen[session]);
        REQUIRE(as_set(siblings.values(item, seen[session])) == model_seen[session]);
      }
      REQUIRE(as_set(siblings.values(item, held[copy])) == model_held[copy]);
      const Writes here = model.known(model_held[copy]), there = model.known(model_held[other]);
      REQUIRE(siblings.has_more(item, held[copy], held[other]) ==
              !std::includes(there.begin(), there.end(), here.begin(), here.end()));
      REQUIRE((held[copy] == held[other]) == (here == there));
    }
  }
}

TEST_CASE("A key has a hundred siblings at most, and any write that makes fewer of them counts") {
  Siblings siblings;
  std::uint32_t held = 0, read = 0;
  for (std::uint32_t value = 1; value <= Siblings::most; ++value) {
    if (value == 50) read = held;
    held = siblings.take(1, held, siblings.offer(1, value, 0), 3, value);
    REQUIRE(siblings.values(1, held).size() == value);
  }
  CHECK(siblings.take(1, held, siblings.offer(1, 101, 0), 3, 101) == 0);
  held = siblings.take(1, held, siblings.offer(1, 102, read), 3, 101);
  CHECK(siblings.values(1, held).size() == 52);
}

// ---- the protocol

DatabasePlan siblings_plan(std::uint32_t reads, std::uint32_t writes, std::uint32_t shards = 1) {
  DatabasePlan plan = plan_of("quorum", 3);
  plan.shards.count = shards;
  plan.replication.R = reads;
  plan.replication.W = writes;
  plan.replication.conflict = Conflict::siblings;
  return plan;
}

double count_of(const Cluster& cluster, const std::string& name) {
  for (const auto& [each, value] : cluster.database.result().counts)
    if (each == name) return value;
  return -1;
}

/// One operation after the other, each of some session.
struct Sessions : VersionListener {
  explicit Sessions(DatabasePlan plan) : cluster(std::move(plan), constant_ms(1)) {
    cluster.versions.listen(*this);
  }
  void on_commit(std::uint64_t) override {}
  void on_read_together(std::uint64_t, std::span<const std::uint32_t> versions) override {
    siblings.assign(versions.begin(), versions.end());
  }
  Reply ask(std::uint32_t session, Operation operation, std::uint16_t zone,
            std::uint64_t item = 1) {
    Request request = cluster.request(operation, item, zone);
    request.session = session;
    Cluster::Answer answer;
    siblings.clear();
    const sim::Time begin = cluster.simulation.now();
    cluster.simulation.spawn(Cluster::ask(cluster.simulation, &cluster, request, &answer));
    cluster.run_for(sim::Duration::seconds(1));
    took = answer.at - begin;
    return answer.reply.value_or(Reply::timed_out());
  }
  Reply write(std::uint32_t session, std::uint16_t zone) {
    return ask(session, Operation::write, zone);
  }
  /// What it brings, the newest first.
  std::vector<std::uint32_t> read(std::uint32_t session, std::uint16_t zone) {
    const Reply reply = ask(session, Operation::read, zone);
    if (!reply.is_ok()) return {UINT32_MAX};
    if (siblings.empty() && reply.version != 0) siblings = {reply.version};
    return siblings;
  }

  Cluster cluster;
  std::vector<std::uint32_t> siblings;
  sim::Duration took;
};

using Values = std::vector<std::uint32_t>;

TEST_CASE("A write replaces what its session has read, and stands beside what it has not") {
  Sessions sessions(siblings_plan(2, 2));
  CHECK(sessions.read(1, 0).empty());
  CHECK(sessions.write(1, 0).version == 1);
  CHECK(sessions.took == sim::Duration::ms(2));  // here at once, and at another copy
  CHECK(sessions.read(2, 1) == Values{1});
  CHECK(sessions.took == sim::Duration::ms(2));
  CHECK(sessions.write(2, 1).is_ok());  // has read 1
  CHECK(sessions.read(3, 2) == Values{2});
  CHECK(sessions.write(1, 0).is_ok());  // has read nothing
  CHECK(sessions.write(4, 2).is_ok());
  CHECK(sessions.read(5, 0) == Values{4, 3, 2});
  CHECK(sessions.write(3, 1).is_ok());  // has read 2
  CHECK(sessions.read(3, 1) == Values{5, 4, 3});
  CHECK(sessions.write(5, 0).is_ok());  // has read 4, 3 and 2
  CHECK(sessions.read(5, 2) == Values{6, 5});
  CHECK(sessions.write(5, 2).is_ok());
  CHECK(sessions.read(1, 2) == Values{7});
  CHECK(count_of(sessions.cluster, "most_siblings") == 3);
  CHECK(count_of(sessions.cluster, "siblings_of_a_read") == (1 + 1 + 3 + 3 + 2 + 1) / 6.0);
  CHECK(count_of(sessions.cluster, "siblings_stored_of_a_key") == 1);
  CHECK(count_of(sessions.cluster, "overwritten_unseen") == 0);
}

TEST_CASE("What siblings were read is in the history, and no register explains it") {
  Sessions sessions(siblings_plan(2, 2));
  CHECK(sessions.write(1, 0).is_ok());
  CHECK(sessions.write(2, 1).is_ok());
  for (int i = 0; i < 2; ++i)
    CHECK(sessions.read(3, 2) == Values{2, 1});
  const StoreHistory recorded = sessions.cluster.recorded();
  CHECK(recorded.operations.size() == 6);
  CHECK(recorded.left_out == 0);
  const consistency::History history = checked_history(recorded);
  const consistency::Question question{consistency::Model::cas_register, no_value, {}};
  CHECK(consistency::check(Guarantee::linearizable, history, question).holds == Holds::no);
  CHECK(consistency::check(Guarantee::monotonic_reads, history, question).holds == Holds::yes);
  CHECK(consistency::staleness(history).reads == 2);
  CHECK(consistency::staleness(history).stale == 0);
  CHECK(consistency::losses(history, recorded.held).lost == 0);
}

TEST_CASE("Copies that show other siblings are not alike") {
  for (const bool repairs : {true, false}) {
    DatabasePlan plan = siblings_plan(1, 1);
    plan.replication.read_repair = repairs;
    Sessions sessions(plan);
    Partition partition;
    partition.groups = {{0}, {1, 2}};
    sessions.cluster.network.begin_partition(partition);
    CHECK(sessions.write(1, 0).is_ok());
    CHECK(sessions.write(2, 1).is_ok());
    sessions.cluster.network.end_partition(partition);
    const std::int64_t healed = sessions.cluster.simulation.now().count_ns();
    for (int round = 0; round < 5; ++round)
      for (const std::uint16_t zone : {2, 1, 0})
        sessions.read(3, zone);
    CHECK(sessions.read(3, 2) == (repairs ? Values{2, 1} : Values{2}));
    const auto found = consistency::convergence(sessions.cluster.history(), healed,
                                                sessions.cluster.simulation.now().count_ns());
    CHECK(found.holds == (repairs ? Holds::yes : Holds::no));
  }
}

TEST_CASE("Both sides of a cut take writes, and nothing of either is lost") {
  for (const Conflict conflict : {Conflict::siblings, Conflict::last_writer_wins}) {
    DatabasePlan plan = siblings_plan(3, 1);
    plan.replication.conflict = conflict;
    plan.replication.hinted_handoff = true;
    plan.replication.handoff_after = sim::Duration::ms(20);
    Sessions sessions(plan);
    CHECK(sessions.write(1, 0).is_ok());
    for (const std::uint16_t zone : {0, 1, 2})
      CHECK(sessions.read(zone, zone) == Values{1});
    Partition partition;
    partition.groups = {{0}, {1, 2}};
    sessions.cluster.network.begin_partition(partition);
    for (const std::uint16_t zone : {0, 1, 2})
      CHECK(sessions.write(zone, zone).is_ok());
    sessions.cluster.network.end_partition(partition);
    sessions.cluster.run_for(sim::Duration::seconds(4));
    const bool stay = conflict == Conflict::siblings;
    for (const std::uint16_t zone : {0, 1, 2})
      CHECK(sessions.read(9, zone) == (stay ? Values{4, 3, 2} : Values{4}));
    CHECK(count_of(sessions.cluster, "overwritten_unseen") == (stay ? 0 : 2));
  }
}

TEST_CASE("A write is taken by another copy when the one beside its client does not answer") {
  DatabasePlan plan = siblings_plan(2, 2);
  plan.replication.handoff_after = sim::Duration::ms(20);
  Sessions sessions(plan);
  sessions.cluster.database.node(0).begin_pause();
  CHECK(sessions.write(1, 0).is_ok());
  CHECK(sessions.took == sim::Duration::ms(20 + 2 + 2));
  sessions.cluster.database.node(0).end_pause();
  sessions.cluster.run_for(sim::Duration::seconds(1));
  // Both have counted it. It is one value all the same, and who has read it replaces both.
  CHECK(sessions.read(2, 0) == Values{1});
  CHECK(sessions.write(2, 0).is_ok());
  CHECK(sessions.read(2, 1) == Values{2});
}

TEST_CASE("A hundred who write and have not read are too many") {
  Sessions sessions(siblings_plan(2, 2));
  for (std::uint32_t session = 1; session <= 100; ++session)
    REQUIRE(sessions.write(session, 0).is_ok());
  CHECK(sessions.write(101, 0).outcome == Outcome::rejected);
  CHECK(sessions.read(101, 0).size() == 100);
  CHECK(sessions.write(101, 0).is_ok());
  CHECK(sessions.read(101, 0) == Values{102});
}

// ---- failures

DatabasePlan of_seed(std::uint64_t seed, Conflict conflict) {
  static constexpr std::uint32_t pairs[][2] = {{2, 2}, {1, 1}, {1, 3}, {3, 1}, {2, 3}};
  DatabasePlan plan = siblings_plan(pairs[seed % 5][0], pairs[seed % 5][1], 1 + seed % 2);
  plan.replication.conflict = conflict;
  plan.replication.sloppy = seed % 2 == 1;
  plan.replication.hinted_handoff = seed % 3 == 0;
  plan.replication.handoff_after = sim::Duration::ms(10 + static_cast<std::int64_t>(seed % 4) * 20);
  plan.crash = seed % 7 < 3 ? Crash::silent : Crash::reset;
  return plan;
}

constexpr Weather all_kinds{300'000, 1'000'000, 0.25, 0.1, 0.35, 3, 0.2};

TEST_CASE("Whatever fails, no acknowledged write goes unseen, and copies become alike") {
  const bool is_told = std::getenv("HEADROOM_SEEDS") != nullptr;
  const std::uint64_t seeds =
      is_told ? std::strtoull(std::getenv("HEADROOM_SEEDS"), nullptr, 10) : 60;
  double lost_by_clock = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("seed " << seed);
    const Told told = run_through(of_seed(seed, Conflict::siblings), seed, all_kinds);
    CHECK(told.unseen == 0);
    CHECK(told.alike);
    CHECK(told.done_late > 100);
    CHECK(consistency::losses(checked_history(told.recorded), told.recorded.held).lost == 0);
    if (seed > 20) continue;
    lost_by_clock += run_through(of_seed(seed, Conflict::last_writer_wins), seed, all_kinds).unseen;
  }
  CHECK(lost_by_clock > 100);
}

// ---- two mistakes

struct Step {
  enum { reads, writes, crashes } what;
  std::uint32_t session;
  std::uint16_t zone;
};

std::vector<Step> steps_of(std::uint64_t seed) {
  sim::Stream random(seed, 0, "steps");
  std::vector<Step> steps;
  for (int i = 0; i < 30; ++i) {
    const double what = random.uniform();
    const auto kind = what < 0.4 ? Step::reads : what < 0.8 ? Step::writes : Step::crashes;
    steps.push_back({kind, static_cast<std::uint32_t>(random.below(3)),
                     static_cast<std::uint16_t>(random.below(3))});
  }
  return steps;
}

/// Acknowledged writes that went unseen.
double lost_by(const std::vector<Step>& steps, Bug bug) {
  DatabasePlan plan = siblings_plan(2, 2);
  plan.replication.bugs = static_cast<std::uint32_t>(bug);
  Sessions sessions(plan);
  for (const Step& step : steps) {
    if (step.what == Step::crashes) {
      sessions.cluster.database.node(step.zone).begin_kill();
      sessions.cluster.database.node(step.zone).end_kill();
    } else if (step.what == Step::reads) {
      sessions.read(step.session, step.zone);
    } else {
      sessions.write(step.session, step.zone);
    }
  }
  return count_of(sessions.cluster, "overwritten_unseen");
}

/// No step can be left out.
std::vector<Step> smallest(std::vector<Step> steps, Bug bug) {
  for (std::size_t i = 0; i < steps.size();) {
    auto fewer = steps;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (lost_by(fewer, bug) > 0) {
      steps = std::move(fewer);
      i = 0;
    } else {
      ++i;
    }
  }
  return steps;
}

TEST_CASE("Dots that are missing, or given twice, lose writes, which a few steps show") {
  // A version vector of the servers, which Riak had before 2.0: of two who write through one server
  // and have not read each other the second overwrites the first. And a server that begins to count
  // from one again: others take its new writes for old ones.
  for (const auto& [bug, most] : {std::pair(Bug::no_dots, 2), std::pair(Bug::dots_again, 5)}) {
    std::uint64_t seed = 1;
    while (seed <= 1000 && lost_by(steps_of(seed), bug) == 0)
      ++seed;
    CHECK(seed <= 1000);
    CHECK(lost_by(steps_of(seed), Bug::none) == 0);
    const std::vector<Step> shown = smallest(steps_of(seed), bug);
    CHECK(shown.size() <= static_cast<std::size_t>(most));
    CHECK(lost_by(shown, bug) > 0);
    CHECK(lost_by(shown, Bug::none) == 0);
    if (std::getenv("HEADROOM_MUSEUM") == nullptr) continue;
    std::printf("seed %lu:", static_cast<unsigned long>(seed));
    for (const Step& each : shown)
      std::printf(" %s by %u at %u;",
                  each.what == Step::reads    ? "read"
                  : each.what == Step::writes ? "write"
                                              : "crash",
                  each.session, each.zone);
    std::printf("\n");
  }
}

}  // namespace
}  // namespace headroom
