// Source: Mitzenmacher 2001, "The power of two choices in randomized load balancing", sec. 2. Asks
// d replicas drawn at random and takes the one with the fewest outstanding calls, ties at random.
// Departs from source: the d are distinct unless `distinct` is false (the source draws with
// replacement). Distinct draws: Floyd's algorithm (Bentley, Floyd 1987). A choice costs d steps (d
// x d where distinct), whatever the number of replicas.
#include <algorithm>

#include "models/balancer/policies/fewest.hpp"
#include "models/balancer/policies/policies.hpp"

namespace headroom {

namespace {

class PowerOfTwo final : public Policy {
 public:
  PowerOfTwo(const BalancerPlan& plan, sim::Stream random)
      : choices_(plan.choices), distinct_(plan.distinct), random_(random) {}

  std::size_t choose(const Request&, const Backends& backends) override {
    const auto healthy = backends.healthy();
    sample(healthy.size());
    Fewest<std::uint32_t> fewest(random_);
    for (const std::size_t place : sampled_) {
      const std::uint32_t i = healthy[place];
      fewest.offer(i, backends[i].outstanding);
    }
    return fewest.best();
  }

 private:
  /// Fills `sampled_` with places among 0 .. n-1.
  void sample(std::size_t n) {
    sampled_.clear();
    if (n == 0) return;
    if (!distinct_) {
      for (std::uint32_t i = 0; i < choices_; ++i)
        sampled_.push_back(random_.below(n));
      return;
    }
    for (std::size_t last = n - std::min<std::size_t>(choices_, n); last < n; ++last) {
      const std::size_t drawn = random_.below(last + 1);
      const bool taken = std::find(sampled_.begin(), sampled_.end(), drawn) != sampled_.end();
      sampled_.push_back(taken ? last : drawn);
    }
  }

  std::uint32_t choices_;
  bool distinct_;
  sim::Stream random_;
  std::vector<std::size_t> sampled_;
};

}  // namespace

std::unique_ptr<Policy> make_power_of_two(const BalancerPlan& plan, const Backends&,
                                          sim::Stream random) {
  return std::make_unique<PowerOfTwo>(plan, random);
}

}  // namespace headroom
