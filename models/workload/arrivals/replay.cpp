// Arrivals at recorded instants, counted from the end of the warm-up. A speed or a factor replays
// them in a shorter time.
#include <algorithm>
#include <vector>

#include "models/workload/arrivals/processes.hpp"

namespace headroom {

namespace {

class Replay final : public ArrivalProcess {
 public:
  Replay(const ReplayPlan& plan, const ArrivalsSetup& setup)
      : ArrivalProcess(setup.factor),
        times_(plan.times),
        speed_(plan.options().speed),
        origin_(setup.origin) {}

 private:
  double next_due() override {
    if (next_ == times_.size()) return no_more;
    return static_cast<double>(times_[next_++].count_ns()) / speed_;
  }
  double progress_at(sim::Time t) override {
    return std::max(0.0, static_cast<double>((t - origin_).count_ns()));
  }
  sim::Time when(double progress) override { return origin_ + sim::Duration::rounded_ns(progress); }

  const std::vector<sim::Time>& times_;
  double speed_;
  sim::Time origin_;
  std::size_t next_ = 0;
};

}  // namespace

Arrivals make_process(const ReplayPlan& plan, const ArrivalsSetup& setup) {
  return std::make_unique<Replay>(plan, setup);
}

}  // namespace headroom
