// Shards that change while they serve, are killed, and lose messages. The oracles: what each client
// was told, who served what in which order, and what every node holds at the end.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/store/database.hpp"
#include "sim/kernel/call.hpp"
#include "sim/kernel/never.hpp"

namespace headroom {
namespace {

constexpr std::uint32_t keys = 90;
constexpr std::uint32_t clients = 6;

Distribution exponential_ms(double ms) {
  Distribution distribution;
  distribution.kind = Distribution::Kind::exponential;
  distribution.a = ms * 1e6;
  return distribution;
}

sim::Duration exponential(sim::Stream& random, double mean_ms) {
  return sim::Duration::rounded_ns(-std::log(1 - random.uniform()) * mean_ms * 1e6);
}

/// Who answered for a key, in the order of the answers.
struct Served {
  std::uint64_t key;
  std::uint32_t shard;
};

/// A network in front of one shard: each message takes its time, overtakes others, and some are
/// lost for good.
class Wire final : public Endpoint {
 public:
  Wire(Endpoint& behind, sim::Stream& random, double loss, std::uint32_t shard,
       std::vector<Served>* served)
      : Endpoint(behind.simulation()),
        behind_(behind),
        random_(random),
        loss_(loss),
        shard_(shard),
        served_(served) {}
  sim::Task<Reply> call(Request request) override {
    const bool arrives = random_.uniform() >= loss_;
    const sim::Duration there = exponential(random_, 0.3);
    co_await simulation_.delay(there);
    if (!arrives) co_await sim::Never();
    const Reply reply = co_await behind_.call(request);
    if (served_ != nullptr && reply.is_ok()) served_->push_back({request.key, shard_});
    const bool returns = random_.uniform() >= loss_;
    const sim::Duration back = exponential(random_, 0.3);
    co_await simulation_.delay(back);
    if (!returns) co_await sim::Never();
    co_return reply;
  }
  sim::Task<bool> probe(std::uint16_t zone) override { return behind_.probe(zone); }

 private:
  Endpoint& behind_;
  sim::Stream& random_;
  double loss_;
  std::uint32_t shard_;
  std::vector<Served>* served_;
};

/// The same between the copies of a shard.
class Post final : public Courier {
 public:
  Post(sim::Simulation& simulation, sim::Stream& random, double loss)
      : simulation_(simulation), random_(random), loss_(loss) {}
  sim::Simulation& simulation() const { return simulation_; }
  sim::Task<bool> carry(std::uint16_t, std::uint16_t, std::int64_t, std::uint64_t) override {
    const bool arrives = random_.uniform() >= loss_;
    const sim::Duration takes = exponential(random_, 0.3);
    co_await simulation_.delay(takes);
    if (!arrives) co_await sim::Never();
    co_return true;
  }

