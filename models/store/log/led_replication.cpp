#include "models/store/log/led_replication.hpp"

#include <algorithm>

#include "models/moments.hpp"

namespace headroom {

LedReplication::LedReplication(const ReplicationSetup& setup, const LogRules& rules)
    : simulation_(setup.simulation),
      setup_(setup),
      changing_(setup.plan.membership.empty() ? nullptr : &known_),
      leaders_(setup.simulation, setup.plan, 0, rules.mean_timeout, changing_) {
  const std::span<StoreNode* const> nodes = setup.nodes;
  for (std::uint32_t shard = 0; shard < setup.plan.most_shards(); ++shard) {
    const LogGroup::Setup group{
        setup.simulation, setup.plan, setup.versions,
        setup.keys,       rules,      setup.name + ".shard[" + std::to_string(shard) + "]"};
    const std::size_t copies = setup.plan.copies();
    groups_.push_back(std::make_unique<LogGroup>(group, nodes.subspan(shard * copies, copies)));
    for (std::size_t copy = 0; copy < copies; ++copy)
      nodes[shard * copies + copy]->set_replica(groups_.back()->replica(copy));
  }
  if (changing_ != nullptr) changes_.emplace(simulation_, setup_.plan, groups_, known_);
}

void LedReplication::change_members(sim::Time measuring_starts, double stored_bytes) {
  if (!changes_) return;
  const double of_each = stored_bytes / static_cast<double>(groups_.size());
  for (auto& group : groups_)
    group->set_stored_bytes(static_cast<std::int64_t>(of_each));
  changes_->start(measuring_starts);
}

void LedReplication::start(Courier* courier, EventLog* log) {
  for (auto& group : groups_)
    group->start(courier, log);
}

sim::Task<Reply> LedReplication::read(const Shard* shard, Request request) {
  if (const auto copy = reader_for(setup_, *shard, request, changing_))
    return leaders_.read_from(shard, *copy, request);
  return leaders_.ask(shard, request);
}

sim::Task<Reply> LedReplication::write(const Shard* shard, Request request) {
  return leaders_.ask(shard, request);
}

void LedReplication::start_measuring() {
  for (auto& group : groups_)
    group->start_measuring();
}

void LedReplication::add_to(ServiceResult& result) const {
  double elections = 0, unavailable_s = 0, undone = 0;
  for (const auto& group : groups_) {
    elections += static_cast<double>(group->elections());
    unavailable_s += static_cast<double>(group->unavailable().count_ns()) / 1e9;
    undone += static_cast<double>(group->undone());
    result.store->election.merge(group->election());
  }
  result.counts.emplace_back("elections", elections);
  result.counts.emplace_back("unavailable_s", unavailable_s);
  result.counts.emplace_back("acknowledged_writes_undone", undone);
  if (changes_) result.store->member_changes = changes_->results();
}

std::vector<std::uint32_t> LedReplication::holders(std::uint32_t shard) const {
  const LogReplica* leader = groups_[shard]->acting_leader();
  if (leader == nullptr) return {};
  return {groups_[shard]->leader()};
}

/// What a leader has in its log now is all that can still be acknowledged of what the shard has
/// accepted: a later leader lacks what it lacks, or it was never acknowledged.
bool LedReplication::is_drained(std::uint32_t shard, Fence& fence) const {
  const LogReplica* leader = groups_[shard]->acting_leader();
  if (leader == nullptr) return false;
  if (leader->term() != fence.term) fence = {leader->term(), leader->log().last()};
  return leader->applied() >= fence.last;
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
  rules.heartbeat = plan.replication.beat();
  const std::int64_t beat_ns = rules.heartbeat.count_ns();
  rules.least_timeout =
      sim::Duration::ns(std::max(beat_ns, plan.replication.failover.count_ns() - 2 * beat_ns));
  rules.mean_timeout = plan.replication.failover;
  return rules;
}

}  // namespace headroom
