#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/endpoint.hpp"
#include "models/event_log.hpp"
#include "models/item_table.hpp"
#include "models/keys.hpp"
#include "models/rebalance_result.hpp"
#include "models/results.hpp"
#include "models/store/node.hpp"
#include "models/store/ownership.hpp"
#include "models/store/plan.hpp"
#include "models/store/replication.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/poll.hpp"

namespace headroom {

/// Changes the shards of a database while it serves: the control plane that orders it, and the
/// shards that send each other keys.
///
/// Who moves what is decided by a control plane that never fails and whose orders take no time; it
/// begins one change after the other. All shards that give keys away send at once, each to one
/// other at a time, cell by cell: first all keys of the cell in chunks, while it is still served
/// and what is written is noted; then what was written meanwhile, a few times over; then the former
/// owner releases the cell, and one last message brings what was written since, with which the new
/// owner takes it. A chunk is a read of the sender, a message over the network, a write of the
/// receiver and an acknowledgement; without one it is sent again, until there is one. What a shard
/// holds, has released and has taken survives its crash, so a move goes on where it stopped.
/// Between a release and the end of a crash of the new owner nobody serves the cell.
///
/// Where a shard has copies, each copy of the new owner gets every chunk for itself, from as many
/// copies of the former one as hold all that was acknowledged (`Replication::holders`: its leader,
/// or so many that each quorum of a write has one of them). Before the last message all that the
/// former owner had accepted has taken effect. With a leader the new owner takes the cell when all
/// its copies have it, as any may lead next; with quorums when as many have it as a write needs,
/// while the others get it a little later.
///
/// Source: the live migration of hash slots of Redis Cluster (specification, "Cluster live
/// reconfiguration"); "iterative copy" of Das et al. 2011 (Albatross). Departs from source: the
/// control plane is perfect, and callers learn the whole map when a change has ended.
class Rebalancer {
 public:
  /// Copy r of shard s is nodes[s x replicas + r]. All of it outlives this.
  struct Setup {
    const DatabasePlan& plan;
    std::string name;
    const Sharding& sharding;
    Ownership& ownership;
    Replication& replication;
    std::vector<StoreNode*> nodes;
    std::vector<std::uint64_t>* operations;  ///< By shard, begun since measuring started.
  };
  Rebalancer(sim::Simulation& simulation, Setup setup);
  Rebalancer(const Rebalancer&) = delete;
  Rebalancer& operator=(const Rebalancer&) = delete;

  sim::Simulation& simulation() const { return simulation_; }
  /// What the network is put in front of: where chunks for a node come in.
  Endpoint& intake(std::uint32_t node) { return *intakes_[node]; }
  void set_way(std::uint32_t node, Endpoint& way) { ways_[node] = &way; }
  /// The key spaces that it holds.
  void set_stored(std::vector<const KeySpace*> stored) { stored_ = std::move(stored); }
  void set_log(EventLog* log) { log_ = log; }

  /// Once; the changes of the plan come so long after `measuring_starts`.
  void start(sim::Time measuring_starts);
  /// Changes that nobody planned, in place of those: one shard comes or goes as soon as the changes
  /// ordered before are made.
  void add(std::uint32_t shard);
  void remove(std::uint32_t shard);
  /// Nothing moves or is to move, and who was removed has stopped.
  bool is_settled() const { return made_ == changes_.size() && leaving_ == 0; }
  void start_measuring() { first_measured_ = changes_.size(); }
  /// What was ordered since then, in sums.
  void add_to(ServiceResult& result) const;
  void redirected() {
    if (current_ < results_.size()) ++results_[current_].redirects;
  }
  std::vector<RebalanceResult> results() const;

 private:
  class Intake;
  class Outlet;
  /// What one message between shards brings.
  struct Parcel {
    std::size_t cell = 0;
    std::uint64_t number = 0;   ///< Within its cell, from 0.
    bool takes_over = false;    ///< The last one.
    bool is_read = false;       ///< Its versions are those of the sender.
    std::uint32_t lacking = 0;  ///< Copies that have not acknowledged it.
    std::int64_t bytes = 0;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> items;  ///< With their versions.
  };
  struct Cell {
    double keys = 0, bytes = 0;
    std::uint32_t taken_by = 0;  ///< Copies that have its last parcel.
    sim::Time released;
  };

