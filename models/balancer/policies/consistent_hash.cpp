// Source: Karger et al. 1997, "Consistent hashing and random trees", by models/hash_ring.hpp: a key
// belongs to the first replica at or after its own hash, clockwise, that is healthy. All balancers
// of all services place replica i at the same points, so instances agree on who owns a key.
// With `bounded_load` c: Mirrokni, Thorup, Zadimoghaddam 2018, "Consistent hashing with bounded
// loads", as HAProxy has it (`hash-balance-factor`): no replica has more than c times the mean of
// the calls outstanding, rounded up, this call included; a call that finds its owner full goes on
// clockwise.
#include <cmath>

#include "models/balancer/policies/policies.hpp"
#include "models/hash_ring.hpp"

namespace headroom {

namespace {

class ConsistentHash final : public Policy {
 public:
  ConsistentHash(const BalancerPlan& plan, const Backends& backends)
      : ring_(backends.size(), plan.virtual_nodes, "consistent_hash"), bound_(plan.bounded_load) {}

  std::size_t choose(const Request& request, const Backends& backends) override {
    if (backends.healthy().empty()) return nobody;
    if (!bound_) {
      return ring_.owner(request.item(),
                         [&](std::size_t replica) { return backends[replica].healthy; });
    }
    // Those that are out of service still hold calls: the mean is over all calls and the healthy
    // replicas, so that one of these always has room.
    const double mean = (outstanding_ + 1) / static_cast<double>(backends.healthy().size());
    const double most = std::ceil(*bound_ * mean);
    return ring_.owner(request.item(), [&](std::size_t replica) {
      return backends[replica].healthy && backends[replica].outstanding < most;
    });
  }

  void on_start(const Backends&, std::size_t) override { outstanding_ += 1; }
  void on_end(const Backends&, std::size_t, sim::Duration) override { outstanding_ -= 1; }

 private:
  HashRing ring_;
  std::optional<double> bound_;
  double outstanding_ = 0;  ///< Calls of this balancer, at all replicas.
};

}  // namespace

std::unique_ptr<Policy> make_consistent_hash(const BalancerPlan& plan, const Backends& backends,
                                             sim::Stream) {
  return std::make_unique<ConsistentHash>(plan, backends);
}

}  // namespace headroom
