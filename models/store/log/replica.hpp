#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "models/store/bugs.hpp"
#include "models/store/log/entry.hpp"
#include "models/store/log/rules.hpp"
#include "models/store/node.hpp"
#include "models/store/peer_replica.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/scope.hpp"

namespace headroom {

class LogGroup;

/// One copy of a shard that keeps up with the others by a log with a leader: elections in
/// elections.cpp, entries in replication.cpp, snapshots in snapshots.cpp, who the others are in
/// members.cpp, what clients ask in replica.cpp.
///
/// Durable are term, vote, the log up to `synced` and what was applied of it; all else is gone
/// after a crash. What the node does while it is paused waits.
///
/// Source: Ongaro 2014, "Consensus: Bridging Theory and Practice": ch. 3 (elections, replication,
/// commit of the current term only), ch. 4 (members, one at a time), sec. 9.6 (pre-vote), 6.2 (a
/// leader without quorum resigns), 6.4 (read index, lease), 5.3 (how followers that lag are found,
/// by the first entry of a term), 5.1 (snapshots). Departs from source: what is applied is durable,
/// as with a store on disk; a snapshot is what was applied, durable when its last piece has
/// arrived. Entries that all copies have are forgotten; with votes those too that only copies lack
/// which lag by more than 10,000, and which are sent a snapshot. So memory does not grow with time.
class LogReplica final : public PeerReplica {
 public:
  enum class Role : std::uint8_t { follower, prober, candidate, leader };
  static constexpr std::uint32_t nobody = UINT32_MAX;

  LogReplica(LogGroup& group, StoreNode& node, std::uint8_t index);
  ~LogReplica() override { scope_.close(); }

  /// Once, when the shard begins. The first copy leads to begin with.
  void start();
  /// In which it does.
  std::uint32_t first_term() const;
  void receive(LogMessage message);

  std::optional<Reply> decline(const Request& request) override;
  sim::Task<Reply> finish(Request request) override;
  void on_kill() override;
  void on_up() override;
  void on_resume() override;

  /// Where it leads and can be asked now, the next step to what is wished: a new copy is sent what
  /// it lacks, one that has caught up becomes a member, another one ceases to be. Done when
  /// `has_settled`; to be asked again until then, of whoever leads.
  void change_members(const MemberWish& wish);
  /// It leads, and what is wished is committed.
  bool has_settled(const MemberWish& wish) const;
  /// Who votes, by its log, committed or not: copy i is bit i. All where copies do not change.
  std::uint64_t members() const;
  /// A mistake: it begins again with an empty disk.
  void lose_all();

  bool leads() const { return role_ == Role::leader; }
  /// It leads, and an entry of its term is committed.
  bool established() const { return established_; }
  std::uint32_t term() const { return term_; }
  std::uint32_t vote() const { return vote_; }
  std::uint64_t commit() const { return commit_; }
  std::uint64_t applied() const { return applied_; }
  std::uint64_t snapshots() const { return snapshots_; }  ///< That it took.
  /// Changes of members that were committed while it led.
  std::uint64_t changes() const { return changes_; }
  const ReplicatedLog& log() const { return log_; }
  /// Since when it is not known that a majority follows it; now with votes of its own only.
  sim::Time confirmed() const { return confirmed_; }

 private:
  /// What the leader knows of another copy.
  struct Peer {
    std::uint64_t next = 1;    ///< The first entry to send.
    std::uint64_t match = 0;   ///< Up to which it surely has the same.
    std::uint64_t flying = 0;  ///< The last entry under way to it; 0: none.
    std::uint64_t first = 0;   ///< The first one.
    std::uint64_t commit = 0;  ///< It was told of.
    sim::Time flies_since;     ///< It has confirmed none of them since.
    sim::Duration takes;       ///< What the last ones took from sending to being confirmed.
    sim::Time confirmed;       ///< It followed when this message to it was sent.
    bool voted = false;
    bool is_member = false;
    std::shared_ptr<const LogSnapshot> snapshot{};  ///< That it gets; null: none.
    std::int64_t brought = 0;                       ///< Of that, bytes that it has.
    sim::Time next_snapshot;                        ///< No piece is sent before.
    sim::Time asked;                                ///< When the last one was.
    sim::Duration patience;                         ///< With it, before it is sent again.
    // ---- of a copy that is to become a member
    bool learns = false, has_answered = false, has_caught_up = false;
    bool is_new = false;          ///< It lacks what was there before all entries.
    std::uint64_t round_end = 0;  ///< What it must have for a round of catching up to end.
    sim::Time round_began;
  };
  /// Who votes from an entry of the log on.
  struct Members {
    std::uint64_t index = 0, all = 0;
  };
  /// A message that waits until what it says is durable.
  struct Pending {
    LogMessage message;
    std::uint8_t to;
    std::uint64_t index;
    std::uint64_t hard;
  };
  struct Durable {
    std::uint32_t term = 0, vote = nobody;
    std::uint64_t hard = 0;
  };
  struct Waiter {
    std::uint64_t index;
    sim::Trigger<Reply> trigger;
  };
  struct Reader {
    sim::Time since;
    sim::Trigger<bool> trigger;
  };

