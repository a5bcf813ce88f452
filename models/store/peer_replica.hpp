#pragma once

#include <cstdint>
#include <string>

#include "models/store/node.hpp"
#include "models/store/replica.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/scope.hpp"

namespace headroom {

/// A copy of a shard that talks to the other copies: what it stands on and what is its own. A kind
/// of it closes `scope_`, whose processes use what it has, before anything of it goes.
class PeerReplica : public Replica {
 public:
  sim::Simulation& simulation() const { return simulation_; }
  StoreNode& node() { return node_; }

 protected:
  /// `group`: the name of the copies together, by which its random numbers are its own.
  PeerReplica(StoreNode& node, const std::string& group, std::uint8_t index)
      : node_(node),
        simulation_(node.simulation()),
        index_(index),
        random_(simulation_.seed(), simulation_.replication(), group + "/" + std::to_string(index)),
        scope_(simulation_) {}

  StoreNode& node_;
  sim::Simulation& simulation_;
  std::uint8_t index_;
  sim::Stream random_;
  sim::Scope scope_;
};

}  // namespace headroom
