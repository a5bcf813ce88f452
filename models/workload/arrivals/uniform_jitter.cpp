// One arrival in each period, up to a share of the period early.
// Source: Winsten 1959, Geometric distributions in the theory of queues (unpunctual arrivals), with
// the lateness bounded so that none overtakes another.
#include "models/workload/arrivals/processes.hpp"

namespace headroom {

namespace {

class UniformJitter final : public ArrivalProcess {
 public:
  UniformJitter(const UniformJitterOptions& options, const ArrivalsSetup& setup)
      : ArrivalProcess(setup.factor),
        bits_(setup.key),
        rate_per_s_(options.rate.per_s),
        spread_(options.spread.value) {}

 private:
  double next_due() override {
    const double early = spread_ * bits_.uniform();
    return (static_cast<double>(++count_) - early) * 1e9 / rate_per_s_;
  }

  sim::Stream bits_;
  double rate_per_s_;
  double spread_;
  std::uint64_t count_ = 0;
};

}  // namespace

Arrivals make_process(const UniformJitterPlan& plan, const ArrivalsSetup& setup) {
  return std::make_unique<UniformJitter>(plan.options(), setup);
}

}  // namespace headroom
