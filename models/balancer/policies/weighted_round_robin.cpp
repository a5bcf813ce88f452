// Source: nginx, "smooth weighted round-robin balancing" (Sysoev 2012, commit 52327e0627f4).
// Every replica earns its weight each turn; the richest is taken and pays what all earned. So the
// shares are exact over each full cycle and a heavy replica's turns are spread over it.
// Departs from source: weights may be fractions, a weight of 0 gets nothing, and failed calls do
// not lower a weight. A choice costs time linear in the number of replicas.
#include "models/balancer/policies/policies.hpp"

namespace headroom {

namespace {

class WeightedRoundRobin final : public Policy {
 public:
  explicit WeightedRoundRobin(std::size_t backends) : earned_(backends) {}

  std::size_t choose(const Request&, const Backends& backends) override {
    double total = 0;
    std::size_t richest = nobody;
    for (const std::uint32_t i : backends.healthy()) {
      const double weight = backends[i].weight;
      if (weight == 0) continue;
      earned_[i] += weight;
      total += weight;
      if (richest == nobody || earned_[i] > earned_[richest]) richest = i;
    }
    if (richest != nobody) earned_[richest] -= total;
    return richest;
  }

  /// Who comes back starts anew, with neither debts nor savings.
  void on_health(const Backends&, std::size_t backend) override { earned_[backend] = 0; }

 private:
  std::vector<double> earned_;
};

}  // namespace

std::unique_ptr<Policy> make_weighted_round_robin(const BalancerPlan&, const Backends& backends,
                                                  sim::Stream) {
  return std::make_unique<WeightedRoundRobin>(backends.size());
}

}  // namespace headroom
