#pragma once

#include <cstdint>

#include "models/store/plan.hpp"

namespace headroom {

/// Faults planted for tests, which a scenario cannot ask for: one bit each. Each is a mistake that
/// systems were shipped with; tests/protocols/museum.hpp shows that every one is found.
enum class Bug : std::uint32_t {
  none = 0,
  votes_twice = 1,             ///< A vote is not durable.
  ack_before_fsync = 1 << 1,   ///< Entries are acknowledged before they are durable.
  counts_old_terms = 1 << 2,   ///< Entries of former terms are committed by counting copies.
  no_log_match = 1 << 3,       ///< Whether what stands before new entries is the same is not asked.
  any_candidate = 1 << 4,      ///< Votes go to candidates that lack entries too.
  unconfirmed_reads = 1 << 5,  ///< The leader reads without asking whether it still leads.
  follower_reads = 1 << 6,     ///< Followers read what they have as if they led.
  old_leader_writes = 1 << 7,  ///< Entries of a leader that was replaced are taken.
  minority_commits = 1 << 8,   ///< One copy fewer than should acknowledges a write.
  slow_clock = 1 << 9,         ///< A leader's clock is so slow that its lease outlasts elections.
  early_answer = 1 << 10,      ///< Writes are answered before the other copies have them.
  check_then_act = 1 << 11,    ///< A cas is decided when it comes, not in the order of the log.
  commit_unchecked = 1 << 12,  ///< A follower commits what the leader has, not what they share.
  forgets_term = 1 << 13,      ///< A restart begins with term 0.
  new_leader_reads = 1 << 14,  ///< A leader reads before an entry of its term is committed.
  last_arrival_wins = 1 << 15,  ///< A copy keeps the write that comes last, not the latest one.
  merge_adds = 1 << 16,         ///< Counters are merged by adding them up.
  old_owner_reads = 1 << 17,    ///< A shard reads keys that it has given away.
  /// No mistake: a log keeps so few entries for who lags that tests see snapshots.
  short_log = 1 << 18,
  changes_at_once = 1 << 19,   ///< Several members change by one entry.
  changes_too_soon = 1 << 20,  ///< Members change before an entry of the term is committed.
  votes_when_empty = 1 << 21,  ///< Who replaces a copy has its name and votes with an empty disk.
  no_dots = 1 << 22,           ///< A write overwrites what the same copy took before, unseen.
  dots_again = 1 << 23,        ///< A copy that restarts counts its writes from one again.
};

inline bool has_bug(const ReplicationPlan& plan, Bug bug) {
  return (plan.bugs & static_cast<std::uint32_t>(bug)) != 0;
}

}  // namespace headroom
