// Arrivals at equal distances. The k-th is computed from k, so that nothing drifts.
#include "models/workload/arrivals/processes.hpp"

namespace headroom {

namespace {

class Constant final : public ArrivalProcess {
 public:
  Constant(const ConstantPlan& plan, const ArrivalsSetup& setup)
      : ArrivalProcess(setup.factor), rate_per_s_(plan.rate.per_s) {}

 private:
  double next_due() override { return static_cast<double>(++count_) * 1e9 / rate_per_s_; }

  double rate_per_s_;
  std::uint64_t count_ = 0;
};

}  // namespace

Arrivals make_process(const ConstantPlan& plan, const ArrivalsSetup& setup) {
  return std::make_unique<Constant>(plan, setup);
}

}  // namespace headroom