  /// Shards that it adds are numbered from `first` on.
  struct Change {
    RebalancePlan plan;
    std::uint32_t first = 0;
  };

  void plan_change(const RebalancePlan& plan, std::uint32_t first);
  void order(RebalancePlan plan, std::uint32_t first);
  sim::Task<> run(sim::Time measuring_starts);
  sim::Task<> work_off();
  sim::Task<> make_change(std::size_t change);
  sim::Task<> send_from(std::uint32_t shard);
  sim::Task<> move_cell(std::size_t cell);
  sim::Task<> deliver(std::size_t parcel);
  sim::Task<> pace(std::size_t parcel);
  sim::Task<> deliver_to(std::size_t parcel, std::uint32_t copy);
  sim::Task<> deliver_and_vote(std::size_t parcel, std::uint32_t copy, sim::Ballot ballot);
  sim::Task<bool> attempt(std::size_t parcel, std::uint32_t copy);
  sim::Task<bool> ask(Endpoint* endpoint, Request request);
  sim::Task<> leave(std::uint32_t shard);
  void end_of_sending() {
    if (--senders_ == 0) all_sent_->fire(true);
  }

  void begin(std::size_t change);
  void count_keys();
  std::size_t pack(std::size_t cell, std::uint64_t number, std::size_t most, double bytes);
  std::size_t pack_last(std::size_t cell, std::uint64_t number);
  std::uint32_t newest(std::uint32_t shard, const std::vector<std::uint32_t>& holders,
                       std::uint64_t item);
  void read(std::size_t parcel, const std::vector<std::uint32_t>& holders);
  std::int64_t bytes_of(std::uint64_t item) const;
  Reply install(std::uint32_t node, const Request& request);
  void note(const char* event, const std::string& target,
            std::vector<std::pair<std::string, LoggedEvent::Value>> details = {});
  void note_progress();
  std::string shard_name(std::uint32_t shard) const;
  std::uint32_t copies() const { return setup_.plan.replicas; }
  std::uint32_t node_of(std::uint32_t shard, std::uint32_t copy) const {
    return shard * copies() + copy;
  }
  StoreNode& node(std::uint32_t shard, std::uint32_t copy) {
    return *setup_.nodes[node_of(shard, copy)];
  }
  const RebalancePlan& change() const { return changes_[current_].plan; }

  sim::Simulation& simulation_;
  Setup setup_;
  std::vector<std::unique_ptr<Endpoint>> intakes_, outlets_;
  std::vector<Endpoint*> ways_;
  std::vector<const KeySpace*> stored_;
  EventLog* log_ = nullptr;

  std::vector<Change> changes_;
  std::size_t made_ = 0;            ///< Changes that have ended.
  std::size_t first_measured_ = 0;  ///< Change.
  std::uint32_t leaving_ = 0;       ///< Removed shards that have not stopped.
  std::size_t current_ = SIZE_MAX;  ///< Change; the last one that began.
  bool moving_ = false;
  std::vector<std::vector<std::size_t>> cells_of_;  ///< Those that a shard gives away.
  std::vector<Cell> cells_;
  /// Parcels of a cell that a copy of its new owner has on its disk: of cell x copies + copy.
  std::vector<std::uint64_t> installed_;
  std::vector<sim::Time> sends_next_;  ///< By shard: when its throttle lets it.
  std::vector<Parcel> parcels_;        ///< Of this change.
  ItemTable<std::uint32_t> sent_;      ///< Versions that it has sent.
  std::uint32_t senders_ = 0;
  std::optional<sim::Trigger<bool>> all_sent_;
  std::uint64_t draws_, drawn_ = 0;
  int tenths_ = 0;  ///< Of its bytes, told in the log.
  std::vector<RebalanceResult> results_;
  std::vector<std::uint64_t> mark_;  ///< Operations by shard when the last change began or ended.
};

}  // namespace headroom
