// Source: Ongaro, Ousterhout 2014, "In search of an understandable consensus algorithm"; Ongaro
// 2014, "Consensus: Bridging Theory and Practice". A majority elects a leader; a write is done when
// a majority has it in its log. How, and what departs from the source:
// models/store/log/replica.hpp.
#include "models/store/log/led_replication.hpp"
#include "models/store/protocols/protocols.hpp"

namespace headroom {

std::unique_ptr<Replication> make_raft(const ReplicationSetup& setup) {
  return std::make_unique<LedReplication>(setup, raft_rules(setup.plan));
}

}  // namespace headroom
