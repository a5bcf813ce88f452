#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/stats/histogram.hpp"

namespace headroom {

/// One change of the shards of a database in one run: what it moved, how long it took, what it
/// did to the load. Counts are up to the end of the run where it did not end before.
struct RebalanceResult {
  std::string change;        ///< "shards 8 to 9 added"
  std::int64_t due_ns = 0;   ///< As planned, from the end of the warm-up.
  std::int64_t at_ns = 0;    ///< When it began, from the start of the run.
  std::int64_t took_ns = 0;  ///< Until the last key was where it belongs, or to the end of the run.
  bool begun = false;
  bool ended = false;
  double keys_to_move = 0, bytes_to_move = 0;  ///< As counted when it began.
  double keys_moved = 0;                       ///< Owned by another shard now.
  double bytes_sent = 0;                       ///< And acknowledged, writes meanwhile included.
  std::uint64_t handovers = 0;                 ///< Ranges of keys that changed their owner.
  std::uint64_t redirects = 0;                 ///< Operations that asked a shard that had given up
                                               ///< the key, or did not own it yet.
  std::uint64_t resends = 0;                   ///< Chunks sent again: a shard was down or silent.
  sim::Histogram handover;                     ///< How long a range had no owner, ns.
  std::vector<std::uint64_t> before, after;  ///< Operations by shard: since the change before it or
                                             ///< the warm-up; until the one after it or the end.
};

}  // namespace headroom