  bool has(Bug bug) const;
  const LogRules& rules() const;
  bool is_self(std::size_t peer) const { return peer == index_; }
  /// Gets what the leader has.
  bool is_told(std::size_t peer) const {
    return !is_self(peer) && (peers_[peer].is_member || peers_[peer].learns);
  }

  // ---- elections.cpp
  void begin();
  sim::Task<> watch();
  void wait_for_leader();
  void on_timeout();
  void probe();
  sim::Task<> take_over(std::uint32_t term);
  void campaign();
  void ask_all(bool trial, std::uint32_t term);
  void on_ask(const LogMessage& message);
  void on_vote(const LogMessage& message);
  void count_votes();
  bool is_loyal() const;
  bool is_up_to_date(const LogMessage& message) const;
  void lead();
  void follow(std::uint32_t term);
  void resign();
  bool is_within(sim::Duration length) const;
  sim::Task<> beat(std::uint32_t term);

  // ---- replication.cpp
  void on_append(LogMessage& message);
  void on_ack(const LogMessage& message);
  void take_entries(const LogMessage& message);
  std::uint64_t first_difference(const LogMessage& message) const;
  void truncate(std::uint64_t last);
  void replicate();
  void send_to(std::size_t peer, bool even_if_empty);
  void forget(std::uint64_t index);
  std::uint64_t forgettable(std::uint64_t held_by_all) const;
  void begin_round();
  void confirm();
  void advance_commit();
  void apply();
  sim::Task<> apply_later(std::uint64_t index);
  void apply_up_to(std::uint64_t index);
  void apply(LogEntry& entry);
  void answer(std::uint64_t index, LogEntry& entry);
  void send_when_durable(LogMessage message, std::uint8_t to, std::uint64_t index);
  void persist();
  sim::Task<> write_hard(Durable durable);
  sim::Task<> write_log();
  void send_pending();
  void on_durable();
  void post(std::uint8_t to, LogMessage message);

  // ---- snapshots.cpp
  bool lacks_entries(const Peer& peer) const;
  void send_snapshot(std::size_t peer);
  void post_piece(std::size_t peer);
  sim::Task<> read_and_post(std::size_t peer, std::uint32_t term);
  void on_snapshot(const LogMessage& message);
  sim::Task<> write_and_take(LogMessage message);
  void take_piece(const LogMessage& message);
  void install(const LogSnapshot& snapshot);
  void on_taken(const LogMessage& message);
  void forgive(Peer& peer, sim::Time sent);
  void end_snapshot(Peer& peer);

  // ---- members.cpp
  void join();
  void learn_members(std::uint64_t index, std::uint64_t all);
  void forget_members_after(std::uint64_t last);
  void forget_members_before(std::uint64_t base);
  std::uint64_t members_at(std::uint64_t index) const;
  void count_members();
  bool is_member() const { return peers_[index_].is_member; }
  bool may_lead() const;
  void teach(std::size_t peer);
  void end_round(Peer& peer);
  void propose_members(std::uint64_t all);
  void leave_if_removed();

  // ---- replica.cpp
  sim::Task<Reply> log_write(Request request);
  sim::Task<bool> confirmed_leadership();
  std::uint32_t shown(std::uint64_t item) const;
  Reply value_of(const Request& request) const;
  bool reads_here() const;

  LogGroup& group_;

  Role role_ = Role::follower;
  std::uint32_t term_ = 0, vote_ = nobody, leader_ = nobody;
  ReplicatedLog log_;
  std::uint64_t commit_ = 0, applied_ = 0, synced_ = 0;
  std::uint64_t hard_ = 0;  ///< Changes of term and vote.
  Durable durable_;
  std::uint64_t writing_hard_ = 0;  ///< Of which a write has begun.
  std::uint64_t syncing_ = 0;       ///< Up to where the log is being written.
  std::uint64_t lagging_ = 0;       ///< Up to where it will be applied.
  bool writing_ = false;

  sim::Time deadline_, heard_;
  std::vector<Peer> peers_;
  std::uint32_t members_ = 0;         ///< How many there are.
  std::vector<Members> memberships_;  ///< By index; empty where copies do not change.
  bool is_new_ = false;               ///< It lacks what was there before all entries.
  std::uint64_t taking_ = 0;          ///< A snapshot up to there comes in,
  std::int64_t taken_ = 0;            ///< of which it has so many bytes.
  std::uint64_t first_of_term_ = 0;   ///< The entry with which it began to lead.
  bool established_ = false;
  sim::Time confirmed_, round_;
  std::int64_t confirmed_skew_ns_ = 0;  ///< Of its clock, when it learned of that.
  std::deque<Waiter> waiters_;
  std::deque<Reader> readers_;
  std::vector<Pending> pending_;
  std::vector<LogMessage> inbox_;  ///< While it is paused.
  EarlyMessages<LogMessage> early_;
  std::vector<sim::Time> heard_at_;     ///< For `confirm`.
  std::vector<std::uint64_t> matches_;  ///< For `advance_commit`.
  std::uint64_t drawn_ = 0, snapshots_ = 0, changes_ = 0;
};

}  // namespace headroom
