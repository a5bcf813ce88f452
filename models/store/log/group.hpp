#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/courier.hpp"
#include "models/event_log.hpp"
#include "models/keys.hpp"
#include "models/store/log/replica.hpp"
#include "models/versions.hpp"
#include "sim/stats/histogram.hpp"

namespace headroom {

/// The copies of one shard that share a log: carries their messages, and keeps books of who led.
class LogGroup {
 public:
  struct Setup {
    sim::Simulation& simulation;
    const DatabasePlan& plan;
    Versions& versions;
    std::span<const KeySpace> keys;
    LogRules rules;
    std::string name;  ///< "db.shard[2]"
  };
  LogGroup(const Setup& setup, std::span<StoreNode* const> nodes);

  sim::Simulation& simulation() const { return setup_.simulation; }
  const Setup& setup() const { return setup_; }
  const LogRules& rules() const { return setup_.rules; }
  const ReplicationPlan& plan() const { return setup_.plan.replication; }
  std::size_t size() const { return replicas_.size(); }
  LogReplica& replica(std::size_t index) { return *replicas_[index]; }

  /// Once. Without a courier messages take no time.
  void start(Courier* courier, EventLog* log);
  void post(std::uint8_t from, std::uint8_t to, LogMessage message);

  void on_leads(LogReplica& replica);
  void on_established(LogReplica& replica);
  /// It led and does not any more; a leader that was killed knew of it until now.
  void on_lost(LogReplica& replica, bool was_killed);
  /// A write that a client was told to be done is done no more.
  void on_undone() { ++undone_; }
  std::uint64_t undone() const { return undone_; }
  /// Who leads in the highest term; who led last where nobody does.
  std::uint32_t leader() const { return leader_; }
  /// The same, where it can tell what was committed; else null.
  const LogReplica* acting_leader() const;
  /// No copy but the first has ever led.
  bool is_fresh() const { return leader_ == 0 && leader_term_ <= replicas_.front()->first_term(); }
  /// Its copies stop, which is no outage.
  void leave() { has_left_ = true; }
  /// Its copies, which are all down, are to begin as new ones that never heard of each other.
  void come();

  // ---- where copies change
  bool changes() const { return !setup_.plan.membership.empty(); }
  std::uint64_t first_members() const {
    return ~std::uint64_t{0} >> (most_changing_copies - setup_.plan.replicas);
  }
  /// It begins later than the group does.
  bool is_late(std::size_t copy) const { return changes() && copy >= setup_.plan.replicas; }
  /// What was there before all writes, for new copies; 0: nothing.
  void set_stored_bytes(std::int64_t bytes) { stored_bytes_ = bytes; }
  std::int64_t stored_bytes() const { return stored_bytes_; }
  void set_throttle(std::optional<Bandwidth> throttle) { throttle_ = throttle; }
  /// Until so many bytes may be sent.
  sim::Duration pause_before(std::int64_t bytes);
  std::uint64_t next_draw() { return sim::mix(draws_ + 1, ++bulks_); }
  /// Of snapshots in pieces: what was acknowledged, and pieces that were sent again.
  void on_bulk_bytes(std::int64_t bytes) { bulk_bytes_ += static_cast<double>(bytes); }
  void on_piece_again() { ++pieces_again_; }
  double bulk_bytes() const { return bulk_bytes_; }
  std::uint64_t pieces_again() const { return pieces_again_; }
  void note(const char* event, std::vector<std::pair<std::string, LoggedEvent::Value>> details);

  void start_measuring();
  std::uint64_t elections() const { return elections_; }
  const sim::Histogram& election() const { return election_; }
  /// Since measuring started no leader could commit for so long.
  sim::Duration unavailable() const;

 private:
  static sim::Task<> carry(sim::Simulation& simulation, LogGroup* group, std::uint8_t to,
                           LogMessage message, std::uint64_t key);
  void note(const char* event, const LogReplica& replica,
            std::vector<std::pair<std::string, LoggedEvent::Value>> details);

  Setup setup_;
  std::vector<std::unique_ptr<LogReplica>> replicas_;
  Courier* courier_ = nullptr;
  EventLog* log_ = nullptr;
  std::uint64_t draws_, sent_ = 0;

  std::uint32_t leader_ = 0, leader_term_ = 0;
  bool is_led_ = true;
  bool has_left_ = false;
  std::uint64_t life_ = 0;  ///< How often it has come.
  sim::Time lost_, measured_;
  sim::Duration unavailable_;
  std::uint64_t elections_ = 0, undone_ = 0;
  sim::Histogram election_;

  std::int64_t stored_bytes_ = 0;
  std::optional<Bandwidth> throttle_;
  sim::Time sends_next_;
  double bulk_bytes_ = 0;
  std::uint64_t pieces_again_ = 0, bulks_ = 0;
};

}  // namespace headroom
