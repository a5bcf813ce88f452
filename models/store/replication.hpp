#pragma once

#include <memory>
#include <vector>

#include "models/endpoint.hpp"
#include "models/field_types.hpp"
#include "models/store/plan.hpp"
#include "models/versions.hpp"

namespace headroom {

/// The nodes that hold one shard, as a caller reaches them.
struct Shard {
  std::vector<Endpoint*> nodes;
};

/// How one operation is done on the copies of a shard. The request is that of the caller; it is
/// about a key. The answer brings the version read, or written.
class Replication {
 public:
  virtual ~Replication() = default;
  virtual sim::Task<Reply> read(const Shard* shard, Request request) = 0;
  virtual sim::Task<Reply> write(const Shard* shard, Request request) = 0;
};

/// What every protocol knows. All of it outlives the protocol.
struct ReplicationSetup {
  sim::Simulation& simulation;
  const DatabasePlan& plan;
  Versions& versions;
};

std::unique_ptr<Replication> make_replication(const ReplicationSetup& setup);
/// The protocols, with a sentence and the source of each.
Choices replication_protocols();

}  // namespace headroom