 private:
  sim::Simulation& simulation_;
  sim::Stream& random_;
  double loss_;
};

/// How shards are copied in a test.
struct Copied {
  const char* protocol;
  std::uint32_t copies;
  bool keeps_all;                         ///< No failover undoes what was acknowledged.
  bool reads_last;                        ///< What was read once is not gone later.
  std::optional<std::uint32_t> writes{};  ///< Of a quorum; a majority when absent.
};

/// Three shards and a random row of changes.
DatabasePlan random_plan(sim::Stream& random, ShardBy by, Crash crash, const Copied& copied) {
  DatabasePlan plan;
  plan.replicas = copied.copies;
  plan.replication.protocol = copied.protocol;
  plan.replication.W = copied.writes;
  if (copied.writes) plan.replication.R = copied.copies + 1 - *copied.writes;
  plan.replication.heartbeat = sim::Duration::ms(5);
  if (plan.has_leader() && random.uniform() < 0.5) plan.replication.fsync = exponential_ms(0.3);
  plan.replication.failover = sim::Duration::ms(60);
  plan.replication.election_timeout = Distribution();
  plan.replication.election_timeout->kind = Distribution::Kind::uniform;
  plan.replication.election_timeout->a = 20e6;
  plan.replication.election_timeout->b = 40e6;
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
    change.chunk = Bytes{3000};
    change.timeout = sim::Duration::ms(20);
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

struct Town {
  Town(std::uint64_t seed, ShardBy by, Crash crash, double loss, const Copied& copies)
      : simulation(seed),
        random(seed, 0, "test"),
        copied(copies),
        plan(random_plan(random, by, crash, copied)),
        post(simulation, random, loss),
        versions(simulation) {
    space.count = keys;
    Distribution size;
    size.a = 1000;
    space.value_size = size;
    spaces.emplace_back(space, 1, "k");
    database = std::make_unique<Database>(simulation, plan, "db",
                                          std::vector<std::uint16_t>(plan.most_nodes()), spaces,
                                          versions, Measurement{});
    Rebalancer& rebalancer = *database->rebalancer();
    for (std::uint32_t node = 0; node < plan.most_nodes(); ++node) {
      const std::uint32_t shard = node / plan.replicas;
      wires.push_back(std::make_unique<Wire>(database->node(node), random, loss, shard, &served));
      database->set_way(node, *wires.back());
      wires.push_back(
          std::make_unique<Wire>(rebalancer.intake(node), random, loss, shard, nullptr));
      rebalancer.set_way(node, *wires.back());
    }
    rebalancer.set_stored({&spaces.front()});
    database->start(&post, nullptr);
    acknowledged.resize(keys);
  }
  ~Town() { simulation.close(); }

  Request request(Operation operation, std::uint64_t key) {
    Request request;
    request.operation = operation;
    request.key = key;
    request.key_space = 1;
    request.draw_key = random();
    request.zone = static_cast<std::uint16_t>(key % 3);
    return request;
  }

  sim::Simulation simulation;
  sim::Stream random;
  Copied copied;
  DatabasePlan plan;
  Post post;
  Versions versions;
  KeySpacePlan space;
  std::vector<KeySpace> spaces;
  std::unique_ptr<Database> database;
  std::vector<std::unique_ptr<Wire>> wires;
  std::vector<Served> served;
  std::vector<std::uint32_t> acknowledged;  ///< Latest version that anybody was told of.
  std::uint64_t reads = 0, writes = 0, lost = 0;
  bool is_quiet = false;
};

/// One operation whose answer its client may not wait for.
sim::Task<> operate(sim::Simulation& simulation, Town* town, Operation operation,
                    std::uint64_t key) {
  const std::uint32_t known = town->acknowledged[key];
  const Request request = town->request(operation, key);
  const auto reply = co_await sim::before(simulation.lane(sim::Duration::ms(50)),
                                          sim::Call(simulation, town->database->call(request)));
  if (!reply || !reply->is_ok()) co_return;
  ++(operation == Operation::read ? town->reads : town->writes);
  if (reply->version < known) ++town->lost;
  // A read may bring a write that is not done yet, and the next one not.
  if (operation == Operation::read && !town->copied.reads_last) co_return;
  town->acknowledged[key] = std::max(town->acknowledged[key], reply->version);
}

sim::Task<> client(sim::Simulation& simulation, Town* town, std::uint64_t number) {
  while (!town->is_quiet) {
    const sim::Duration pause = exponential(town->random, 1.5);
    co_await simulation.delay(pause);
    // Each client has its keys, so that versions are written one after the other.
    const auto nth = static_cast<std::uint64_t>(town->random.uniform() * keys / clients);
    const bool reads = town->random.uniform() < 0.5;
    auto done = operate(simulation, town, reads ? Operation::read : Operation::write,
                        nth * clients + number);
    co_await done;
  }
}

sim::Task<> kills(sim::Simulation& simulation, Town* town, std::uint32_t node) {
  while (!town->is_quiet) {
    const sim::Duration up = exponential(town->random, 150);
    co_await simulation.delay(up);
    town->database->node(node).begin_kill();
    const sim::Duration down = exponential(town->random, 40);
    co_await simulation.delay(down);
    town->database->node(node).end_kill();
  }
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

/// Acknowledged writes that a failover has undone, as replication by async and semi_sync may.
double undone(const Town& town) {
  for (const auto& [name, count] : town.database->result().counts)
    if (name == "acknowledged_writes_undone") return count;
  return 0;
}

/// Each key is where it belongs and nowhere else, with all that anybody was told of and no failover
/// has undone: at every copy of its shard, or at as many as a quorum of writes has.
void check_places(Town& town, const Expected& expected) {
  double lacking = 0;
  const bool is_quorum = town.plan.replication.protocol == "quorum";
  const std::uint32_t needed = is_quorum ? town.plan.writes() : town.plan.replicas;
  for (std::uint64_t key = 0; key < keys; ++key) {
    const std::uint64_t item = town.request(Operation::read, key).item();
    std::uint32_t have = 0;
    for (std::uint32_t node = 0; node < town.plan.most_nodes(); ++node) {
      const std::uint32_t held = town.database->node(node).version_of(item);
      if (node / town.plan.replicas != expected.owner[key])
        REQUIRE(held == 0);
      else if (held >= town.acknowledged[key])
        ++have;
    }
    if (have < needed) ++lacking;
  }
  REQUIRE(lacking <= undone(town));
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
    Town town(seed, by, crash, seed % 5 == 0 ? 0 : 0.02, copied);
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
    check_places(town, expected);
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

constexpr Copied one_copy{"none", 1, true, true};
constexpr Copied with_copies[] = {{"quorum", 3, true, false}, {"quorum", 3, true, false, 1},
                                  {"async", 2, false, false}, {"semi_sync", 3, false, false},
                                  {"sync", 3, true, true},    {"raft", 3, true, true}};

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
