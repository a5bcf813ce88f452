// Source: MySQL 5.7 reference manual, "Semisynchronous replication", with lossless waiting
// (AFTER_SYNC): the leader answers when one follower has the write, and shows it to readers only
// then. Failover as of `async`. Departs from source: where no follower can be reached writes wait,
// they do not fall back to `async`.
#include "models/store/log/led_replication.hpp"
#include "models/store/protocols/protocols.hpp"

namespace headroom {

std::unique_ptr<Replication> make_semi_sync(const ReplicationSetup& setup) {
  return std::make_unique<LedReplication>(setup, failover_rules(setup.plan, 2));
}

}  // namespace headroom
