#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/endpoint.hpp"
#include "models/event_log.hpp"
#include "models/keys.hpp"
#include "models/rebalance_result.hpp"
#include "models/store/node.hpp"
#include "models/store/ownership.hpp"
#include "models/store/plan.hpp"
#include "sim/kernel/event.hpp"

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
/// Source: the live migration of hash slots of Redis Cluster (specification, "Cluster live
/// reconfiguration"); "iterative copy" of Das et al. 2011 (Albatross). Departs from source: the
/// control plane is perfect, and callers learn the whole map when a change has ended.
class Rebalancer {
 public:
  /// Shard i is nodes[i]. All of it outlives this.
  struct Setup {
    const DatabasePlan& plan;
    std::string name;
    const Sharding& sharding;
    Ownership& ownership;
    std::vector<StoreNode*> nodes;
    std::vector<std::uint64_t>* operations;  ///< By shard, begun since measuring started.
  };
  Rebalancer(sim::Simulation& simulation, Setup setup);
  Rebalancer(const Rebalancer&) = delete;
  Rebalancer& operator=(const Rebalancer&) = delete;

  sim::Simulation& simulation() const { return simulation_; }
  /// What the network is put in front of: where chunks for a shard come in.
  Endpoint& intake(std::uint32_t shard) { return *intakes_[shard]; }
  void set_way(std::uint32_t shard, Endpoint& way) { ways_[shard] = &way; }
  /// The key spaces that it holds.
  void set_stored(std::vector<const KeySpace*> stored) { stored_ = std::move(stored); }
  void set_log(EventLog* log) { log_ = log; }

  /// Once; changes come so long after `measuring_starts`.
  void start(sim::Time measuring_starts);
  void redirected() {
    if (current_ < results_.size()) ++results_[current_].redirects;
  }
  bool is_busy() const { return moving_; }
  std::vector<RebalanceResult> results() const;

 private:
  class Intake;
  class Outlet;
  /// What one message between shards brings.
  struct Parcel {
    std::size_t cell = 0;
    std::uint64_t number = 0;  ///< Within its cell, from 0.
    bool takes_over = false;   ///< The last one.
    std::int64_t bytes = 0;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> items;  ///< With their versions.
  };
  struct Cell {
    double keys = 0, bytes = 0;
    std::uint64_t installed = 0;  ///< Parcels that its new owner has on its disk.
    sim::Time released;
  };

  sim::Task<> run(sim::Time measuring_starts);
  sim::Task<> send_from(std::uint32_t shard);
  sim::Task<> move_cell(std::size_t cell);
  sim::Task<> deliver(std::size_t parcel, bool is_paced);
  sim::Task<bool> attempt(std::size_t parcel, std::uint32_t from, std::uint32_t to);
  sim::Task<bool> ask(Endpoint* endpoint, Request request);
  sim::Task<> leave(std::uint32_t shard);

  void begin(std::size_t change);
  void count_keys();
  std::size_t pack(std::size_t cell, std::uint64_t number, std::size_t most, double bytes);
  std::int64_t bytes_of(std::uint64_t item) const;
  Reply install(std::uint32_t shard, const Request& request);
  void note(const char* event, const std::string& target,
            std::vector<std::pair<std::string, LoggedEvent::Value>> details = {});
  void note_progress();
  std::string shard_name(std::uint32_t shard) const;
  const RebalancePlan& change() const { return setup_.plan.rebalance[current_]; }

  sim::Simulation& simulation_;
  Setup setup_;
  std::vector<std::unique_ptr<Endpoint>> intakes_, outlets_;
  std::vector<Endpoint*> ways_;
  std::vector<const KeySpace*> stored_;
  EventLog* log_ = nullptr;

  std::size_t current_ = SIZE_MAX;  ///< Change; the last one that began.
  bool moving_ = false;
  std::uint32_t next_shard_;
  std::vector<std::vector<std::size_t>> cells_of_;  ///< Those that a shard gives away.
  std::vector<Cell> cells_;
  std::vector<sim::Time> sends_next_;  ///< By shard: when its throttle lets it.
  std::vector<Parcel> parcels_;        ///< Of this change.
  std::uint32_t senders_ = 0;
  std::optional<sim::Trigger<bool>> all_sent_;
  std::uint64_t draws_, drawn_ = 0;
  int tenths_ = 0;  ///< Of its bytes, told in the log.
  std::vector<RebalanceResult> results_;
  std::vector<std::uint64_t> mark_;  ///< Operations by shard when the last change began or ended.
};

}  // namespace headroom
