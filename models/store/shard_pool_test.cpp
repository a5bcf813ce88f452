// Shards that come and go as an autoscaler orders them, under kills and losses. The oracles: what
// each client was told, and where each key is at the end by the layouts alone.
#include <catch2/catch.hpp>

#include "models/store/shard_pool.hpp"
#include "models/store/test_town.hpp"

namespace headroom {
namespace {

constexpr std::uint32_t fewest = 2, most = 6;

DatabasePlan scaled_plan(sim::Stream& random, const Copied& copied, ShardBy by, Crash crash) {
  DatabasePlan plan = copied_plan(random, copied);
  plan.shards = {fewest, by, 8, {}};
  plan.most_scaled = most;
  plan.moves = {{}, Bytes{3000}, sim::Duration::ms(20)};
  plan.concurrency = Limit{2};
  plan.service_time = {exponential_ms(0.1), exponential_ms(0.2)};
  plan.crash = crash;
  plan.restart_time = sim::Duration::ms(5);
  return plan;
}

struct Order {
  bool adds = false;
  std::uint32_t shard = 0;
};

/// One after the other, each once the one before is done, as an autoscaler does it.
sim::Task<> scale(sim::Simulation& simulation, Town* town, ShardPool* pool,
                  std::vector<Order>* orders) {
  std::uint32_t there = fewest;
  while (!town->is_quiet) {
    const sim::Duration pause = exponential(town->random, 60);
    co_await simulation.delay(pause);
    if (!pool->is_settled()) continue;
    const bool grows = there == 1 || (there < most && town->random.uniform() < 0.5);
    orders->push_back({grows, grows ? there : there - 1});
    const std::uint32_t shard = orders->back().shard;
    if (grows) {
      pool->set_present(shard, true);
      pool->members().set_present(shard, true);
      ++there;
      continue;
    }
    pool->members().begin_drain(shard);
    while (!pool->is_idle(shard))
      co_await simulation.delay(sim::Duration::ms(10));
    pool->members().set_present(shard, false);
    pool->members().end_drain(shard);
    --there;
  }
}

/// Every key is where the layouts say.
void check_places(Town& town, const std::vector<Order>& orders) {
  const Sharding sharding(town.plan.shards, "db", town.spaces);
  Layout layout = sharding.layout();
  for (const Order& order : orders) {
    RebalancePlan change;
    if (order.adds)
      change.add = 1;
    else
      change.remove = order.shard;
    layout = sharding.changed(layout, change, order.shard);
  }
  check_copies(town, [&](std::uint64_t key) {
    return layout.owner(layout.cell_of(sharding.position_of(town.request(Operation::read, key))));
  });
}

std::size_t run_scaled(const Copied& copied, std::uint64_t first, std::uint64_t end) {
  std::size_t removed = 0;
  for (std::uint64_t seed = first; seed < end; ++seed) {
    const auto by = static_cast<ShardBy>(seed % 3);
    const Crash crash = seed % 2 == 0 ? Crash::reset : Crash::silent;
    Town town(seed, seed % 5 == 0 ? 0 : 0.02, copied,
              [&](sim::Stream& random) { return scaled_plan(random, copied, by, crash); });
    INFO("seed " << seed << ", " << copied.protocol);
    ShardPool pool(*town.database, copied.copies, fewest);
    std::vector<Order> orders;
    town.simulation.spawn(scale(town.simulation, &town, &pool, &orders));
    for (std::uint64_t number = 0; number < clients; ++number)
      town.simulation.spawn(client(town.simulation, &town, number));
    for (std::uint32_t node = 0; node < town.plan.most_nodes(); ++node)
      town.simulation.spawn(kills(town.simulation, &town, node));
    town.simulation.run_until(sim::Time() + sim::Duration::seconds(8));
    town.is_quiet = true;
    for (int second = 9; second <= 60 && !pool.is_settled(); ++second)
      town.simulation.run_until(sim::Time() + sim::Duration::seconds(second));
    town.simulation.run_until(town.simulation.now() + sim::Duration::seconds(5));
    REQUIRE(pool.is_settled());
    if (copied.keeps_all) REQUIRE(town.lost + undone(town) == 0);
    check_places(town, orders);
    REQUIRE(town.reads + town.writes > 1000);
    for (const Order& order : orders)
      removed += order.adds ? 0 : 1;
  }
  return removed;
}

TEST_CASE("Shards are scaled under kills at any moment: nothing is lost, nothing is left behind") {
  CHECK(run_scaled(one_copy, 0, 30) > 60);
}

TEST_CASE("Shards with copies are scaled under kills: nothing is lost, nothing is left behind") {
  for (const Copied& copied : with_copies)
    CHECK(run_scaled(copied, 0, 10) > 5);
}

TEST_CASE("Shards are scaled under kills: 1,000 seeds", "[.seeds]") {
  CHECK(run_scaled(one_copy, 0, 1000) > 2000);
  for (const Copied& copied : with_copies)
    CHECK(run_scaled(copied, 0, 1000) > 500);
}

TEST_CASE("Who goes and comes again begins with the keys of its time, and as an equal") {
  Town town(1, 0, one_copy, [](sim::Stream& random) {
    return scaled_plan(random, one_copy, ShardBy::hash, Crash::reset);
  });
  ShardPool pool(*town.database, 1, fewest);
  town.simulation.spawn(operate(town.simulation, &town, Operation::write, 7));
  town.simulation.run_until(sim::Time() + sim::Duration::seconds(1));
  pool.set_present(2, true);
  pool.members().set_present(2, true);
  CHECK_FALSE(pool.is_settled());
  town.simulation.run_until(sim::Time() + sim::Duration::seconds(5));
  REQUIRE(pool.is_settled());
  CHECK_FALSE(pool.is_idle(2));
  pool.members().begin_drain(2);
  town.simulation.run_until(sim::Time() + sim::Duration::seconds(10));
  REQUIRE(pool.is_settled());
  CHECK(pool.is_idle(2));
  const auto results = town.database->rebalancer()->results();
  REQUIRE(results.size() == 2);
  // Of residues modulo 2 and 3 a third agree: what came is what goes, and as many as that.
  CHECK(results[0].keys_moved == results[1].keys_moved);
  CHECK(results[0].keys_moved == Approx(keys * 2 / 3.0).epsilon(0.25));
  CHECK(town.acknowledged[7] > 0);
}

}  // namespace
}  // namespace headroom
