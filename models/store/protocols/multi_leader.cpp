// Source: Terry et al. 1995, "Managing update conflicts in Bayou"; last writer wins as in Johnson,
// Thomas 1975 (RFC 677), "The maintenance of duplicate databases". Each copy answers reads and
// writes at once and tells all others; of two writes of an item the one with the later time stamp
// counts, by the clocks of the copies that took them, which may differ (`clock_skew`).
// Departs from source: no conflict is resolved by the application.
#include "models/store/merge/replica.hpp"
#include "models/store/protocols/protocols.hpp"

namespace headroom {

std::unique_ptr<Replication> make_multi_leader(const ReplicationSetup& setup) {
  return std::make_unique<MergeReplication>(setup, false);
}

}  // namespace headroom
