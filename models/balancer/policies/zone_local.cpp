// Source: Envoy and Kubernetes, "zone aware routing" and "topology aware routing": calls stay in
// the zone of the balancer while any replica there is healthy, and go to all others only then.
// Within either, replicas take turns. Departs from source: no share of the calls leaves the zone
// because it holds fewer replicas than callers; a zone with too few is overloaded, which is to be
// seen. A choice costs time linear in the number of replicas.
#include "models/balancer/policies/policies.hpp"

namespace headroom {

namespace {

class ZoneLocal final : public Policy {
 public:
  std::size_t choose(const Request&, const Backends& backends) override {
    const std::size_t near = next_after(backends, true);
    const std::size_t chosen = near != nobody ? near : next_after(backends, false);
    if (chosen != nobody) last_ = chosen;
    return chosen;
  }

 private:
  /// The next healthy replica in turn, of the near ones or of all.
  std::size_t next_after(const Backends& backends, bool near_only) const {
    std::size_t first = nobody;
    for (const std::uint32_t i : backends.healthy()) {
      if (near_only && !backends[i].is_near) continue;
      if (last_ == nobody || i > last_) return i;
      if (first == nobody) first = i;
    }
    return first;
  }

  std::size_t last_ = nobody;
};

}  // namespace

std::unique_ptr<Policy> make_zone_local(const BalancerPlan&, const Backends&, sim::Stream) {
  return std::make_unique<ZoneLocal>();
}

}  // namespace headroom
