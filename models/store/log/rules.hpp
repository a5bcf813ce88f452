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

/// What the members of a group shall become: copy i is bit i.
struct MemberWish {
  std::uint64_t add = 0, remove = 0;
  bool is_met_by(std::uint64_t members) const {
    return (members & add) == add && (members & remove) == 0;
  }
};

}  // namespace headroom
