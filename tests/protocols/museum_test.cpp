#include "tests/protocols/museum.hpp"

#include <catch2/catch.hpp>

namespace headroom::test_museum {
namespace {

/// Copies crash all the time, and are up again at once.
constexpr Weather crashes{30'000, 60'000, 0.7, 0.0, 0.25, 3};
/// One thing after the other, and only crashes.
constexpr Weather one_crash{300'000, 1'000'000, 1.0, 0, 0, 1};
/// Nothing but the network, and clocks that are wrong.
constexpr Weather no_crash{300'000, 1'000'000, 0, 0.1, 0.8, 3};
constexpr Weather skews{300'000, 1'000'000, 0, 0, 0.1, 3, 0.8};
constexpr Weather skews_and_cuts{300'000, 1'000'000, 0, 0, 0.5, 3, 0.5};

DatabasePlan with(DatabasePlan plan, Bug bug, bool planted) {
  if (planted) plan.replication.bugs = static_cast<std::uint32_t>(bug);
  return plan;
}

DatabasePlan raft_of(std::uint64_t seed) {
  DatabasePlan plan = plan_of("raft", seed % 4 == 0 ? 5 : 3);
  plan.replication.election_timeout = uniform_ms(30, 60);
  plan.replication.heartbeat = sim::Duration::ms(8);
  plan.replication.fsync = exponential_ms(2);
  plan.replication.pre_vote = seed % 3 != 0;
  plan.replication.reads = seed % 2 == 0 ? ReadsFrom::leader : ReadsFrom::lease;
  plan.crash = seed % 5 < 2 ? Crash::silent : Crash::reset;
  plan.restart_time = sim::Duration::ms(static_cast<std::int64_t>(seed % 7) * 10);
  return plan;
}

Exhibit in_raft(const char* name, const char* says, Bug bug) {
  Exhibit made{name, says, [bug](std::uint64_t seed, bool planted) {
                 DatabasePlan plan = raft_of(seed);
                 if (bug == Bug::slow_clock) plan.replication.reads = ReadsFrom::lease;
                 return with(plan, bug, planted);
               }};
  return made;
}

/// Elections so close that they often collide.
DatabasePlan hasty_raft_of(std::uint32_t copies, double low_ms, double high_ms,
                           const Distribution& fsync = constant_ms(0.2)) {
  DatabasePlan plan = plan_of("raft", copies);
  plan.replication.election_timeout = uniform_ms(low_ms, high_ms);
  plan.replication.heartbeat = sim::Duration::ms(4);
  plan.replication.fsync = fsync;
  plan.replication.pre_vote = false;
  return plan;
}

/// A vote given twice in one term elects two leaders, who must not hear each other for a while.
Exhibit votes_twice() {
  return {
      "votes twice", "A vote is not durable: after a restart it is given again. Ongaro 2014, 3.8",
      [](std::uint64_t seed, bool planted) {
        DatabasePlan plan = hasty_raft_of(3, 20, 21);
        plan.crash = seed % 5 < 2 ? Crash::silent : Crash::reset;
        return with(plan, Bug::votes_twice, planted);
      },
      Promise::linearizable, Weather{50'000, 100'000, 0.3, 0, 0.6, 4, 0, 1, Weather::Aim::voters}};
}

/// Leaders that only some hear crash one after the other, before their own disk is done.
Exhibit counts_old_terms() {
  return {"commits old terms by counting",
          "Ongaro 2014, fig. 3.7: what a majority has may still be overwritten",
          [](std::uint64_t, bool planted) {
            return with(hasty_raft_of(5, 8, 16, exponential_ms(3)), Bug::counts_old_terms, planted);
          },
          Promise::linearizable, Weather{1, 1, 0, 0, 0, 0, 0, 0, Weather::Aim::leaders}};
}

/// Some hear only the old one.
Exhibit old_leader_writes() {
  return {"old leader not fenced",
          "Entries of a leader that was replaced are taken. Kleppmann 2016, fencing tokens",
          [](std::uint64_t seed, bool planted) {
            DatabasePlan plan = hasty_raft_of(3, 15, 30);
            plan.crash = seed % 5 < 2 ? Crash::silent : Crash::reset;
            plan.replication.heartbeat = sim::Duration::ms(5);
            return with(plan, Bug::old_leader_writes, planted);
          },
          Promise::linearizable, Weather{60'000, 120'000, 0.15, 0, 0.6, 4}};
}

DatabasePlan changing_raft(std::uint32_t copies, std::uint32_t spare,
                           const Distribution& fsync = constant_ms(0.2)) {
  DatabasePlan plan = hasty_raft_of(copies, 15, 30, fsync);
  MembershipPlan later;
  later.at = sim::Duration::seconds(3600);
  later.add = spare;
  plan.membership = {later};
  return plan;
}

/// Administrators who want other members all the time, and a network that is cut again and again.
Exhibit changes_at_once() {
  Weather weather{40'000, 120'000, 0, 0, 0.9, 2};
  weather.administrators = 2;
  return {"several members change at once",
          "Majorities of the old and of the new ones need not meet. Ongaro 2014, fig. 4.3",
          [](std::uint64_t, bool planted) {
            return with(changing_raft(3, 2), Bug::changes_at_once, planted);
          },
          Promise::linearizable, weather};
}

/// Leaders that only some hear, of an even number of copies.
Exhibit changes_too_soon() {
  Weather weather{1, 1, 0, 0, 0, 0, 0, 0, Weather::Aim::leaders};
  weather.administrators = 2;
  return {"members change too soon",
          "Before the leader has committed an entry of its term. Ongaro 2015, raft-dev",
          [](std::uint64_t, bool planted) {
            return with(changing_raft(4, 1, exponential_ms(3)), Bug::changes_too_soon, planted);
          },
          Promise::linearizable, weather};
}

/// Copies are replaced one after the other while some are down.
Exhibit votes_when_empty() {
  return {"new copy votes before it has caught up",
          "It has the name of the one that it replaces, and an empty disk. Ongaro 2014, 4.2.1",
          [](std::uint64_t seed, bool planted) {
            DatabasePlan plan = hasty_raft_of(3, 15, 30);
            for (std::uint32_t i = 0; i < 6; ++i) {
              MembershipPlan change;
              change.at = sim::Duration::ms(400 + 500 * i);
              change.replace = planted ? static_cast<std::uint32_t>((seed + i) % 3) : i;
              plan.membership.push_back(change);
            }
            return with(plan, Bug::votes_when_empty, planted);
          },
          Promise::linearizable, Weather{100'000, 200'000, 0.6, 0, 0.3, 3}};
}

/// It takes many crashes at the right moments, or cuts between many leaders.
Exhibit in_crashing_raft(const char* name, const char* says, Bug bug) {
  const bool in_haste = bug == Bug::commit_unchecked;
  Exhibit made{name, says, [=](std::uint64_t seed, bool planted) {
                 DatabasePlan plan = raft_of(seed);
                 if (in_haste) plan = hasty_raft_of(5, 15, 30, exponential_ms(2));
                 plan.restart_time = sim::Duration();
                 plan.replication.pre_vote = false;
                 return with(plan, bug, planted);
               }};
  made.weather = in_haste ? Weather{60'000, 120'000, 0.3, 0.1, 0.5, 4} : crashes;
  return made;
}

DatabasePlan quorum_of(std::uint32_t reads, std::uint32_t writes, std::uint32_t shards = 1) {
  DatabasePlan plan = plan_of("quorum", 3);
  plan.shards.count = shards;
  plan.replication.R = reads;
  plan.replication.W = writes;
  plan.replication.handoff_after = sim::Duration::ms(20);
  return plan;
}

DatabasePlan led_of(const char* protocol, std::uint64_t seed) {
  DatabasePlan plan = plan_of(protocol, 3);
  plan.replication.failover = sim::Duration::ms(100);
  plan.replication.heartbeat = sim::Duration::ms(20);
  plan.replication.fsync = exponential_ms(2);
  plan.crash = seed % 5 < 2 ? Crash::silent : Crash::reset;
  return plan;
}

DatabasePlan merging() {
  DatabasePlan plan = plan_of("multi_leader", 3);
  plan.replication.gossip_interval = sim::Duration::ms(50);
  return plan;
}

DatabasePlan resharded() {
  DatabasePlan plan = plan_of("none", 1);
  plan.shards.count = 2;
  plan.service_time = {exponential_ms(0.1), exponential_ms(0.2)};
  RebalancePlan change;
  change.at = sim::Duration::ms(1000);
  change.remove = 1;
  plan.rebalance = {change};
  return plan;
}

std::vector<Exhibit> raft_room() {
  return {
      votes_twice(),
      in_raft("acknowledges before fsync",
              "A follower acknowledges what a crash can take from it. Alagappan et al. 2018",
              Bug::ack_before_fsync),
      counts_old_terms(),
      in_crashing_raft("no log matching",
                       "Entries are taken whatever stands before them. Ongaro 2014, 3.5",
                       Bug::no_log_match),
      in_raft("election restriction dropped",
              "Candidates that lack entries are elected too. Ongaro 2014, 3.6.1",
              Bug::any_candidate),
      in_raft("leader reads by itself",
              "It may have been replaced: etcd before 2.3 without `quorum=true`",
              Bug::unconfirmed_reads),
      in_raft("follower reads", "As if they led. Consul's `stale` as the default",
              Bug::follower_reads),
      old_leader_writes(),
      in_raft("commits with a minority", "One copy fewer than a majority is enough",
              Bug::minority_commits),
      in_raft("lease with a slow clock",
              "The lease outlasts the next election. Gray and Cheriton 1989", Bug::slow_clock),
      in_raft("answers before it commits", "MongoDB's `w: 1` with a majority's promise",
              Bug::early_answer),
      in_raft("cas decided when it comes",
              "Check, then act: what was checked may have changed when it takes effect",
              Bug::check_then_act),
      in_crashing_raft("commits what is not shared",
                       "A follower commits up to the leader's index, not up to what they share",
                       Bug::commit_unchecked),
      in_crashing_raft("forgets its term", "A restart begins with term 0. Ongaro 2014, 3.8",
                       Bug::forgets_term),
      in_raft("new leader reads at once",
              "Before an entry of its term is committed it does not know what is. Ongaro 2014, 6.4",
              Bug::new_leader_reads),
      changes_at_once(),
      changes_too_soon(),
      votes_when_empty(),
  };
}

std::vector<Exhibit> quorum_room() {
  std::vector<Exhibit> made;
  made.push_back(
      {"quorums without overlap", "R + W <= N. Gifford 1979",
       [](std::uint64_t, bool planted) { return quorum_of(planted ? 1 : 2, planted ? 1 : 2); },
       Promise::regular});
  made.push_back({"sloppy quorum", "Strangers count for the quorum. DeCandia et al. 2007, 4.6",
                  [](std::uint64_t, bool planted) {
                    DatabasePlan plan = quorum_of(2, 2, 2);
                    plan.replication.sloppy = planted;
                    return plan;
                  },
                  Promise::regular});
  made.push_back({"reads are not written back",
                  "A read answers before a quorum has what it saw. Attiya, Bar-Noy, Dolev 1995",
                  [](std::uint64_t, bool) {
                    DatabasePlan plan = quorum_of(2, 2);
                    plan.replication.read_repair = false;
                    return plan;
                  }});
  made.back().is_mended = false;
  made.push_back({"a copy keeps what comes last",
                  "An old write that comes late, or a hint, takes the place of a later one",
                  [](std::uint64_t, bool planted) {
                    DatabasePlan plan = quorum_of(2, 2);
                    plan.replication.hinted_handoff = true;
                    return with(plan, Bug::last_arrival_wins, planted);
                  },
                  Promise::regular});
  return made;
}

std::vector<Exhibit> other_rooms() {
  std::vector<Exhibit> made;
  made.push_back({"chain read before its tail",
                  "What a copy has the tail may not have yet. Terrace and Freedman 2009",
                  [](std::uint64_t seed, bool planted) {
                    DatabasePlan plan = led_of("chain", seed);
                    if (planted) plan.replication.reads = ReadsFrom::any;
                    return plan;
                  }});
  made.push_back({"chain head answers", "Before the tail has it. van Renesse, Schneider 2004",
                  [](std::uint64_t seed, bool planted) {
                    return with(led_of("chain", seed), Bug::early_answer, planted);
                  }});
  made.push_back({"semi-sync does not wait",
                  "The leader acknowledges before the follower has it: MySQL's AFTER_COMMIT",
                  [](std::uint64_t seed, bool planted) {
                    DatabasePlan plan = led_of("semi_sync", seed);
                    // A failover so quick that what the leader sent is still under way.
                    plan.replication.failover = sim::Duration::ms(4);
                    plan.replication.heartbeat = sim::Duration::us(500);
                    plan.replication.fsync = constant_ms(0.1);
                    return with(plan, Bug::minority_commits, planted);
                  },
                  Promise::linearizable, one_crash});
  made.push_back(
      {"failover without fencing", "Both sides of a cut lead. Kingsbury 2013, Redis Sentinel",
       [](std::uint64_t seed, bool planted) { return led_of(planted ? "async" : "sync", seed); }});
  made.push_back({"last writer wins by a wrong clock",
                  "A later write is lost as its copy's clock is behind. Kingsbury 2013, Cassandra",
                  [](std::uint64_t, bool) { return merging(); }, Promise::coherent, skews});
  made.push_back(
      {"conflicts resolved differently",
       "Each side keeps what came to it last, and they never agree",
       [](std::uint64_t, bool planted) { return with(merging(), Bug::last_arrival_wins, planted); },
       Promise::coherent, no_crash});
  made.push_back(
      {"split routed by an old map",
       "Who gave keys away goes on to read them. Kingsbury 2015, Elasticsearch",
       [](std::uint64_t, bool planted) { return with(resharded(), Bug::old_owner_reads, planted); },
       Promise::linearizable, no_crash});
  made.push_back({"lease by a clock that is set back",
                  "It lasts until the clock is there again. Google's Chubby forbids it by rate",
                  [](std::uint64_t seed, bool) {
                    DatabasePlan plan = raft_of(seed);
                    plan.replication.reads = ReadsFrom::lease;
                    return plan;
                  },
                  Promise::linearizable, skews_and_cuts});
  made.push_back({"retry without idempotence",
                  "A write that timed out is sent again, and counts twice. Helland 2012",
                  [](std::uint64_t seed, bool) { return raft_of(seed); }, Promise::linearizable,
                  Weather{}, Manners::write_again});
  made.push_back({"timeout taken for a failure",
                  "A write that was given up counts after all. Kingsbury 2013, the two generals",
                  [](std::uint64_t seed, bool) { return raft_of(seed); }, Promise::linearizable,
                  Weather{}, Manners::take_for_failure});
  return made;
}

/// The exhibits of registers, in the order in which they are shown.
const std::vector<Exhibit>& museum() {
  static const auto all = [] {
    std::vector<Exhibit> made = raft_room();
    for (auto* room : {&quorum_room, &other_rooms})
      for (Exhibit& each : (*room)())
        made.push_back(std::move(each));
    return made;
  }();
  return all;
}

TEST_CASE("Every mistake of the museum is found and shown in ten operations") {
  CHECK(museum().size() >= 30);
  for (const Exhibit& exhibit : museum()) {
    INFO(exhibit.name);
    const Discovery found = discover(exhibit, 1000);
    CHECK(found.seed > 0);
    CHECK(found.smallest.holds == Holds::no);
    CHECK(found.smallest.operations.size() <= 10);
    std::string told;
    for (const std::uint32_t index : found.smallest.operations)
      told += found.history.says(found.history.operations[index]) + "; ";
    INFO(found.smallest.text << ": " << told);
    if (std::getenv("HEADROOM_MUSEUM") != nullptr)
      std::printf("%-34s seed %4lu, %2zu operations: %s\n", exhibit.name.c_str(),
                  static_cast<unsigned long>(found.seed), found.smallest.operations.size(),
                  told.c_str());
  }
}

TEST_CASE("Without its mistake every exhibit keeps its promise") {
  for (const Exhibit& exhibit : museum()) {
    if (!exhibit.is_mended) continue;
    INFO(exhibit.name);
    CHECK(count_broken(
              20, [&](std::uint64_t seed) { return visit(exhibit, seed, false).is_broken; }) == 0);
  }
}

TEST_CASE("A counter that is merged by adding counts more than was done") {
  for (const bool planted : {true, false}) {
    // As few writes as show it.
    std::uint32_t writes = 0, seen = 0;
    while (++writes <= 9 && seen <= writes) {
      DatabasePlan plan = plan_of("gossip_crdt", 3);
      plan.replication.crdt = Crdt::counter;
      plan.replication.gossip_interval = sim::Duration::ms(50);
      Cluster cluster(with(plan, Bug::merge_adds, planted), constant_ms(1));
      for (std::uint32_t i = 0; i < writes; ++i)
        CHECK(cluster.once(Operation::write, 1, static_cast<std::uint16_t>(i % 3)).is_ok());
      cluster.run_for(sim::Duration::seconds(2));
      seen = cluster.once(Operation::read, 1).version;
      if (seen > writes) break;
    }
    CHECK((seen > writes) == planted);
    CHECK((writes <= 9) == planted);
  }
}

TEST_CASE("A canary that sings on every hundredth seed is heard on one in a hundred") {
  // A copy of Raft without mistakes, whose history is forged: one read of what nobody wrote.
  const auto is_broken = [](std::uint64_t seed) {
    Exhibit canary = in_raft("canary", "", Bug::none);
    Visit made = visit(canary, seed, false);
    if (seed % 100 == 0) {
      const auto read = std::find_if(
          made.history.operations.begin(), made.history.operations.end(),
          [](const auto& each) { return each.f == Function::read && !each.is_open(); });
      read->value = 1'000'000;
      made.finding = consistency::check(Guarantee::linearizable, made.history, question);
    }
    return made.finding.holds == Holds::no;
  };
  CHECK(count_broken(1000, is_broken) == 10);
}

}  // namespace
}  // namespace headroom::test_museum
