// Source: Chaudhry, Templeton 1983, A First Course in Bulk Queues: a compound Poisson process.
#include <cmath>

#include "models/draw.hpp"
#include "models/workload/arrivals/processes.hpp"

namespace headroom {

namespace {

class Batch final : public ArrivalProcess {
 public:
  Batch(const BatchOptions& options, const ArrivalsSetup& setup)
      : ArrivalProcess(setup.factor),
        times_(sim::mix(setup.key, 0)),
        sizes_(sim::mix(setup.key, 1)),
        mean_gap_ns_(1e9 / options.rate.per_s),
        size_(options.size) {}

 private:
  double next_due() override {
    while (left_ < 1) {
      due_ += mean_gap_ns_ * detail::draw_exponential(times_);
      left_ = batch_size();
    }
    --left_;
    return due_;
  }

  // Up or down at random, so that the mean is that of the distribution.
  double batch_size() {
    const double size = draw(size_, sizes_);
    const double whole = std::floor(size);
    return size == whole ? size : whole + (sizes_.uniform() < size - whole ? 1 : 0);
  }

  sim::Stream times_;
  sim::Stream sizes_;
  double mean_gap_ns_;
  const Distribution& size_;
  double due_ = 0;
  double left_ = 0;  ///< Of the present batch. Not an integer: a heavy tail may not fit one.
};

}  // namespace

Arrivals make_process(const BatchPlan& plan, const ArrivalsSetup& setup) {
  return std::make_unique<Batch>(plan.batch, setup);
}

}  // namespace headroom
