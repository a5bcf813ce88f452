#pragma once

#include <memory>
#include <vector>

#include "models/store/log/group.hpp"
#include "models/store/replication.hpp"

namespace headroom {

/// Protocols with a leader and a log: how callers find the leader, and one group of copies a shard.
///
/// Callers in one place share what they know of who leads. Who is asked and does not lead names the
/// leader if it knows him; else the next copy is asked, after pauses that double. A copy that has
/// owed answers for longer than an election takes is asked no more: who waits for it goes on doing
/// so, as what it was asked may be done. An operation that nobody took is rejected in the end.
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
  /// For tests.
  LogGroup& group(std::size_t shard) { return *groups_[shard]; }

 private:
  /// What callers in one place know of one shard.
  struct Route {
    std::uint32_t copy = 0;
    bool owes = false;  ///< It has not answered since `asked`.
    sim::Time asked;
  };
  Route& route(const Shard* shard, std::uint16_t zone);
  std::uint32_t leader_for(const Shard* shard, const Request& request);
  std::uint32_t reader_for(const Shard* shard, const Request& request) const;
  sim::Task<Reply> ask_leader(const Shard* shard, Request request);

  sim::Simulation& simulation_;
  const ReplicationSetup setup_;
  LogRules rules_;
  std::vector<std::unique_ptr<LogGroup>> groups_;
  std::vector<std::vector<Route>> routes_;  ///< By shard and place.
};

/// Rules as a plan with defaults has them; a majority acknowledges and votes.
LogRules raft_rules(const DatabasePlan& plan);
/// The same without votes: `acks` copies acknowledge, and `failover` replaces a lost leader.
LogRules failover_rules(const DatabasePlan& plan, std::uint32_t acks);

}  // namespace headroom
