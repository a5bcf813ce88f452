#pragma once

// For tests of protocols: the copies of one shard on a network that fails in every way, clients on
// all sides of it, and what they saw.

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
#include "sim/kernel/call.hpp"

namespace headroom::test_cluster {

inline Distribution distribution_ms(Distribution::Kind kind, double a_ms, double b_ms = 0) {
  Distribution distribution;
  distribution.kind = kind;
  distribution.a = a_ms * 1e6;
  distribution.b = b_ms * 1e6;
  return distribution;
}
inline Distribution constant_ms(double ms) {
  return distribution_ms(Distribution::Kind::constant, ms);
}
inline Distribution exponential_ms(double ms) {
  return distribution_ms(Distribution::Kind::exponential, ms);
}
inline Distribution uniform_ms(double low, double high) {
  return distribution_ms(Distribution::Kind::uniform, low, high);
}

inline DatabasePlan plan_of(std::string protocol, std::uint32_t copies) {
  DatabasePlan plan;
  plan.replicas = copies;
  plan.concurrency = Limit{1000};
  plan.replication.protocol = std::move(protocol);
  return plan;
}

/// One shard, each copy in a zone of its own.
struct Cluster {
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
    for (std::uint32_t i = 0; i < plan.nodes(); ++i)
      zones.push_back(static_cast<std::uint16_t>(i % plan.replicas));
    return zones;
  }

  Cluster(DatabasePlan made, Distribution latency, std::uint64_t seed = 1)
      : simulation(seed),
        plan(std::move(made)),
        network(simulation, network_plan(std::move(latency)), zone_names(plan.replicas)),
        courier(network),
        database(simulation, plan, "db", zones_of(plan), {}, versions, {}),
        recorder(simulation, database, "db", 1'000'000, plan.replicas, {}) {
    for (std::uint32_t i = 0; i < plan.nodes(); ++i) {
      ports.push_back(std::make_unique<Port>(network, database.node(i), zones_of(plan)[i], "db"));
      database.set_way(i, *ports.back());
    }
    database.start(&courier, nullptr);
    versions.listen(recorder);
  }
  ~Cluster() { simulation.close(); }

  Request request(Operation operation, std::uint64_t item, std::uint16_t zone = 0) {
    Request request;
    request.operation = operation;
    request.key = item;
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
    const Reply reply = co_await cluster->database.call(request);
    *answer = {reply, simulation.now()};
  }
  void run_for(sim::Duration length) { simulation.run_until(simulation.now() + length); }
  /// The answer within `patience`, and how long it took.
  Reply once(Operation operation, std::uint64_t item, std::uint16_t zone = 0,
             sim::Duration patience = sim::Duration::seconds(5)) {
    Answer answer;
    begin = simulation.now();
    simulation.spawn(ask(simulation, this, request(operation, item, zone), &answer));
    for (sim::Time end = begin + patience; !answer.reply && simulation.now() < end;)
      simulation.run_until(std::min(end, std::max(simulation.now(), simulation.next_time())));
    took = answer.at - begin;
    return answer.reply.value_or(Reply::timed_out());
  }
  /// What clients saw, for the checkers.
  consistency::History history() const { return checked_history(recorder.result()); }

  sim::Simulation simulation;
  DatabasePlan plan;
  Versions versions{simulation};
  Network network;
  NetworkCourier courier;
  Database database;
  Recorder recorder;
  std::vector<std::unique_ptr<Endpoint>> ports;
  std::uint64_t drawn = 0;
  sim::Time begin;
  sim::Duration took;
};

