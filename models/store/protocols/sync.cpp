// Source: Gray et al. 1996, "The dangers of replication and a solution" (eager master): a write is
// done when every copy has it. So each copy has all that counts and any may lead: failover as of
// `async` loses nothing, and of two leaders neither can write. One copy that is gone stops writes.
#include "models/store/log/led_replication.hpp"
#include "models/store/protocols/protocols.hpp"

namespace headroom {

std::unique_ptr<Replication> make_sync(const ReplicationSetup& setup) {
  return std::make_unique<LedReplication>(setup, failover_rules(setup.plan, setup.plan.replicas));
}

}  // namespace headroom
