// Source: Nagle 1987, "On packet switches with infinite storage", for taking turns.
// Every instance starts at replica 0. A choice costs time logarithmic in the number of replicas.
#include <algorithm>

#include "models/balancer/policies/policies.hpp"

namespace headroom {

namespace {

class RoundRobin final : public Policy {
 public:
  std::size_t choose(const Request&, const Backends& backends) override {
    const auto healthy = backends.healthy();
    if (healthy.empty()) return nobody;
    auto next = std::lower_bound(healthy.begin(), healthy.end(), next_);
    if (next == healthy.end()) next = healthy.begin();
    next_ = *next + 1;
    return *next;
  }

 private:
  std::uint32_t next_ = 0;
};

}  // namespace

std::unique_ptr<Policy> make_round_robin(const BalancerPlan&, const Backends&, sim::Stream) {
  return std::make_unique<RoundRobin>();
}

}  // namespace headroom
