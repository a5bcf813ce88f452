// Shards that change while they serve, are killed, and lose messages. The oracles: what each client
// was told, who served what in which order, and what every node holds at the end.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <vector>

#include "models/store/test_town.hpp"

namespace headroom {
namespace {

/// Three shards and a random row of changes.
DatabasePlan random_plan(sim::Stream& random, ShardBy by, Crash crash, const Copied& copied) {
  DatabasePlan plan = copied_plan(random, copied);
  plan.shards = {3, by, 8, {}};
  plan.concurrency = Limit{2};
  plan.service_time = {exponential_ms(0.1), exponential_ms(0.2)};
  plan.crash = crash;
  plan.restart_time = sim::Duration::ms(5);
  std::vector<std::uint32_t> live{0, 1, 2};
  std::uint32_t next = 3;
  for (int i = 0; i < 4; ++i) {
    RebalancePlan change;
    change.at = sim::Duration::ms(20 + 60 * i);
    change.move.chunk = Bytes{3000};
    change.move.timeout = sim::Duration::ms(20);
    const auto any = static_cast<std::size_t>(random.uniform() * static_cast<double>(live.size()));
    const double what = random.uniform();
    if (what < 0.4 && live.size() > 1) {
      change.remove = live[any];
      live.erase(live.begin() + static_cast<std::ptrdiff_t>(any));
    } else if (what < 0.7) {
      change.split = live[any];
    } else {
      change.add = 1;
    }
    if (change.added() > 0) live.push_back(next++);
    plan.rebalance.push_back(change);
  }
  return plan;
}

/// How often each key changes hands, and where it ends, by the layouts alone.
struct Expected {
  std::vector<std::uint32_t> owner;
  std::vector<int> switches;
  std::vector<std::uint64_t> moved;  ///< By change.
};
Expected expected_of(Town& town) {
  const Sharding sharding(town.plan.shards, "db", town.spaces);
  Layout layout = sharding.layout();
  Expected expected;
  expected.switches.resize(keys);
  std::uint32_t next = town.plan.shards.count;
  const auto owner = [&](std::uint64_t key) {
    return layout.owner(layout.cell_of(sharding.position_of(town.request(Operation::read, key))));
  };
  for (std::uint64_t key = 0; key < keys; ++key)
    expected.owner.push_back(owner(key));
  for (const RebalancePlan& change : town.plan.rebalance) {
    layout = sharding.changed(layout, change, next);
    next += change.added();
    expected.moved.push_back(0);
    for (std::uint64_t key = 0; key < keys; ++key) {
      if (owner(key) == expected.owner[key]) continue;
      ++expected.switches[key];
      ++expected.moved.back();
      expected.owner[key] = owner(key);
    }
  }
  return expected;
}

void check_books(Town& town, const Expected& expected) {
  const auto results = town.database->rebalancer()->results();
  for (std::size_t i = 0; i < results.size(); ++i) {
    REQUIRE(results[i].ended);
    REQUIRE(results[i].keys_to_move == static_cast<double>(expected.moved[i]));
    REQUIRE(results[i].keys_moved == results[i].keys_to_move);
    REQUIRE(results[i].bytes_to_move == 1000.0 * town.plan.replicas * results[i].keys_to_move);
    REQUIRE(results[i].bytes_sent >= results[i].bytes_to_move);
  }
}

/// A key passes from one shard to the next as often as it changes hands, so no two serve it in
/// turn.
void check_order(const Town& town, const Expected& expected) {
  std::vector<int> switches(keys, 0);
  std::map<std::uint64_t, std::uint32_t> last;
  for (const Served& each : town.served) {
    const auto [found, is_first] = last.try_emplace(each.key, each.shard);
    if (!is_first && found->second != each.shard) ++switches[each.key];
    found->second = each.shard;
  }
  for (std::uint64_t key = 0; key < keys; ++key)
    REQUIRE(switches[key] <= expected.switches[key]);
}

bool all_ended(const Town& town) {
  const auto results = town.database->rebalancer()->results();
  return std::all_of(results.begin(), results.end(), [](const auto& one) { return one.ended; });
}

void run_seeds(const Copied& copied, std::uint64_t first, std::uint64_t end) {
  std::uint64_t resends = 0, redirects = 0, reads = 0, writes = 0;
  for (std::uint64_t seed = first; seed < end; ++seed) {
    const auto by = static_cast<ShardBy>(seed % 3);
    const Crash crash = seed % 2 == 0 ? Crash::reset : Crash::silent;
    Town town(seed, seed % 5 == 0 ? 0 : 0.02, copied,
              [&](sim::Stream& random) { return random_plan(random, by, crash, copied); });
    INFO("seed " << seed << ", " << copied.protocol);
    const Expected expected = expected_of(town);
    town.database->rebalancer()->start(sim::Time());
    for (std::uint64_t number = 0; number < clients; ++number)
      town.simulation.spawn(client(town.simulation, &town, number));
    for (std::uint32_t node = 0; node < town.plan.most_nodes(); ++node)
      town.simulation.spawn(kills(town.simulation, &town, node));
    town.simulation.run_until(sim::Time() + sim::Duration::ms(3000));
    town.is_quiet = true;
    for (int second = 4; second <= 60 && !all_ended(town); ++second)
      town.simulation.run_until(sim::Time() + sim::Duration::seconds(second));
    town.simulation.run_until(town.simulation.now() + sim::Duration::seconds(5));
    check_books(town, expected);
    if (copied.keeps_all) {
      REQUIRE(town.lost == 0);
      REQUIRE(undone(town) == 0);
    }
    check_copies(town, [&](std::uint64_t key) { return expected.owner[key]; });
    check_order(town, expected);
    reads += town.reads;
    writes += town.writes;
    for (const RebalanceResult& result : town.database->rebalancer()->results()) {
      resends += result.resends;
      redirects += result.redirects;
    }
  }
  CHECK(reads > 100 * (end - first));
  CHECK(writes > 100 * (end - first));
  CHECK(resends > end - first);
  CHECK(redirects > end - first);
}

TEST_CASE("Shards change under kills at any moment: every key has one owner and nothing is lost") {
  run_seeds(one_copy, 0, 100);
}

TEST_CASE("Shards with copies change under kills: every key has one owner and nothing is lost") {
  for (const Copied& copied : with_copies)
    run_seeds(copied, 0, 15);
}

TEST_CASE("The same, 1,000 seeds", "[.seeds]") {
  run_seeds(one_copy, 0, 1000);
  for (const Copied& copied : with_copies)
    run_seeds(copied, 0, 1000);
}

}  // namespace
}  // namespace headroom
