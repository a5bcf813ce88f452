// Source: leader and followers as in MySQL and PostgreSQL by default; Gray et al. 1996, "The
// dangers of replication and a solution" (lazy master). The leader answers when it has the write
// itself; the others get it later. When they miss the leader for `failover` one of them takes its
// place, also where they are a minority: what only the old leader had is undone when it comes back.
// Departs from source: who takes over is who has most, of those who can reach each other; messages
// and log are those of models/store/log/replica.hpp.
#include "models/store/log/led_replication.hpp"
#include "models/store/protocols/protocols.hpp"

namespace headroom {

std::unique_ptr<Replication> make_async(const ReplicationSetup& setup) {
  return std::make_unique<LedReplication>(setup, failover_rules(setup.plan, 1));
}

}  // namespace headroom
