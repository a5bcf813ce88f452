#pragma once

#include <cstdint>

#include "models/distribution.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// By what one protocol with a leader and a log differs from another.
struct LogRules {
  /// Copies that have an entry before it counts, the leader included.
  std::uint32_t acks = 1;
  /// A majority elects the leader, and a leader that loses contact with it resigns. Else who hears
  /// nothing of the leader for long enough makes itself one where nobody whom it reaches objects.
  bool votes = true;
  bool pre_vote = true;  ///< Where there are votes: asked whether one would win before it begins.
  Distribution timeout;  ///< Where there are votes: how long a copy waits for a leader.
  sim::Duration heartbeat;
  sim::Duration least_timeout;  ///< No election begins sooner after the leader was heard.
  sim::Duration mean_timeout;
};

/// Faults planted for tests, which a scenario cannot ask for: one bit each.
enum class Bug : std::uint32_t {
  none = 0,
  votes_twice = 1,             ///< A vote is not durable.
  ack_before_fsync = 1 << 1,   ///< Entries are acknowledged before they are durable.
  no_log_match = 1 << 3,       ///< Whether what stands before new entries is the same is not asked.
  any_candidate = 1 << 4,      ///< Votes go to candidates that lack entries too.
  unconfirmed_reads = 1 << 5,  ///< The leader reads without asking whether it still leads.
  follower_reads = 1 << 6,     ///< Followers read what they have as if they led.
  minority_commits = 1 << 8,   ///< One copy fewer than a majority is enough.
  slow_clock = 1 << 9,         ///< A leader's clock is so slow that its lease outlasts elections.
  early_answer = 1 << 10,      ///< Writes are answered before they are committed.
  commit_unchecked = 1 << 12,  ///< A follower commits what the leader has, not what they share.
  forgets_term = 1 << 13,      ///< A restart begins with term 0.
  new_leader_reads = 1 << 14,  ///< A leader reads before an entry of its term is committed.
};

}  // namespace headroom
