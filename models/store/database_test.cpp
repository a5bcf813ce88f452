#include "models/store/database.hpp"
#include "models/test_distributions.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

namespace headroom {
namespace {

constexpr auto at_ms = [](double ms) { return sim::Time() + sim::Duration::rounded_ns(ms * 1e6); };

DatabasePlan quorum_plan(std::uint32_t copies, std::uint32_t reads, std::uint32_t writes) {
  DatabasePlan plan;
  plan.replicas = copies;
  plan.concurrency = Limit{1000};
  plan.replication.protocol = "quorum";
  plan.replication.R = reads;
  plan.replication.W = writes;
  plan.replication.read_repair = false;
  return plan;
}

/// A database in a world of its own, with what its callers got.
struct Store {
  explicit Store(DatabasePlan made)
      : plan(std::move(made)),
        database(simulation, plan, "db", std::vector<std::uint16_t>(plan.nodes()), {}, versions,
                 {}) {}

  struct Answer {
    Reply reply;
    sim::Time at;
  };
  static Request request(Operation operation, std::uint64_t item, std::uint64_t draw) {
    Request request;
    request.operation = operation;
    request.key = item;
    request.draw_key = sim::mix(99, draw);
    return request;
  }
  static sim::Task<> ask(sim::Simulation& simulation, Store* store, Request asked) {
    const Reply reply = co_await store->database.call(asked);
    store->answers.push_back({reply, simulation.now()});
  }
  Answer once(Operation operation, std::uint64_t item = 1, std::uint64_t draw = 1) {
    answers.clear();
    simulation.spawn(ask(simulation, this, request(operation, item, draw)));
    simulation.run();
    REQUIRE(answers.size() == 1);
    return answers.front();
  }

