// Source: `least_time` of NGINX Plus and `leastresponsetime` of Citrix ADC: the smallest product of
// mean response time and calls. Here: EWMA of the response times x (outstanding calls + 1), ties at
// random. A replica without an answer so far counts as one that takes no time, so each is tried.
// An error that comes fast attracts calls, as it does in the originals. The average changes only
// with answers, so a replica that was slow once recovers its share late where load is light.
// A choice costs time linear in the number of replicas.
#include "models/balancer/policies/fewest.hpp"
#include "models/balancer/policies/policies.hpp"

namespace headroom {

namespace {

// Chosen: the last ten answers make up 89 % of the average.
constexpr double newest_share = 0.2;

class LeastResponseTime final : public Policy {
 public:
  LeastResponseTime(std::size_t backends, sim::Stream random)
      : random_(random), average_ns_(backends, unknown) {}

  std::size_t choose(const Request&, const Backends& backends) override {
    Fewest<double> fewest(random_);
    for (const std::uint32_t i : backends.healthy()) {
      const double average_ns = average_ns_[i] == unknown ? 0 : average_ns_[i];
      fewest.offer(i, average_ns * (backends[i].outstanding + 1.0));
    }
    return fewest.best();
  }

  void on_end(const Backends&, std::size_t backend, sim::Duration elapsed) override {
    const auto newest_ns = static_cast<double>(elapsed.count_ns());
    double& average_ns = average_ns_[backend];
    average_ns =
        average_ns == unknown ? newest_ns : average_ns + newest_share * (newest_ns - average_ns);
  }

 private:
  static constexpr double unknown = -1;
  sim::Stream random_;
  std::vector<double> average_ns_;
};

}  // namespace

std::unique_ptr<Policy> make_least_response_time(const BalancerPlan&, const Backends& backends,
                                                 sim::Stream random) {
  return std::make_unique<LeastResponseTime>(backends.size(), random);
}

}  // namespace headroom
