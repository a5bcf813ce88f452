// What callers of a sharded database see of its shards, and operations that all of them are asked
// for.
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "models/store/database.hpp"
#include "models/test_distributions.hpp"

namespace headroom {
namespace {

/// Four shards by range of 100 customers and of 100 orders, shard i of which works i + 1 times as
/// long as shard 0. Customers say where everything is.
struct Bank {
  explicit Bank(DatabasePlan made) : plan(std::move(made)) {
    space.count = 100;
    spaces.emplace_back(space, 1, "customer");
    spaces.emplace_back(space, 2, "order");
    database = std::make_unique<Database>(simulation, plan, "db",
                                          std::vector<std::uint16_t>(plan.most_nodes()), spaces,
                                          versions, Measurement{});
    database->set_shard_key(spaces.front());
    for (std::uint32_t node = 0; node < plan.nodes(); ++node)
      database->node(node).begin_slow(node / plan.replicas + 1);
  }
  ~Bank() { simulation.close(); }

  static DatabasePlan plan_of(std::uint32_t copies = 1, const char* protocol = "none") {
    DatabasePlan plan;
    plan.shards.count = 4;
    plan.shards.by = ShardBy::range;
    plan.replicas = copies;
    plan.replication.protocol = protocol;
    plan.concurrency = Limit{8};
    plan.service_time = {constant_ms(1), constant_ms(3)};
    return plan;
  }

  struct Answer {
    Reply reply;
    double ms = 0;
  };
  Answer once(Operation operation, std::uint8_t space_number, std::uint64_t key) {
    Request request;
    request.operation = operation;
    request.key = key;
    request.key_space = space_number;
    request.draw_key = ++drawn;
    Answer answer;
    simulation.spawn(ask(simulation, this, request, &answer));
    simulation.run_until(simulation.now() + sim::Duration::seconds(1));
    return answer;
  }
  static sim::Task<> ask(sim::Simulation& simulation, Bank* bank, Request request, Answer* answer) {
    const sim::Time came = simulation.now();
    answer->reply = co_await bank->database->call(request);
    answer->ms = static_cast<double>((simulation.now() - came).count_ns()) / 1e6;
  }

  sim::Simulation simulation;
  DatabasePlan plan;
  Versions versions{simulation};
  KeySpacePlan space;
  std::vector<KeySpace> spaces;
  std::unique_ptr<Database> database;
  std::uint64_t drawn = 0;
};

TEST_CASE("Who knows the shard asks one, who does not asks all and waits for the slowest") {
  Bank bank(Bank::plan_of());
  CHECK(bank.once(Operation::read, 1, 30).ms == 2);
  CHECK(bank.once(Operation::write, 1, 30).ms == 6);
  CHECK(bank.once(Operation::read, 2, 30).ms == 4);
  // Shard 1 writes for 6 ms, while the others look for the order for up to 4.
  const auto written = bank.once(Operation::write, 2, 30);
  CHECK(written.ms == 6);
  CHECK(written.reply.version == 1);
  CHECK(bank.once(Operation::read, 2, 30).reply.version == 1);
  const StoreResult seen = *bank.database->result().store;
  CHECK(seen.shard_operations == std::vector<std::uint64_t>{3, 5, 3, 3});
  REQUIRE(seen.shards.size() == 4);
  for (std::uint32_t shard = 0; shard < 4; ++shard) {
    const ShardResult& one = seen.shards[shard];
    CHECK(one.failures == 0);
    CHECK(one.latency.count() == seen.shard_operations[shard]);
    CHECK(one.latency.max() == (shard == 1 ? 6'000'000 : 1'000'000 * (shard + 1)));
  }
}

TEST_CASE("An operation of all shards fails with any of them, one of a shard does not") {
  Bank bank(Bank::plan_of());
  bank.database->node(3).begin_kill();
  CHECK(bank.once(Operation::read, 1, 30).reply.is_ok());
  CHECK(bank.once(Operation::read, 2, 30).reply.outcome == Outcome::failed);
  const StoreResult seen = *bank.database->result().store;
  CHECK(seen.shards[3].failures == 1);
  CHECK(seen.shards[1].failures == 0);
}

TEST_CASE("Copies are asked in every shard, too") {
  for (const char* protocol : {"quorum", "raft", "sync"}) {
    Bank bank(Bank::plan_of(3, protocol));
    bank.database->start(nullptr, nullptr);
    CHECK(bank.once(Operation::write, 2, 99).reply.version == 1);
    const auto read = bank.once(Operation::read, 2, 99);
    INFO(protocol);
    CHECK(read.reply.version == 1);
    CHECK(read.ms == 4);
    CHECK(bank.database->result().store->shard_operations ==
          std::vector<std::uint64_t>{2, 2, 2, 2});
  }
}

TEST_CASE("All shards are those that there are") {
  DatabasePlan plan = Bank::plan_of();
  RebalancePlan change;
  change.at = sim::Duration::ms(1500);
  change.split = 1;
  plan.rebalance = {change};
  Bank bank(plan);
  bank.database->rebalancer()->set_stored({&bank.spaces[0], &bank.spaces[1]});
  bank.database->rebalancer()->start(sim::Time());
  CHECK(bank.once(Operation::write, 2, 45).reply.version == 1);
  CHECK(bank.database->result().store->shard_operations ==
        std::vector<std::uint64_t>{1, 1, 1, 1, 0});
  bank.simulation.run_until(sim::Time() + sim::Duration::seconds(10));
  CHECK(bank.once(Operation::read, 2, 45).reply.version == 1);
  const auto asked = bank.database->result().store->shard_operations;
  CHECK(asked[0] == 2);
  CHECK(asked[4] == 1);
  CHECK(bank.database->node(4).version_of(std::uint64_t{2} << 56 ^ 45) == 1);
}

}  // namespace
}  // namespace headroom
