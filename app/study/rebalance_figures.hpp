#pragma once

#include <string>
#include <vector>

#include "app/study/figure.hpp"
#include "models/rebalance_result.hpp"

namespace headroom {

/// One change of the shards of a database, over all runs.
struct RebalanceSummary {
  std::string change;                 ///< "shards 8, 9 added"
  double at_s = 0;                    ///< From the end of the warm-up, as planned.
  std::uint64_t ended = 0, runs = 0;  ///< In how many runs it came to its end, of how many.
  Figure took_s;                      ///< None where it did not end in every run.
  Figure moved_bytes, moved_keys, share_moved;
  Figure bytes_per_s;  ///< All shards together, while it lasted.
  Figure redirects, resends, handovers;
  Figure handover_s;  ///< The longest time that a range of keys had no owner.
  std::vector<Figure> shard_share_before, shard_share_after;  ///< By shard.
};

}  // namespace headroom
