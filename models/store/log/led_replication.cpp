#include "models/store/log/led_replication.hpp"

#include <algorithm>

#include "models/moments.hpp"

namespace headroom {

LedReplication::LedReplication(const ReplicationSetup& setup, const LogRules& rules)
    : simulation_(setup.simulation),
      setup_(setup),
      rules_(rules),
      routes_(setup.plan.shards.count) {
  const std::span<StoreNode* const> nodes = setup.nodes;
  for (std::uint32_t shard = 0; shard < setup.plan.shards.count; ++shard) {
    const LogGroup::Setup group{
        setup.simulation, setup.plan, setup.versions,
        setup.keys,       rules,      setup.name + ".shard[" + std::to_string(shard) + "]"};
    const std::size_t copies = setup.plan.replicas;
    groups_.push_back(std::make_unique<LogGroup>(group, nodes.subspan(shard * copies, copies)));
    for (std::size_t copy = 0; copy < copies; ++copy)
      nodes[shard * copies + copy]->set_replica(groups_.back()->replica(copy));
  }
}

void LedReplication::start(Courier* courier, EventLog* log) {
  for (auto& group : groups_)
    group->start(courier, log);
}

LedReplication::Route& LedReplication::route(const Shard* shard, std::uint16_t zone) {
  std::vector<Route>& routes = routes_[shard->number];
  if (zone >= routes.size()) routes.resize(zone + 1u);
  return routes[zone];
}

/// The copy that callers in that place believe to lead.
std::uint32_t LedReplication::leader_for(const Shard* shard, const Request& request) {
  Route& known = route(shard, request.zone);
  const sim::Time now = simulation_.now();
  if (known.owes && now > known.asked + rules_.mean_timeout) {
    known.copy = (known.copy + 1) % setup_.plan.replicas;
    known.owes = false;
  }
  if (!known.owes) {
    known.owes = true;
    known.asked = now;
  }
  return known.copy;
}

/// Reads of any copy: a random one, or the first of those that stand nearest.
std::uint32_t LedReplication::reader_for(const Shard* shard, const Request& request) const {
  const std::uint32_t copies = setup_.plan.replicas;
  sim::Keyed draws(sim::mix(request.draw_key, sim::hash_name("copy")));
  const auto any = static_cast<std::uint32_t>(draws.uniform() * copies);
  if (setup_.plan.replication.reads_from() == ReadsFrom::any) return any;
  for (std::uint32_t i = 0; i < copies; ++i) {
    const std::uint32_t copy = (any + i) % copies;
    if (setup_.nodes[shard->number * copies + copy]->zone() == request.zone) return copy;
  }
  return any;
}

sim::Task<Reply> LedReplication::read(const Shard* shard, Request request) {
  const ReadsFrom from = setup_.plan.replication.reads_from();
  if (from != ReadsFrom::any && from != ReadsFrom::nearest) return ask_leader(shard, request);
  return shard->nodes[reader_for(shard, request)]->call(request);
}

sim::Task<Reply> LedReplication::write(const Shard* shard, Request request) {
  return ask_leader(shard, request);
}

sim::Task<Reply> LedReplication::ask_leader(const Shard* shard, Request request) {
  constexpr std::uint32_t most = 16;  // Chosen: about two thirds of a second.
  const std::uint64_t draws = request.draw_key;
  sim::Duration pause = sim::Duration::ms(1);
  for (std::uint32_t tried = 0; tried < most; ++tried) {
    if (tried > 0) request.draw_key = sim::mix(draws, tried);
    const std::uint32_t copy = leader_for(shard, request);
    const Reply reply = co_await shard->nodes[copy]->call(request);
    Route& known = route(shard, request.zone);
    if (known.copy == copy) known.owes = false;
    if (!is_redirected(reply)) co_return reply;
    const auto hint = hint_of(reply);
    if (hint && *hint != copy) {
      if (known.copy == copy) known.copy = *hint;
      if (tried < 2) continue;
    } else if (known.copy == copy) {
      known.copy = (copy + 1) % setup_.plan.replicas;
    }
    co_await simulation_.delay(pause);
    pause = std::min(pause + pause, sim::Duration::ms(64));
  }
  co_return Reply::rejected(DropCause::no_backend);
}

void LedReplication::start_measuring() {
  for (auto& group : groups_)
    group->start_measuring();
}

void LedReplication::add_to(ServiceResult& result) const {
  double elections = 0, unavailable_s = 0;
  for (const auto& group : groups_) {
    elections += static_cast<double>(group->elections());
    unavailable_s += static_cast<double>(group->unavailable().count_ns()) / 1e9;
    result.store->election.merge(group->election());
  }
  result.counts.emplace_back("elections", elections);
  result.counts.emplace_back("unavailable_s", unavailable_s);
}

LogRules raft_rules(const DatabasePlan& plan) {
  LogRules rules;
  rules.acks = plan.replicas / 2 + 1;
  rules.pre_vote = plan.replication.pre_vote;
  rules.timeout = plan.replication.timeout();
  rules.heartbeat = plan.replication.beat();
  rules.least_timeout = sim::Duration::rounded_ns(least(rules.timeout));
  rules.mean_timeout = sim::Duration::rounded_ns(mean(rules.timeout));
  return rules;
}

LogRules failover_rules(const DatabasePlan& plan, std::uint32_t acks) {
  LogRules rules;
  rules.acks = std::min(acks, plan.replicas);
  rules.votes = false;
  rules.least_timeout = rules.mean_timeout = plan.replication.failover;
  rules.heartbeat = plan.replication.beat();
  return rules;
}

}  // namespace headroom
