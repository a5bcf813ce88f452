// Source: Cox 1962, Renewal Theory: independent gaps of one distribution, an ordinary renewal
// process: the first arrival comes after a whole gap.
#include "models/draw.hpp"
#include "models/workload/arrivals/processes.hpp"

namespace headroom {

namespace {

class Renewal final : public ArrivalProcess {
 public:
  Renewal(const RenewalPlan& plan, const ArrivalsSetup& setup)
      : ArrivalProcess(setup.factor), bits_(setup.key), gap_(plan.gap) {}

 private:
  double next_due() override { return due_ += draw(gap_, bits_); }

  sim::Stream bits_;
  const Distribution& gap_;
  double due_ = 0;
};

}  // namespace

Arrivals make_process(const RenewalPlan& plan, const ArrivalsSetup& setup) {
  return std::make_unique<Renewal>(plan, setup);
}

}  // namespace headroom
