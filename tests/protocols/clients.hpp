#pragma once

// For tests of protocols: clients on all sides of a cut, and what they tell.

#include <algorithm>
#include <string>
#include <vector>

#include "tests/protocols/cluster.hpp"

namespace headroom::test_cluster {

/// How clients take it that there is no answer in time.
enum class Manners {
  give_up,           ///< Nobody knows whether it happened.
  take_for_failure,  ///< A mistake: as if it had not happened.
  write_again,       ///< A mistake: as if it were the same write.
};

/// A write that was sent twice: when, by whom.
struct Resent {
  std::uint32_t session;
  sim::Time first, second;
};

/// What clients do, and what they leave behind.
struct Clients {
  std::uint64_t items = 1;
  double writes = 0.4;
  Manners manners = Manners::give_up;
  sim::Time until, late;
  std::uint64_t done_late = 0;  ///< Operations that were answered after `late`.
  std::vector<Resent> resent{};
};

/// One client: reads and writes a few items one after the other, and gives up what takes too long.
inline sim::Task<> client(sim::Simulation& simulation, Cluster* cluster, std::uint32_t number,
                          Clients* all) {
  sim::Stream random(cluster->simulation.seed(), 0, "client/" + std::to_string(number));
  const auto lane = simulation.lane(sim::Duration::ms(100));
  std::vector<std::uint32_t> seen(all->items);
  while (simulation.now() < all->until) {
    co_await simulation.delay(sim::Duration::us(static_cast<std::int64_t>(random.below(20'000))));
    const double what = random.uniform();
    const std::uint64_t item = random.below(all->items);
    const bool has_cas = cluster->plan.replication.has_cas() && all->manners == Manners::give_up;
    const Operation operation = what >= all->writes                 ? Operation::read
                                : has_cas && what < all->writes / 4 ? Operation::cas
                                                                    : Operation::write;
    const auto zone = static_cast<std::uint16_t>(number % Cluster::zones_for(cluster->plan));
    Request request = cluster->request(operation, item, zone);
    request.session = number;
    if (operation == Operation::cas) request.version = seen[item];
    const sim::Time began = simulation.now();
    auto call = sim::Call(simulation, cluster->recorder.call(request));
    auto reply = co_await sim::before(lane, std::move(call));
    if (!reply) cluster->recorder.on_given_up(request.draw_key);
    if (!reply && operation == Operation::write && all->manners == Manners::write_again) {
      all->resent.push_back({number, began, simulation.now()});
      request.draw_key = cluster->request(operation, item, zone).draw_key;
      auto again = sim::Call(simulation, cluster->recorder.call(request));
      reply = co_await sim::before(lane, std::move(again));
      if (!reply) cluster->recorder.on_given_up(request.draw_key);
    }
    if (reply && reply->is_ok()) seen[item] = reply->version;
    if (reply && reply->is_ok() && simulation.now() >= all->late) ++all->done_late;
  }
}

/// What was recorded, as clients with such manners would tell it.
inline void retell(StoreHistory& history, const Clients& clients) {
  const auto at = [&](std::uint32_t session, sim::Time call) {
    return std::find_if(
        history.operations.begin(), history.operations.end(), [&](const auto& each) {
          return each.session == session && each.call == call && each.f == Function::write;
        });
  };
  for (const Resent& each : clients.resent) {
    const auto first = at(each.session, each.first), second = at(each.session, each.second);
    if (first == history.operations.end() || second == history.operations.end()) continue;
    const RecordedOperation again = *second;
    first->ret = again.ret;
    first->ended = again.ended;
    first->end = again.end;
    for (RecordedOperation& read : history.operations)
      if (read.f == Function::read && read.key == again.key && read.value == again.value)
        read.value = first->value;
    history.operations.erase(second);
    history.ordered = false;
  }
  for (RecordedOperation& each : history.operations)
    if (clients.manners == Manners::take_for_failure && each.end == HistoryEvent::Type::info)
      each.end = HistoryEvent::Type::fail;
}

}  // namespace headroom::test_cluster
