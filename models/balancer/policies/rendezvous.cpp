// Source: Thaler, Ravishankar 1998, "Using name-based mappings to increase hit rates" (highest
// random weight). Every replica draws a number from the key and itself; the highest takes the call.
// So a replica that goes spreads its keys evenly over all others, and nothing else moves. All
// balancers draw alike. A choice costs time linear in the number of replicas.
#include "models/balancer/policies/policies.hpp"

namespace headroom {

namespace {

class Rendezvous final : public Policy {
 public:
  explicit Rendezvous(std::size_t backends) {
    for (std::size_t i = 0; i < backends; ++i)
      names_.push_back(sim::mix(sim::hash_name("rendezvous"), i));
  }

  std::size_t choose(const Request& request, const Backends& backends) override {
    const std::uint64_t key = request.item();
    std::size_t best = nobody;
    std::uint64_t highest = 0;
    for (const std::uint32_t i : backends.healthy()) {
      const std::uint64_t drawn = sim::mix(names_[i], key);
      if (best != nobody && drawn <= highest) continue;
      highest = drawn;
      best = i;
    }
    return best;
  }

 private:
  std::vector<std::uint64_t> names_;
};

}  // namespace

std::unique_ptr<Policy> make_rendezvous(const BalancerPlan&, const Backends& backends,
                                        sim::Stream) {
  return std::make_unique<Rendezvous>(backends.size());
}

}  // namespace headroom
