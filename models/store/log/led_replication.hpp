#pragma once

#include <memory>
#include <vector>

#include "models/store/copy_routes.hpp"
#include "models/store/log/group.hpp"
#include "models/store/log/member_changes.hpp"
#include "models/store/replication.hpp"

namespace headroom {

/// Protocols with a leader and a log: one group of copies a shard.
class LedReplication final : public Replication {
 public:
  LedReplication(const ReplicationSetup& setup, const LogRules& rules);
  sim::Simulation& simulation() const { return simulation_; }

  sim::Task<Reply> read(const Shard* shard, Request request) override;
  sim::Task<Reply> write(const Shard* shard, Request request) override;
  void start(Courier* courier, EventLog* log) override;
  std::optional<std::uint32_t> leader(std::uint32_t shard) const override {
    return groups_[shard]->leader();
  }
  void start_measuring() override;
  void add_to(ServiceResult& result) const override;
  std::vector<std::uint32_t> holders(std::uint32_t shard) const override;
  bool is_drained(std::uint32_t shard, Fence& fence) const override;
  /// Whoever leads next must have it.
  std::uint32_t takers() const override { return setup_.plan.replicas; }
  void leave(std::uint32_t shard) override { groups_[shard]->leave(); }
  void come(std::uint32_t shard) override { groups_[shard]->come(); }
  void change_members(sim::Time measuring_starts, double stored_bytes) override;
  /// For tests.
  KnownCopies& known() { return known_; }
  LogGroup& group(std::size_t shard) { return *groups_[shard]; }

 private:
  sim::Simulation& simulation_;
  const ReplicationSetup setup_;
  std::vector<std::unique_ptr<LogGroup>> groups_;
  KnownCopies known_;
  const KnownCopies* changing_;  ///< Null where copies do not change.
  CopyRoutes leaders_;
  std::optional<MemberChanges> changes_;
};

/// Rules as a plan with defaults has them; a majority acknowledges and votes.
LogRules raft_rules(const DatabasePlan& plan);
/// The same without votes: `acks` copies acknowledge, and `failover` replaces a lost leader.
LogRules failover_rules(const DatabasePlan& plan, std::uint32_t acks);

}  // namespace headroom
