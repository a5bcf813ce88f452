#include <numeric>
#include <set>

#include "models/store/plan.hpp"
#include "models/store/replication.hpp"

namespace headroom {

const FieldTable& fields_of(const MovePlan*) {
  using P = MovePlan;
  static const auto table =
      FieldTable::of<P>("moves", "How a shard sends its keys to another one.")
          .optional("throttle", &P::throttle, "What each shard sends at most.", above(Bandwidth{0}),
                    example("50MB/s"), absent_means("what the network gives"))
          .with_default("chunk", &P::chunk, "What is sent and acknowledged as one.",
                        at_least(Bytes{1}), example("4MB"))
          .with_default("timeout", &P::timeout,
                        "How long the sender of a chunk waits before it sends it again.",
                        above(sim::Duration()));
  return table;
}

const FieldTable& fields_of(const RebalancePlan*) {
  using P = RebalancePlan;
  static const auto table =
      FieldTable::of<P>("rebalance",
                        "Shards are added, removed or split while the database serves. Keys move "
                        "range by range, each in chunks over the network; a chunk is one read of "
                        "the shard that sends it and one write of the one that gets it. A range "
                        "has one owner at any time: whoever asks the former one is redirected.")
          .source("DeCandia et al. 2007 (Dynamo), sec. 6.2; the migrating slots of Redis Cluster")
          .required("at", &P::at,
                    "When it begins, from the end of the warm-up, or when the one "
                    "before it has ended.",
                    example("1min"))
          .optional("add", &P::add, "How many shards are added.", between(1.0, 1e4), example("2"),
                    absent_means("another change"))
          .optional("remove", &P::remove, "The number of a shard that gives all its keys away.",
                    example("3"), absent_means("another change"))
          .optional("split", &P::split,
                    "The number of a shard that gives half its keys to a new one.", example("0"),
                    absent_means("another change"))
          .exactly_one_of({"add", "remove", "split"})
          .inlined(&P::move);
  return table;
}

std::string change_text(const RebalancePlan& change, std::uint32_t first) {
  if (change.remove) return "shard " + std::to_string(*change.remove) + " removed";
  if (change.split)
    return "shard " + std::to_string(*change.split) + " split, half of it to shard " +
           std::to_string(first);
  if (*change.add == 1) return "shard " + std::to_string(first) + " added";
  return "shards " + std::to_string(first) + " to " + std::to_string(first + *change.add - 1) +
         " added";
}

const char* why_keys_stay(const ReplicationPlan& plan) {
  if (plan.goes_by_clocks())
    return "every copy takes writes by itself, so there is no instant from which a shard takes "
           "none for keys that have moved";
  if (plan.protocol == "chain")
    return "a copy that comes back into a chain gets what the tail had when it began to, and so "
           "would lose keys that moved in meanwhile";
  if (plan.sloppy || plan.hinted_handoff)
    return "what nodes of other shards keep for a copy that does not answer would not move with "
           "its keys";
  if (plan.has_siblings()) return "what moves is the latest value of a key, and siblings have none";
  return nullptr;
}

namespace {

/// The shards of a database as its changes follow each other.
struct Shards {
  std::set<std::uint32_t> present;
  std::uint32_t ever = 0;
  std::uint64_t residues = 0;  ///< Of hash: the modulus.

  /// The ranges of hash that two layouts have in common.
  std::uint64_t become(const RebalancePlan& change) {
    const std::uint64_t before = residues;
    if (change.remove) present.erase(*change.remove);
    for (std::uint32_t i = 0; i < change.added(); ++i)
      present.insert(ever++);
    residues = change.split ? 2 * residues : present.size();
    return std::lcm(before, residues);
  }
};

bool names_present(const Shards& shards, const std::optional<std::uint32_t>& shard,
                   const std::string& at, Findings& findings) {
  if (!shard || shards.present.contains(*shard)) return true;
  findings.error(at, "there is no shard " + std::to_string(*shard) + " at that time",
                 "shards are numbered from 0; new ones get the next numbers");
  return false;
}

}  // namespace

void check_rebalance(const DatabasePlan& plan, Findings& findings) {
  if (plan.rebalance.empty()) return;
  if (const char* why = why_keys_stay(plan.replication)) {
    findings.error("rebalance", why,
                   "replication by async, semi_sync, sync, raft or a strict quorum in which the "
                   "last writer wins, one copy of each shard, or no rebalance");
    return;
  }
  constexpr std::uint64_t most_ranges = 1'000'000;  // Chosen: some 30 MB of books.
  Shards shards;
  for (; shards.ever < plan.shards.count; ++shards.ever)
    shards.present.insert(shards.ever);
  shards.residues = plan.shards.count;
  for (std::size_t i = 0; i < plan.rebalance.size(); ++i) {
    const RebalancePlan& change = plan.rebalance[i];
    const std::string at = "rebalance/" + std::to_string(i);
    if (i > 0 && change.at < plan.rebalance[i - 1].at)
      findings.error(at + "/at", "begins before the change that stands before it",
                     "write them in the order of time");
    if (!names_present(shards, change.remove, at + "/remove", findings) ||
        !names_present(shards, change.split, at + "/split", findings))
      return;
    if (change.remove && shards.present.size() == 1) {
      findings.error(at + "/remove", "the last shard cannot be removed");
      return;
    }
    const std::uint64_t ranges = shards.become(change);
    if (plan.shards.by == ShardBy::hash && ranges > most_ranges) {
      findings.error(
          at,
          "a hash modulo other numbers divides the keys into " + std::to_string(ranges) + " ranges",
          std::to_string(most_ranges) + " at most; consistent_hash moves fewer keys");
      return;
    }
  }
}

}  // namespace headroom
