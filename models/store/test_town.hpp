#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/store/database.hpp"
#include "models/test_distributions.hpp"
#include "sim/kernel/call.hpp"
#include "sim/kernel/never.hpp"

namespace headroom {

// A database whose shards change while it is asked, killed and loses messages, and clients who
// remember what they were told.

inline constexpr std::uint32_t keys = 90;
inline constexpr std::uint32_t clients = 6;

inline sim::Duration exponential(sim::Stream& random, double mean_ms) {
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

inline constexpr Copied one_copy{"none", 1, true, true};
inline constexpr Copied with_copies[] = {{"quorum", 3, true, false}, {"quorum", 3, true, false, 1},
                                         {"async", 2, false, false}, {"semi_sync", 3, false, false},
                                         {"sync", 3, true, true},    {"raft", 3, true, true}};

/// Copies that fail over quickly, and write to disks with even odds.
inline DatabasePlan copied_plan(sim::Stream& random, const Copied& copied) {
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
  return plan;
}

struct Town {
  using MakePlan = std::function<DatabasePlan(sim::Stream& random)>;
  Town(std::uint64_t seed, double loss, const Copied& copies, const MakePlan& make_plan)
      : simulation(seed),
        random(seed, 0, "test"),
        copied(copies),
        plan(make_plan(random)),
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

/// Acknowledged writes that a failover has undone, as replication by async and semi_sync may.
inline double undone(const Town& town) {
  for (const auto& [name, count] : town.database->result().counts)
    if (name == "acknowledged_writes_undone") return count;
  return 0;
}

/// Each key is at its owner and nowhere else, with all that anybody was told of and no failover has
/// undone: at every copy of the shard, or at as many as a quorum of writes has.
template <class OwnerOf>
void check_copies(Town& town, OwnerOf owner_of) {
  double lacking = 0;
  const bool is_quorum = town.plan.replication.protocol == "quorum";
  const std::uint32_t needed = is_quorum ? town.plan.writes() : town.plan.replicas;
  for (std::uint64_t key = 0; key < keys; ++key) {
    const std::uint64_t item = town.request(Operation::read, key).item();
    const std::uint32_t owner = owner_of(key);
    std::uint32_t have = 0;
    for (std::uint32_t node = 0; node < town.plan.most_nodes(); ++node) {
      const std::uint32_t held = town.database->node(node).version_of(item);
      if (node / town.plan.replicas != owner)
        REQUIRE(held == 0);
      else if (held >= town.acknowledged[key])
        ++have;
    }
    if (have < needed) ++lacking;
  }
  REQUIRE(lacking <= undone(town));
}

/// One operation whose answer its client may not wait for.
inline sim::Task<> operate(sim::Simulation& simulation, Town* town, Operation operation,
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

inline sim::Task<> client(sim::Simulation& simulation, Town* town, std::uint64_t number) {
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

inline sim::Task<> kills(sim::Simulation& simulation, Town* town, std::uint32_t node) {
  while (!town->is_quiet) {
    const sim::Duration up = exponential(town->random, 150);
    co_await simulation.delay(up);
    town->database->node(node).begin_kill();
    const sim::Duration down = exponential(town->random, 40);
    co_await simulation.delay(down);
    town->database->node(node).end_kill();
  }
}

}  // namespace headroom
