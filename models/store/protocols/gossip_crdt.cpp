// Source: Shapiro et al. 2011, "Conflict-free replicated data types": registers by time stamp
// (LWW-register), counters and sets that only grow, of which each copy keeps what every copy did,
// merged by the maximum; Demers et al. 1987, "Epidemic algorithms": anti-entropy, each copy
// exchanges with one at random every `gossip_interval`, push and pull. Departs from source: copies
// know what the others were told and send that only; of a set the number of elements is kept.
#include "models/store/merge/replica.hpp"
#include "models/store/protocols/protocols.hpp"

namespace headroom {

std::unique_ptr<Replication> make_gossip_crdt(const ReplicationSetup& setup) {
  return std::make_unique<MergeReplication>(setup, true);
}

}  // namespace headroom
