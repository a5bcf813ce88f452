#pragma once

#include "models/store/replication.hpp"

namespace headroom {

using ReplicationFactory = std::unique_ptr<Replication>(const ReplicationSetup& setup);

ReplicationFactory make_unreplicated;
ReplicationFactory make_quorum;
ReplicationFactory make_async;
ReplicationFactory make_semi_sync;
ReplicationFactory make_sync;
ReplicationFactory make_raft;
ReplicationFactory make_chain;
ReplicationFactory make_multi_leader;
ReplicationFactory make_gossip_crdt;

}  // namespace headroom