  sim::Simulation simulation;
  DatabasePlan plan;
  Versions versions{simulation};
  Database database;
  std::vector<Answer> answers;
};

TEST_CASE("Copies that answer in 1, 2 and 3 ms read and write in 2 ms with R = W = 2") {
  for (const Operation operation : {Operation::read, Operation::write}) {
    DatabasePlan plan = quorum_plan(3, 2, 2);
    plan.service_time = {constant_ms(6), constant_ms(6)};
    Store store(plan);
    store.database.node(0).begin_slow(1.0 / 6);
    store.database.node(1).begin_slow(1.0 / 3);
    store.database.node(2).begin_slow(1.0 / 2);
    CHECK(store.once(operation).at == at_ms(2));
    store.simulation.run();
  }
}

TEST_CASE("A dead or a silent copy costs nothing beyond the quorum; without one nothing is done") {
  for (const Crash crash : {Crash::reset, Crash::silent}) {
    DatabasePlan plan = quorum_plan(3, 2, 2);
    plan.service_time = {constant_ms(1), constant_ms(4)};
    plan.crash = crash;
    Store store(plan);
    store.database.node(1).begin_kill();
    const auto written = store.once(Operation::write);
    CHECK(written.reply.is_ok());
    CHECK(written.at == at_ms(4));
    const auto read = store.once(Operation::read);
    CHECK(read.reply.version == 1);
    CHECK(read.at == at_ms(5));
    store.database.node(0).begin_kill();
    if (crash == Crash::silent) continue;
    CHECK(store.once(Operation::read).reply.outcome == Outcome::failed);
    CHECK(store.once(Operation::write).reply.outcome == Outcome::failed);
    CHECK(store.versions.current(Store::request(Operation::read, 1, 1).item()) == 1);
  }
}

/// Writes an item and reads it the moment the write is done.
sim::Task<> write_then_read(sim::Simulation&, Store* store, std::uint64_t item,
                            std::uint64_t* stale) {
  const Reply written =
      co_await store->database.call(Store::request(Operation::write, item, 2 * item));
  const Reply read =
      co_await store->database.call(Store::request(Operation::read, item, 2 * item + 1));
  *stale += read.version < written.version ? 1 : 0;
}

TEST_CASE("R03: reads of random copies miss a write that only W of N have") {
  struct Case {
    std::uint32_t n, r, w;
    double stale;  // C(n-w, r) / C(n, r)
  };
  for (const Case& c : {Case{3, 1, 1, 2.0 / 3}, Case{3, 2, 1, 1.0 / 3}, Case{3, 1, 2, 1.0 / 3},
                        Case{5, 2, 2, 3.0 / 10}, Case{3, 2, 2, 0}, Case{5, 3, 3, 0}}) {
    DatabasePlan plan = quorum_plan(c.n, c.r, c.w);
    plan.service_time = {constant_ms(0), constant_ms(0)};
    // Writes are far slower than reads: none arrives while a read goes on, but for one in a
    // million.
    plan.replication.legs =
        LegsPlan{exponential_ms(1e6), constant_ms(0), exponential_ms(1e-3), exponential_ms(1e-3)};
    Store store(plan);
    constexpr std::uint64_t trials = 20'000;
    std::uint64_t stale = 0;
    for (std::uint64_t item = 1; item <= trials; ++item)
      store.simulation.spawn(write_then_read(store.simulation, &store, item, &stale));
    store.simulation.run();
    const double share = static_cast<double>(stale) / trials;
    INFO(c.n << ' ' << c.r << ' ' << c.w);
    if (c.stale == 0) CHECK(stale == 0);
    CHECK(std::abs(share - c.stale) <= 4 * std::sqrt(c.stale * (1 - c.stale) / trials) + 1e-12);
    // What the books call stale is the same.
    const ServiceResult books = store.database.result();
    CHECK(books.store->staleness.count() == stale);
    CHECK(books.store->read.count() == trials);
    CHECK(books.arrivals == 2 * trials * c.n);
  }
}

TEST_CASE("Overlapping quorums never read an old value, whatever the delays and writers") {
  DatabasePlan plan = quorum_plan(5, 2, 4);
  plan.service_time = {exponential_ms(1), exponential_ms(3)};
  plan.replication.legs =
      LegsPlan{exponential_ms(5), exponential_ms(2), exponential_ms(1), exponential_ms(1)};
  Store store(plan);
  struct Many {
    static sim::Task<> writer(sim::Simulation&, Store* store, std::uint64_t draw) {
      co_await store->simulation.delay(sim::Duration::us(static_cast<std::int64_t>(draw * 40)));
      co_await store->database.call(Store::request(Operation::write, draw % 3, draw));
    }
    static sim::Task<> reader(sim::Simulation&, Store* store, std::uint64_t draw) {
      co_await store->simulation.delay(sim::Duration::us(static_cast<std::int64_t>(draw * 37)));
      co_await store->database.call(Store::request(Operation::read, draw % 3, draw + 1'000'000));
    }
  };
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    store.simulation.spawn(Many::writer(store.simulation, &store, i));
    store.simulation.spawn(Many::reader(store.simulation, &store, i));
  }
  store.simulation.run();
  CHECK(store.database.result().store->read.count() == 20'000);
  CHECK(store.database.result().store->staleness.count() == 0);
}

TEST_CASE("Read repair brings the latest version to a copy that missed it") {
  for (const bool repair : {false, true}) {
    DatabasePlan plan = quorum_plan(3, 3, 2);
    plan.service_time = {constant_ms(1), constant_ms(1)};
    plan.replication.read_repair = repair;
    Store store(plan);
    store.database.node(2).begin_kill();
    CHECK(store.once(Operation::write).reply.is_ok());
    store.database.node(2).end_kill();
    store.once(Operation::read);
    // The copy that missed the write now answers alone.
    const auto alone = [&] {
      std::vector<Reply> replies;
      struct One {
        static sim::Task<> ask(sim::Simulation&, Store* store, std::vector<Reply>* replies) {
          const Reply reply =
              co_await store->database.node(2).call(Store::request(Operation::read, 1, 5));
          replies->push_back(reply);
        }
      };
      store.simulation.spawn(One::ask(store.simulation, &store, &replies));
      store.simulation.run();
      return replies.at(0).version;
    };
    CHECK(alone() == (repair ? 1 : 0));
  }
}

/// The largest share of the traffic that a shard of a key space gets, over a fair share.
double hottest(std::uint32_t shards, const std::vector<double>& popularity,
               const std::string& name) {
  ShardsPlan plan;
  plan.count = shards;
  const Sharding sharding(plan, name, {});
  std::vector<double> share(shards);
  Request request;
  for (std::uint64_t item = 0; item < popularity.size(); ++item) {
    request.key = item;
    share[sharding.shard_of(request)] += popularity[item];
  }
  return *std::max_element(share.begin(), share.end()) * shards;
}

TEST_CASE("S01: the hottest of 16 shards under Zipf") {
  struct Case {
    std::uint64_t keys;
    double exponent, expected;
    int names;
  };
  for (const Case& c : {Case{10'000, 1.2, 4.07, 400}, Case{1'000'000, 1.0, 2.08, 20}}) {
    const auto popularity = zipf_probabilities(c.keys, c.exponent);
    double sum = 0;
    for (int i = 0; i < c.names; ++i)
      sum += hottest(16, popularity, "db" + std::to_string(i));
    CHECK(sum / c.names == Approx(c.expected).epsilon(0.05));
  }
}

TEST_CASE("Ranges keep neighbours together, rings move few keys when a shard is added") {
  KeySpacePlan space;
  space.count = 1000;
  const std::vector<KeySpace> keys{KeySpace(space, 1, "k")};
  ShardsPlan plan;
  plan.count = 4;
  plan.by = ShardBy::range;
  const Sharding ranges(plan, "db", keys);
  plan.by = ShardBy::consistent_hash;
  ShardsPlan larger = plan;
  larger.count = 5;
  const Sharding four(plan, "db", keys), five(larger, "db", keys);
  Request request;
  request.key_space = 1;
  int moved = 0;
  for (request.key = 0; request.key < 1000; ++request.key) {
    if (request.key < 250) CHECK(four.shard_of(request) < 4);
    if (four.shard_of(request) == five.shard_of(request)) continue;
    ++moved;
    CHECK(five.shard_of(request) == 4);
  }
  CHECK(moved > 100);
  CHECK(moved < 320);
  ShardsPlan by_range = plan;
  by_range.by = ShardBy::range;
  const Sharding again(by_range, "db", keys);
  for (request.key = 0; request.key < 1000; ++request.key)
    CHECK(again.shard_of(request) == request.key / 250);
}

}  // namespace
}  // namespace headroom
