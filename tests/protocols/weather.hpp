#pragma once

// For tests of protocols: a network and copies that fail in every way.

#include <string>
#include <vector>

#include "models/store/log/led_replication.hpp"
#include "tests/protocols/cluster.hpp"

namespace headroom::test_cluster {

/// What goes wrong: how often (one cause at a time, of each of several), for how long at most, and
/// the shares of kills, pauses, cuts and wrong clocks; the rest are bad links.
struct Weather {
  std::int64_t most_gap_us = 300'000, most_length_us = 1'000'000;
  double kills = 0.35, pauses = 0.1, cuts = 0.45;
  std::uint32_t causes = 3;
  double skews = 0;
  /// Of cuts: some copies are on neither side and reach both.
  double bridged = 0;
  /// Besides, copies of Raft are crashed when it hurts most.
  enum class Aim { nobody, voters, leaders } aim = Aim::nobody;
  /// Who change the copies of Raft at random, each as if there were no other.
  std::uint32_t administrators = 0;
};

/// Kills, pauses, cuts one or both ways and loses messages, a few at a time, until `until`.
inline sim::Task<> havoc(sim::Simulation& simulation, Cluster* cluster, std::uint32_t number,
                         sim::Time until, Weather weather = {}) {
  sim::Stream random(cluster->simulation.seed(), 0, "havoc/" + std::to_string(number));
  const std::uint32_t zones = Cluster::zones_for(cluster->plan);
  const std::uint32_t nodes = cluster->plan.most_nodes();
  while (simulation.now() < until) {
    const auto up_to = [](sim::Stream& draws, std::int64_t most_us) {
      return sim::Duration::us(
          static_cast<std::int64_t>(draws.below(static_cast<std::uint64_t>(most_us))));
    };
    co_await simulation.delay(up_to(random, weather.most_gap_us));
    const auto length = up_to(random, weather.most_length_us);
    StoreNode& node = cluster->database.node(static_cast<std::uint32_t>(random.below(nodes)));
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
      const bool is_bridged = weather.bridged > 0 && random.uniform() < weather.bridged;
      for (std::uint16_t zone = 0; zone < zones; ++zone) {
        const std::uint64_t side = random.below(is_bridged ? 3 : 2);
        if (side < 2) partition.groups[side].push_back(zone);
      }
      partition.one_way = random.uniform() < 0.4;
      cluster->network.begin_partition(partition);
      co_await simulation.delay(length);
      cluster->network.end_partition(partition);
    } else if (what < weather.kills + weather.pauses + weather.cuts + weather.skews) {
      const std::int64_t ahead_ns = length.count_ns() - weather.most_length_us * 500;
      node.begin_skew(ahead_ns);
      co_await simulation.delay(length);
      node.end_skew(ahead_ns);
    } else {
      Degradation degradation;
      for (std::uint16_t from = 0; from < zones; ++from)
        for (std::uint16_t to = 0; to < zones; ++to)
          if (from != to) degradation.ways.emplace_back(from, to);
      degradation.loss = 0.2;
      degradation.latency = exponential_ms(20);
      cluster->network.begin_degradation(degradation);
      co_await simulation.delay(length);
      cluster->network.end_degradation(degradation);
    }
  }
}

inline sim::Task<> restart(sim::Simulation& simulation, StoreNode* node, sim::Duration length) {
  node->begin_kill();
  co_await simulation.delay(length);
  node->end_kill();
}

/// Wants other members again and again, gives up soon, and stops some that are none.
inline sim::Task<> administrator(sim::Simulation& simulation, Cluster* cluster,
                                 std::uint32_t number, sim::Time until) {
  sim::Stream random(cluster->simulation.seed(), 0, "administrator/" + std::to_string(number));
  LogGroup& group = dynamic_cast<LedReplication&>(cluster->database.replication()).group(0);
  const std::uint64_t everybody = (std::uint64_t{1} << group.size()) - 1;
  const auto start = [&](std::uint32_t copy) {
    StoreNode& node = group.replica(copy).node();
    if (!node.present()) node.set_present(true);
  };
  while (simulation.now() < until) {
    MemberWish wish;
    wish.add = random.below(everybody) + 1;
    if ((wish.add & (wish.add - 1)) == 0) continue;  // one alone
    wish.remove = everybody & ~wish.add;
    for (std::uint32_t copy = 0; copy < group.size(); ++copy)
      if ((wish.add >> copy & 1) != 0) start(copy);
    const auto end =
        simulation.now() + sim::Duration::us(static_cast<std::int64_t>(random.below(400'000)));
    bool is_done = false;
    while (!is_done && simulation.now() < std::min(end, until)) {
      for (std::uint32_t copy = 0; copy < group.size(); ++copy) {
        is_done = is_done || group.replica(copy).has_settled(wish);
        group.replica(copy).change_members(wish);
      }
      const auto pause = sim::Duration::us(static_cast<std::int64_t>(random.below(4'000)));
      co_await simulation.delay(pause);
    }
    for (std::uint32_t copy = 0; copy < group.size(); ++copy) {
      const bool is_removed = is_done && (wish.remove >> copy & 1) != 0;
      const bool stops = is_removed && random.uniform() < 0.3;
      if (stops && group.replica(copy).node().present())
        group.replica(copy).node().set_present(false);
    }
  }
  for (std::uint32_t copy = 0; copy < group.size(); ++copy)
    start(copy);
}

/// Crashes who has just voted for another; or who leads, after a while in which only some hear it.
inline sim::Task<> marksman(sim::Simulation& simulation, Cluster* cluster, sim::Time until,
                            Weather::Aim aim) {
  sim::Stream random(cluster->simulation.seed(), 0, "marksman");
  const auto up_to_us = [](sim::Stream& draws, std::uint64_t most) {
    return sim::Duration::us(static_cast<std::int64_t>(draws.below(most)));
  };
  LogGroup& group = dynamic_cast<LedReplication&>(cluster->database.replication()).group(0);
  std::vector<std::uint32_t> shot(group.size(), 0);
  while (simulation.now() < until) {
    co_await simulation.delay(sim::Duration::us(200));
    for (std::uint32_t i = 0; i < group.size(); ++i) {
      LogReplica& copy = group.replica(i);
      const bool has_voted = copy.vote() != LogReplica::nobody && copy.vote() != i;
      const bool is_aimed_at = aim == Weather::Aim::voters ? has_voted : copy.leads();
      if (!is_aimed_at || copy.term() == shot[i] || !copy.node().up()) continue;
      shot[i] = copy.term();
      if (aim == Weather::Aim::voters) {
        co_await simulation.delay(up_to_us(random, 1'000));
        simulation.spawn(restart(simulation, &copy.node(), up_to_us(random, 200)));
        continue;
      }
      Partition around;
      around.groups.resize(2);
      around.groups[0].push_back(static_cast<std::uint16_t>(i));
      const std::uint64_t hear = random.below(group.size() / 2 + 1);
      for (std::uint16_t zone = 0; zone < group.size(); ++zone)
        if (zone != i) around.groups[around.groups[0].size() <= hear ? 0 : 1].push_back(zone);
      cluster->network.begin_partition(around);
      co_await simulation.delay(up_to_us(random, 20'000));
      cluster->network.end_partition(around);
      simulation.spawn(restart(simulation, &copy.node(), up_to_us(random, 40'000)));
    }
  }
}

}  // namespace headroom::test_cluster
