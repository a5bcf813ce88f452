#pragma once

#include "models/store/replication.hpp"

namespace headroom {

using ReplicationFactory = std::unique_ptr<Replication>(const ReplicationSetup& setup);

ReplicationFactory make_unreplicated;
ReplicationFactory make_quorum;
ReplicationFactory make_raft;

}  // namespace headroom
