// Source: Kingman 1993, Poisson Processes: independent exponential gaps.
#include "models/draw.hpp"
#include "models/workload/arrivals/processes.hpp"

namespace headroom {

namespace {

class Poisson final : public ArrivalProcess {
 public:
  Poisson(const PoissonPlan& plan, const ArrivalsSetup& setup)
      : ArrivalProcess(setup.factor), bits_(setup.key), mean_gap_ns_(1e9 / plan.rate.per_s) {}

 private:
  double next_due() override { return due_ += mean_gap_ns_ * detail::draw_exponential(bits_); }

  sim::Stream bits_;
  double mean_gap_ns_;
  double due_ = 0;
};

}  // namespace

Arrivals make_process(const PoissonPlan& plan, const ArrivalsSetup& setup) {
  return std::make_unique<Poisson>(plan, setup);
}

}  // namespace headroom
