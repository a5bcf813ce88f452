#include "models/store/log/member_changes.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace headroom {

MemberChanges::MemberChanges(sim::Simulation& simulation, const DatabasePlan& plan,
                             std::span<const std::unique_ptr<LogGroup>> groups, KnownCopies& known)
    : simulation_(simulation), plan_(plan), groups_(groups), known_(known) {
  std::uint32_t first = plan.replicas;
  for (const MembershipPlan& change : plan.membership) {
    MemberChangeResult& result = results_.emplace_back();
    result.change = change_text(change, first);
    result.due_ns = change.at.count_ns();
    first += change.added();
  }
  std::vector<std::uint32_t> copies;
  for (std::uint32_t copy = 0; copy < plan.replicas; ++copy)
    copies.push_back(copy);
  known_.assign(groups_.size(), copies);
  for (const auto& group : groups_)
    for (std::uint32_t copy = plan.replicas; copy < plan.copies(); ++copy)
      group->replica(copy).node().set_present(false);
}

void MemberChanges::start(sim::Time measuring_starts) {
  simulation_.spawn(run(measuring_starts));
}

double MemberChanges::bytes_sent() const {
  double sum = 0;
  for (const auto& group : groups_)
    sum += group->bulk_bytes();
  return sum;
}

std::uint64_t MemberChanges::resends() const {
  std::uint64_t sum = 0;
  for (const auto& group : groups_)
    sum += group->pieces_again();
  return sum;
}

sim::Task<> MemberChanges::run(sim::Time measuring_starts) {
  std::uint32_t first = plan_.replicas;
  for (std::size_t number = 0; number < plan_.membership.size(); ++number) {
    const MembershipPlan& planned = plan_.membership[number];
    const sim::Time due = measuring_starts + planned.at;
    if (due > simulation_.now()) co_await simulation_.delay(due - simulation_.now());
    MemberChangeResult& result = results_[number];
    result.begun = true;
    result.at_ns = simulation_.now().count_ns();
    // Until it ends: what there was before.
    result.bytes_sent = bytes_sent();
    result.resends = resends();
    const std::size_t shards = planned.shard ? 1 : groups_.size();
    sim::Poll done(simulation_, shards, shards);
    for (std::uint32_t shard = 0; shard < groups_.size(); ++shard)
      if (!planned.shard || *planned.shard == shard)
        simulation_.spawn(change(number, shard, first, done.ballot()));
    co_await done.decision();
    result.ended = true;
    result.took_ns = simulation_.now().count_ns() - result.at_ns;
    result.bytes_sent = bytes_sent() - result.bytes_sent;
    result.resends = resends() - result.resends;
    first += planned.added();
  }
}

sim::Task<> MemberChanges::change(std::size_t number, std::uint32_t shard, std::uint32_t first,
                                  sim::Ballot ballot) {
  const MembershipPlan& planned = plan_.membership[number];
  LogGroup& group = *groups_[shard];
  std::vector<std::uint32_t>& known = known_[shard];
  group.set_throttle(planned.throttle);
  group.note("copies change", {{"change", results_[number].change}});
  if (planned.replace && has_bug(plan_.replication, Bug::votes_when_empty)) {
    auto replaced = replace_empty(&group, *planned.replace);
    co_await replaced;
    ballot.vote(true);
    co_return;
  }
  MemberWish wish;
  for (std::uint32_t copy = first; copy < first + planned.added(); ++copy) {
    wish.add |= std::uint64_t{1} << copy;
    group.replica(copy).node().set_present(true);
  }
  if (const auto gone = planned.removed()) {
    wish.remove = std::uint64_t{1} << *gone;
    // The last one is asked until there is another one.
    if (known.size() > 1) std::erase(known, *gone);
  }
  for (bool is_done = false; !is_done;) {
    for (std::uint32_t copy = 0; copy < group.size(); ++copy) {
      LogReplica& replica = group.replica(copy);
      is_done = is_done || replica.has_settled(wish);
      if (replica.leads()) replica.change_members(wish);
    }
    if (!is_done) co_await simulation_.delay(group.rules().heartbeat);
  }
  for (std::uint32_t copy = first; copy < first + planned.added(); ++copy)
    known.push_back(copy);
  if (const auto gone = planned.removed()) {
    std::erase(known, *gone);
    simulation_.spawn(stop(shard, *gone, planned.stop_after));
  }
  group.note("copies changed", {{"change", results_[number].change}});
  ballot.vote(true);
}

sim::Task<> MemberChanges::stop(std::uint32_t shard, std::uint32_t copy, sim::Duration later) {
  co_await simulation_.delay(later);
  groups_[shard]->replica(copy).node().set_present(false);
}

/// A mistake: the new one has the name of the old one, and so is a member at once.
sim::Task<> MemberChanges::replace_empty(LogGroup* group, std::uint32_t copy) {
  StoreNode& node = group->replica(copy).node();
  node.set_present(false);
  group->replica(copy).lose_all();
  co_await simulation_.delay(group->rules().heartbeat);
  node.set_present(true);
}

/// Of one that has not ended, up to now.
std::vector<MemberChangeResult> MemberChanges::results() const {
  std::vector<MemberChangeResult> results = results_;
  for (MemberChangeResult& result : results) {
    if (!result.begun || result.ended) continue;
    result.took_ns = simulation_.now().count_ns() - result.at_ns;
    result.bytes_sent = bytes_sent() - result.bytes_sent;
    result.resends = resends() - result.resends;
  }
  return results;
}

}  // namespace headroom
