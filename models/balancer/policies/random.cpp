// Source: folklore; each healthy replica with equal chances (the reference case of Mitzenmacher
// 2001, d = 1).
#include "models/balancer/policies/policies.hpp"

namespace headroom {

namespace {

class Random final : public Policy {
 public:
  explicit Random(sim::Stream random) : random_(random) {}

  std::size_t choose(const Request&, const Backends& backends) override {
    const auto healthy = backends.healthy();
    return healthy.empty() ? nobody : healthy[random_.below(healthy.size())];
  }

 private:
  sim::Stream random_;
};

}  // namespace

std::unique_ptr<Policy> make_random(const BalancerPlan&, const Backends&, sim::Stream random) {
  return std::make_unique<Random>(random);
}

}  // namespace headroom
