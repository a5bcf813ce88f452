#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/crash.hpp"
#include "models/fields.hpp"
#include "models/quantities.hpp"
#include "models/store/membership_plan.hpp"
#include "models/store/rebalance_plan.hpp"

namespace headroom {

/// By what a key finds its shard. Numbered as in its choices.
enum class ShardBy : std::uint8_t { hash, range, consistent_hash };
Choices choices_of(ShardBy);

struct ShardsPlan {
  std::uint32_t count = 1;
  ShardBy by = ShardBy::hash;
  std::uint32_t virtual_nodes = 100;
  std::optional<KeySpaceRef> key;  ///< Each key finds its own shard when absent.
};
const FieldTable& fields_of(const ShardsPlan*);

/// Work of one node for one operation.
struct StoreTimesPlan {
  Distribution read, write;
};
const FieldTable& fields_of(const StoreTimesPlan*);

/// One-way delays between who coordinates an operation and one replica, in place of the network.
/// Source: Bailis et al. 2012, "Probabilistically Bounded Staleness", sec. 4.1 (WARS).
struct LegsPlan {
  Distribution write;   ///< W: the write on its way.
  Distribution ack;     ///< A: its acknowledgement.
  Distribution read;    ///< R: the read on its way.
  Distribution answer;  ///< S: its answer.
};
const FieldTable& fields_of(const LegsPlan*);

/// Who answers a read. Numbered as in its choices.
enum class ReadsFrom : std::uint8_t { leader, any, nearest, quorum, lease };
Choices choices_of(ReadsFrom);

/// What values of a database with gossip are. Numbered as in its choices.
enum class Crdt : std::uint8_t { lww_register, counter, set };
Choices choices_of(Crdt);

/// What becomes of writes of which neither writer knew of the other. Numbered as in its choices.
enum class Conflict : std::uint8_t { last_writer_wins, siblings };
Choices choices_of(Conflict);

struct ReplicationPlan {
  std::string protocol = "none";   ///< A name of the catalogue.
  std::optional<std::uint32_t> R;  ///< Answers that a read waits for; a majority when absent.
  std::optional<std::uint32_t> W;  ///< Acknowledgements that a write waits for.
  std::optional<LegsPlan> legs;
  bool read_repair = true;
  std::optional<Conflict> conflict;              ///< The last writer wins when absent.
  std::optional<ReadsFrom> reads;                ///< The leader, or a quorum, when absent.
  std::optional<Distribution> election_timeout;  ///< 150 to 300 ms when absent.
  std::optional<sim::Duration> heartbeat;        ///< Follows from these when absent.
  bool pre_vote = true;
  sim::Duration failover = sim::Duration::seconds(10);
  std::optional<Distribution> fsync;  ///< No time when absent.
  std::optional<Distribution> lag;    ///< The same.
  std::uint32_t bugs = 0;             ///< For tests: `Bug` of models/store/bugs.hpp.

  Crdt crdt = Crdt::lww_register;
  sim::Duration gossip_interval = sim::Duration::seconds(1);
  bool hinted_handoff = false;
  bool sloppy = false;
  sim::Duration handoff_after = sim::Duration::ms(100);

  bool has_leader() const;
  /// A cas is decided by one copy, in the order of its log.
  bool has_cas() const { return has_leader(); }
  bool has_siblings() const { return protocol == "quorum" && conflict == Conflict::siblings; }
  bool goes_by_clocks() const { return protocol == "multi_leader" || protocol == "gossip_crdt"; }
  /// Values are how much was added, not what was written last.
  bool counts() const { return protocol == "gossip_crdt" && crdt != Crdt::lww_register; }
  ReadsFrom reads_from() const;
  Distribution timeout() const;
  /// Half the shortest election timeout, or a tenth of the mean where there is no shortest; a
  /// quarter of `failover` where there are no elections.
  sim::Duration beat() const;
};
const FieldTable& fields_of(const ReplicationPlan*);

/// A store of keys on nodes: each key has a shard, each shard `replicas` copies. Kind "database".
/// Node s x copies() + r holds copy r of shard s.
struct DatabasePlan {
  std::vector<ZoneRef> zones;  ///< The first zone of the scenario when empty.
  ShardsPlan shards;
  std::uint32_t replicas = 1;
  Limit concurrency{0};  ///< Slots of one node; required.
  Limit queue_limit{1000};
  StoreTimesPlan service_time;
  Crash crash = Crash::reset;
  sim::Duration restart_time;
  ReplicationPlan replication;
  std::vector<RebalancePlan> rebalance;    ///< In the order of time.
  std::uint32_t most_scaled = 0;           ///< Shards that an autoscaler may come to; 0 without.
  MovePlan moves;                          ///< What it moves; the changes above say it themselves.
  std::vector<MembershipPlan> membership;  ///< The same.

  std::uint32_t nodes() const { return shards.count * replicas; }  ///< To begin with.
  /// Shards that there ever are; those that come later have the higher numbers.
  std::uint32_t most_shards() const {
    std::uint32_t most = shards.count;
    for (const RebalancePlan& change : rebalance)
      most += change.added();
    return std::max(most, most_scaled);
  }
  bool do_shards_change() const { return !rebalance.empty() || most_scaled > 0; }
  /// Copies that each shard ever has; those that come later have the higher numbers.
  std::uint32_t copies() const {
    std::uint32_t most = replicas;
    for (const MembershipPlan& change : membership)
      most += change.added();
    return most;
  }
  std::uint32_t most_nodes() const { return most_shards() * copies(); }
  /// Which place a node has among those that are spread over the zones in turn: a copy that
  /// replaces another one has its place.
  std::uint32_t place_of(std::uint32_t node) const;
  std::optional<std::uint32_t> history;  ///< Operations of a run that are kept to be checked.

  bool has_leader() const { return replication.has_leader(); }

  /// A single copy of each key is not checked unless it is asked for.
  std::uint32_t kept_operations() const {
    return history.value_or(replication.protocol == "none" ? 0 : 50'000);
  }
  std::uint32_t reads() const { return replication.R.value_or(replicas / 2 + 1); }
  std::uint32_t writes() const { return replication.W.value_or(replicas / 2 + 1); }
};
const FieldTable& fields_of(const DatabasePlan*);

}  // namespace headroom
