#pragma once

// For tests of protocols: runs through failures, and what became of them.

#include "tests/protocols/clients.hpp"
#include "tests/protocols/weather.hpp"

namespace headroom::test_cluster {

/// What became of one run.
struct Told {
  StoreHistory recorded;
  std::uint64_t done_late = 0;  ///< Operations that were answered after all was healed.
  bool alike = true;            ///< In the end all copies hold the same.
  double unseen = 0;            ///< Writes that are gone and nobody who wrote had read.
  std::uint64_t snapshots = 0;  ///< That copies of Raft took.
  std::uint64_t changes = 0;    ///< Of their members, that were committed.
};

/// Whether copies that should be alike are: with members those.
inline bool are_alike(Cluster& cluster, std::uint64_t items) {
  std::vector<std::uint32_t> copies;
  auto* led = dynamic_cast<LedReplication*>(&cluster.database.replication());
  const std::uint64_t members =
      led == nullptr ? ~std::uint64_t{0} : led->group(0).replica(led->group(0).leader()).members();
  for (std::uint32_t copy = 0; copy < cluster.plan.copies(); ++copy)
    if (cluster.plan.membership.empty() || (members >> copy & 1) != 0) copies.push_back(copy);
  const Sharding sharding(cluster.plan.shards, "db", cluster.spaces);
  bool alike = true;
  for (std::uint64_t item = 0; item < items; ++item) {
    Request request = Request::about(item);
    const bool is_fixed = cluster.plan.rebalance.empty();
    const std::uint32_t first = is_fixed ? sharding.shard_of(request) * cluster.plan.copies() : 0;
    for (const std::uint32_t copy : copies)
      alike &= cluster.database.node(first + copy).version_of(item) ==
               cluster.database.node(first + copies.front()).version_of(item);
  }
  return alike;
}

/// Four seconds of failures, two of healing, one in which work must be done.
inline Told run_through(const DatabasePlan& plan, std::uint64_t seed, Weather weather = {},
                        Manners manners = Manners::give_up) {
  Cluster cluster(plan, exponential_ms(1), seed);
  if (weather.skews > 0) cluster.database.expect_wrong_clocks();
  const sim::Time healed = sim::Time() + sim::Duration::seconds(4);
  Clients clients;
  clients.items = 1 + seed % 5;
  clients.manners = manners;
  clients.late = healed + sim::Duration::seconds(2);
  clients.until = clients.late + sim::Duration::seconds(1);
  for (std::uint32_t i = 0; i < 6; ++i)
    cluster.simulation.spawn(client(cluster.simulation, &cluster, i, &clients));
  for (std::uint32_t i = 0; i < weather.causes; ++i)
    cluster.simulation.spawn(havoc(cluster.simulation, &cluster, i, healed, weather));
  if (weather.aim != Weather::Aim::nobody)
    cluster.simulation.spawn(marksman(cluster.simulation, &cluster, healed, weather.aim));
  if (weather.administrators > 0) {
    auto& led = dynamic_cast<LedReplication&>(cluster.database.replication());
    for (std::uint32_t copy = plan.replicas; copy < plan.copies(); ++copy)
      led.known()[0].push_back(copy);
  }
  for (std::uint32_t i = 0; i < weather.administrators; ++i)
    cluster.simulation.spawn(administrator(cluster.simulation, &cluster, i, healed));
  cluster.simulation.run_until(clients.until + sim::Duration::ms(800));
  Told told;
  told.done_late = clients.done_late;
  // What only one copy has, and nobody was told of, is spread when it is read there.
  for (std::uint64_t item = 0; plan.replication.has_siblings() && item < clients.items; ++item)
    for (std::uint16_t zone = 0; zone < plan.replicas; ++zone) {
      cluster.once(Operation::read, item, zone);
      cluster.run_for(sim::Duration::ms(100));
    }
  told.alike = are_alike(cluster, clients.items);
  for (const auto& [name, count] : cluster.database.result().counts)
    if (name == "overwritten_unseen") told.unseen = count;
  if (auto* led = dynamic_cast<LedReplication*>(&cluster.database.replication()))
    for (std::uint32_t copy = 0; copy < plan.copies(); ++copy) {
      told.snapshots += led->group(0).replica(copy).snapshots();
      told.changes += led->group(0).replica(copy).changes();
    }
  told.recorded = cluster.recorded();
  retell(told.recorded, clients);
  return told;
}

struct Fate {
  consistency::Finding finding;
  std::uint64_t done_late = 0;
  std::size_t operations = 0;
  bool alike = true;
};

inline Fate fuzz(const DatabasePlan& plan, std::uint64_t seed,
                 consistency::Guarantee promise = consistency::Guarantee::linearizable,
                 Weather weather = {}) {
  const Told told = run_through(plan, seed, weather);
  const consistency::History history = checked_history(told.recorded);
  const consistency::Question question{consistency::Model::cas_register, no_value, {}};
  return {consistency::check(promise, history, question), told.done_late, history.operations.size(),
          told.alike};
}

}  // namespace headroom::test_cluster
