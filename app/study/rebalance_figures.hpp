#pragma once

#include <string>
#include <vector>

#include "app/study/figure.hpp"
#include "models/member_change_result.hpp"
#include "models/rebalance_result.hpp"

namespace headroom {

/// One change of the shards of a database, over all runs.
struct RebalanceSummary {
  std::string change;                 ///< "shards 8 to 9 added"
  double at_s = 0;                    ///< From the end of the warm-up, as planned.
  std::uint64_t ended = 0, runs = 0;  ///< In how many runs it came to its end, of how many.
  Figure took_s;                      ///< None where it did not end in every run.
  Figure moved_bytes, moved_keys, share_moved;
  Figure bytes_per_s;  ///< All shards together, while it lasted.
  Figure redirects, resends, handovers;
  Figure handover_s;  ///< The longest time that a range of keys had no owner.
  std::vector<Figure> shard_share_before, shard_share_after;  ///< By shard.
};

/// One change of the copies of a database, over all runs.
struct MemberChangeSummary {
  std::string change;                 ///< "copy 0 replaced by copy 3"
  double at_s = 0;                    ///< From the end of the warm-up, as planned.
  std::uint64_t ended = 0, runs = 0;  ///< In how many runs it came to its end, of how many.
  Figure took_s;                      ///< None where it did not end in every run.
  Figure sent_bytes, bytes_per_s;     ///< To new copies.
  Figure resends;                     ///< Pieces of that which were sent again.
};

}  // namespace headroom
