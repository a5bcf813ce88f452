#pragma once

// For tests of protocols: the copies of one shard on a network, and who asks them.

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/study/audit.hpp"
#include "models/consistency/guarantees.hpp"
#include "models/network/courier.hpp"
#include "models/network/port.hpp"
#include "models/store/database.hpp"
#include "models/store/recorder.hpp"
#include "models/test_distributions.hpp"
#include "sim/kernel/call.hpp"

namespace headroom::test_cluster {

inline Distribution uniform_ms(double low, double high) {
  Distribution distribution;
  distribution.kind = Distribution::Kind::uniform;
  distribution.a = low * 1e6;
  distribution.b = high * 1e6;
  return distribution;
}

inline DatabasePlan plan_of(std::string protocol, std::uint32_t copies) {
  DatabasePlan plan;
  plan.replicas = copies;
  plan.concurrency = Limit{1000};
  plan.replication.protocol = std::move(protocol);
  return plan;
}

/// Each copy of a shard in a zone of its own, and three zones where shards change.
struct Cluster {
  static std::uint32_t zones_for(const DatabasePlan& plan) {
    return plan.rebalance.empty() ? plan.copies() : std::max(plan.replicas, 3u);
  }
  static NetworkPlan network_plan(Distribution latency) {
    NetworkPlan plan;
    LinkPlan link;
    link.latency = std::move(latency);
    plan.links.add("* <-> *", link);
    return plan;
  }
  static std::vector<std::string> zone_names(std::uint32_t copies) {
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < copies; ++i)
      names.push_back("z" + std::to_string(i));
    return names;
  }
  static std::vector<std::uint16_t> zones_of(const DatabasePlan& plan) {
    std::vector<std::uint16_t> zones;
    for (std::uint32_t i = 0; i < plan.most_nodes(); ++i)
      zones.push_back(static_cast<std::uint16_t>(i % zones_for(plan)));
    return zones;
  }

  /// What moves between shards has a size.
  static KeySpacePlan key_plan() {
    KeySpacePlan keys;
    keys.count = 100;
    keys.value_size = Distribution();
    keys.value_size->a = 1000;
    return keys;
  }
  static std::vector<KeySpace> spaces_of(const DatabasePlan& plan, const KeySpacePlan& keys) {
    if (plan.rebalance.empty()) return {};
    return {KeySpace(keys, 1, "k")};
  }

  Cluster(DatabasePlan made, Distribution latency, std::uint64_t seed = 1, double stored_bytes = 0)
      : simulation(seed),
        plan(std::move(made)),
        network(simulation, network_plan(std::move(latency)), zone_names(zones_for(plan))),
        courier(network),
        spaces(spaces_of(plan, keys)),
        database(simulation, plan, "db", zones_of(plan), spaces, versions, {}),
        recorder(simulation, database, "db", 1'000'000, zones_for(plan), {},
                 plan.replication.counts()) {
    for (std::uint32_t i = 0; i < plan.most_nodes(); ++i) {
      auto port = std::make_unique<Port>(network, database.node(i), zones_of(plan)[i], "db");
      if (plan.replication.has_siblings())
        port->count_answers([this](const Request& asked, const Reply& reply) {
          return database.values_in(asked, reply);
        });
      ports.push_back(std::move(port));
      database.set_way(i, *ports.back());
    }
    database.start(&courier, nullptr);
    if (database.rebalancer() != nullptr) start_rebalancer();
    database.replication().change_members(sim::Time(), stored_bytes);
    versions.listen(recorder);
  }
  ~Cluster() { simulation.close(); }
  void start_rebalancer() {
    Rebalancer& rebalancer = *database.rebalancer();
    for (std::uint32_t node = 0; node < plan.most_nodes(); ++node) {
      ports.push_back(
          std::make_unique<Port>(network, rebalancer.intake(node), zones_of(plan)[node], "db"));
      rebalancer.set_way(node, *ports.back());
    }
    rebalancer.set_stored({&spaces.front()});
    rebalancer.start(sim::Time());
  }

  Request request(Operation operation, std::uint64_t item, std::uint16_t zone = 0) {
    Request request;
    request.operation = operation;
    request.key = item;
    request.key_space = spaces.empty() ? 0 : 1;
    request.zone = zone;
    request.draw_key = sim::mix(simulation.seed(), ++drawn);
    return request;
  }
  struct Answer {
    std::optional<Reply> reply;
    sim::Time at;
  };
  static sim::Task<> ask(sim::Simulation& simulation, Cluster* cluster, Request request,
                         Answer* answer) {
    const Reply reply = co_await cluster->recorder.call(request);
    *answer = {reply, simulation.now()};
  }
  void run_for(sim::Duration length) { simulation.run_until(simulation.now() + length); }
  /// The answer within `patience`, and how long it took.
  Reply once(Operation operation, std::uint64_t item, std::uint16_t zone = 0,
             sim::Duration patience = sim::Duration::seconds(5)) {
    Answer& answer = answers.emplace_back();
    begin = simulation.now();
    simulation.spawn(ask(simulation, this, request(operation, item, zone), &answer));
    for (sim::Time end = begin + patience; !answer.reply && simulation.now() < end;)
      simulation.run_until(std::min(end, std::max(simulation.now(), simulation.next_time())));
    took = answer.at - begin;
    return answer.reply.value_or(Reply::timed_out());
  }
  /// What clients saw, for the checkers.
  consistency::History history() const { return checked_history(recorder.result()); }
  /// The same and what copies hold now.
  StoreHistory recorded() {
    StoreHistory told = recorder.result();
    database.tell_held(told);
    return told;
  }

  sim::Simulation simulation;
  DatabasePlan plan;
  Versions versions{simulation};
  Network network;
  NetworkCourier courier;
  KeySpacePlan keys = key_plan();
  std::vector<KeySpace> spaces;
  Database database;
  Recorder recorder;
  std::vector<std::unique_ptr<Endpoint>> ports;
  std::deque<Answer> answers;  ///< Some may come when nobody waits for them any more.
  std::uint64_t drawn = 0;
  sim::Time begin;
  sim::Duration took;
};

}  // namespace headroom::test_cluster
