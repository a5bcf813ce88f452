// Source: Karger et al. 1997, "Consistent hashing and random trees", by models/hash_ring.hpp: a key
// belongs to the first replica at or after its own hash, clockwise, that is healthy. All balancers
// of all services place replica i at the same points, so instances agree on who owns a key.
#include "models/balancer/policies/policies.hpp"
#include "models/hash_ring.hpp"

namespace headroom {

namespace {

class ConsistentHash final : public Policy {
 public:
  ConsistentHash(const BalancerPlan& plan, const Backends& backends)
      : ring_(backends.size(), plan.virtual_nodes, "consistent_hash") {}

  std::size_t choose(const Request& request, const Backends& backends) override {
    if (backends.healthy().empty()) return nobody;
    return ring_.owner(request.item(),
                       [&](std::size_t replica) { return backends[replica].healthy; });
  }

 private:
  HashRing ring_;
};

}  // namespace

std::unique_ptr<Policy> make_consistent_hash(const BalancerPlan& plan, const Backends& backends,
                                             sim::Stream) {
  return std::make_unique<ConsistentHash>(plan, backends);
}

}  // namespace headroom
