// Source: Twitter Finagle, PeakEwma and "power of two choices" (Kohli 2015): of two replicas drawn
// at random, the one with the smaller product of expected response time and calls. The expectation
// jumps to the peak with an answer that is slower than it, and sinks by an exponential average over
// time where answers are faster; without answers it fades away, so that a replica which was slow
// is tried again. A replica that never answered is taken for very slow while it has calls, so that
// it gets one call at a time until it answers. Departs from source: the two are always different
// ones.
#include <cmath>

#include "models/balancer/policies/policies.hpp"

namespace headroom {

namespace {

constexpr double decay_ns = 10e9;    // As in the source.
constexpr double penalty_ns = 1e18;  // More than any answer takes.

class PeakEwma final : public Policy {
 public:
  PeakEwma(std::size_t backends, sim::Stream random) : random_(random), expected_(backends) {}

  std::size_t choose(const Request&, const Backends& backends) override {
    const auto healthy = backends.healthy();
    if (healthy.empty()) return nobody;
    const std::size_t first = random_.below(healthy.size());
    if (healthy.size() == 1) return healthy[first];
    std::size_t second = random_.below(healthy.size() - 1);
    if (second >= first) ++second;
    const std::uint32_t a = healthy[first], b = healthy[second];
    return cost(backends, b) < cost(backends, a) ? b : a;
  }

  void on_end(const Backends& backends, std::size_t backend, sim::Duration elapsed) override {
    observe(expected_[backend], static_cast<double>(elapsed.count_ns()), backends.now());
  }

 private:
  struct Expected {
    double ns = 0;
    sim::Time at;
  };

  static void observe(Expected& expected, double took_ns, sim::Time now) {
    const double kept = std::exp(-static_cast<double>((now - expected.at).count_ns()) / decay_ns);
    expected.ns = took_ns > expected.ns ? took_ns : expected.ns * kept + took_ns * (1 - kept);
    expected.at = now;
  }

  double cost(const Backends& backends, std::size_t backend) {
    Expected& expected = expected_[backend];
    observe(expected, 0, backends.now());
    const double calls = backends[backend].outstanding;
    if (expected.ns == 0 && calls > 0) return penalty_ns + calls;
    return expected.ns * (calls + 1);
  }

  sim::Stream random_;
  std::vector<Expected> expected_;
};

}  // namespace

std::unique_ptr<Policy> make_peak_ewma(const BalancerPlan&, const Backends& backends,
                                       sim::Stream random) {
  return std::make_unique<PeakEwma>(backends.size(), random);
}

}  // namespace headroom