/// One client: reads and writes a few items one after the other, and gives up what takes too long.
inline sim::Task<> client(sim::Simulation& simulation, Cluster* cluster, std::uint32_t number,
                          std::uint64_t items, double writes, sim::Time until,
                          std::uint64_t* done_late, sim::Time late) {
  sim::Stream random(cluster->simulation.seed(), 0, "client/" + std::to_string(number));
  const auto lane = simulation.lane(sim::Duration::ms(100));
  std::vector<std::uint32_t> seen(items);
  while (simulation.now() < until) {
    co_await simulation.delay(sim::Duration::us(static_cast<std::int64_t>(random.below(20'000))));
    const double what = random.uniform();
    const std::uint64_t item = random.below(items);
    const bool has_cas = cluster->plan.replication.has_cas();
    const Operation operation = what >= writes                 ? Operation::read
                                : has_cas && what < writes / 4 ? Operation::cas
                                                               : Operation::write;
    Request request = cluster->request(operation, item,
                                       static_cast<std::uint16_t>(number % cluster->plan.replicas));
    request.session = number;
    if (operation == Operation::cas) request.version = seen[item];
    auto call = sim::Call(simulation, cluster->recorder.call(request));
    const auto reply = co_await sim::before(lane, std::move(call));
    if (!reply) cluster->recorder.on_given_up(request.draw_key);
    if (reply && reply->is_ok()) seen[item] = reply->version;
    if (reply && reply->is_ok() && simulation.now() >= late) ++*done_late;
  }
}

/// What goes wrong: how often (one cause at a time, of each of several), for how long at most, and
/// the shares of kills, pauses, cuts and bad links.
struct Weather {
  std::int64_t most_gap_us = 300'000, most_length_us = 1'000'000;
  double kills = 0.35, pauses = 0.1, cuts = 0.45;
  std::uint32_t causes = 3;
};

/// Kills, pauses, cuts one or both ways and loses messages, a few at a time, until `until`.
inline sim::Task<> havoc(sim::Simulation& simulation, Cluster* cluster, std::uint32_t number,
                         sim::Time until, Weather weather = {}) {
  sim::Stream random(cluster->simulation.seed(), 0, "havoc/" + std::to_string(number));
  const std::uint32_t copies = cluster->plan.replicas;
  while (simulation.now() < until) {
    const auto up_to = [](sim::Stream& draws, std::int64_t most_us) {
      return sim::Duration::us(
          static_cast<std::int64_t>(draws.below(static_cast<std::uint64_t>(most_us))));
    };
    co_await simulation.delay(up_to(random, weather.most_gap_us));
    const auto length = up_to(random, weather.most_length_us);
    StoreNode& node = cluster->database.node(static_cast<std::uint32_t>(random.below(copies)));
    const double what = random.uniform();
    if (what < weather.kills) {
      node.begin_kill();
      co_await simulation.delay(length);
      node.end_kill();
    } else if (what < weather.kills + weather.pauses) {
      node.begin_pause();
      co_await simulation.delay(length);
      node.end_pause();
    } else if (what < weather.kills + weather.pauses + weather.cuts) {
      Partition partition;
      partition.groups.resize(2);
      for (std::uint16_t zone = 0; zone < copies; ++zone)
        partition.groups[random.below(2)].push_back(zone);
      partition.one_way = random.uniform() < 0.4;
      cluster->network.begin_partition(partition);
      co_await simulation.delay(length);
      cluster->network.end_partition(partition);
    } else {
      Degradation degradation;
      for (std::uint16_t from = 0; from < copies; ++from)
        for (std::uint16_t to = 0; to < copies; ++to)
          if (from != to) degradation.ways.emplace_back(from, to);
      degradation.loss = 0.2;
      degradation.latency = exponential_ms(20);
      cluster->network.begin_degradation(degradation);
      co_await simulation.delay(length);
      cluster->network.end_degradation(degradation);
    }
  }
}

struct Fate {
  consistency::Finding finding;
  std::uint64_t done_late = 0;  ///< Operations that were answered after all was healed.
  std::size_t operations = 0;
  bool alike = true;  ///< In the end all copies hold the same.
};

/// Four seconds of failures, two of healing, one in which work must be done.
inline Fate fuzz(const DatabasePlan& plan, std::uint64_t seed,
                 consistency::Guarantee promise = consistency::Guarantee::linearizable,
                 Weather weather = {}) {
  Cluster cluster(plan, exponential_ms(1), seed);
  const sim::Time healed = sim::Time() + sim::Duration::seconds(4);
  const sim::Time late = healed + sim::Duration::seconds(2);
  const sim::Time end = late + sim::Duration::seconds(1);
  Fate fate;
  for (std::uint32_t i = 0; i < 6; ++i)
    cluster.simulation.spawn(
        client(cluster.simulation, &cluster, i, 1 + seed % 5, 0.4, end, &fate.done_late, late));
  for (std::uint32_t i = 0; i < weather.causes; ++i)
    cluster.simulation.spawn(havoc(cluster.simulation, &cluster, i, healed, weather));
  cluster.simulation.run_until(end + sim::Duration::ms(800));
  for (std::uint64_t item = 0; item < 1 + seed % 5; ++item)
    for (std::uint32_t copy = 1; copy < plan.replicas; ++copy)
      fate.alike &=
          cluster.database.node(copy).version_of(item) == cluster.database.node(0).version_of(item);
  const consistency::History history = cluster.history();
  fate.operations = history.operations.size();
  const consistency::Question question{consistency::Model::cas_register, no_value, {}};
  fate.finding = consistency::check(promise, history, question);
  return fate;
}

}  // namespace headroom::test_cluster
