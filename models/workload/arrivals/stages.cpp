// A Poisson process at a rate that is linear piece by piece, by inversion of the expected number of
// arrivals, which is exact. Source: Cinlar 1975, Introduction to Stochastic Processes, chapter 4.
// Departs from k6: its arrivals are evenly spaced; these are random.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "models/draw.hpp"
#include "models/workload/arrivals/processes.hpp"

namespace headroom {

namespace {

constexpr double for_ever = std::numeric_limits<double>::infinity();

struct Ramp {
  double begin_ns, length_ns;
  double begin_progress;
  double from_per_ns, to_per_ns;

  double slope() const { return length_ns == for_ever ? 0 : (to_per_ns - from_per_ns) / length_ns; }
  double progress_after(double ns) const { return ns * (from_per_ns + slope() * ns / 2); }
  /// The inverse, in the form of the quadratic formula that does not cancel.
  double time_for(double progress) const {
    const double square = from_per_ns * from_per_ns + 2 * slope() * progress;
    const double twice_mean_rate = from_per_ns + std::sqrt(std::max(0.0, square));
    return std::min(length_ns, 2 * progress / twice_mean_rate);
  }
};

class Stages final : public ArrivalProcess {
 public:
  Stages(const StagesPlan& plan, const ArrivalsSetup& setup)
      : ArrivalProcess(setup.factor), bits_(setup.key) {
    append(in_base_unit(setup.origin - sim::Time()), plan.start, plan.start);
    Rate rate = plan.start;
    for (const Stage& stage : plan.stages) {
      append(in_base_unit(stage.length), rate, stage.target);
      rate = stage.target;
    }
    append(for_ever, rate, rate);
  }

 private:
  void append(double length_ns, Rate from, Rate to) {
    if (length_ns <= 0) return;
    Ramp ramp{0, length_ns, 0, from.per_s * 1e-9, to.per_s * 1e-9};
    if (!ramps_.empty()) {
      const Ramp& last = ramps_.back();
      ramp.begin_ns = last.begin_ns + last.length_ns;
      ramp.begin_progress = last.begin_progress + last.progress_after(last.length_ns);
    }
    ramps_.push_back(ramp);
  }

  double next_due() override { return due_ += detail::draw_exponential(bits_); }

  double progress_at(sim::Time t) override {
    const auto t_ns = static_cast<double>(t.count_ns());
    std::size_t i = ramps_.size() - 1;
    while (ramps_[i].begin_ns > t_ns)
      --i;
    return ramps_[i].begin_progress + ramps_[i].progress_after(t_ns - ramps_[i].begin_ns);
  }

  sim::Time when(double progress) override {
    std::size_t i = ramps_.size() - 1;
    while (i > 0 && ramps_[i].begin_progress >= progress)
      --i;
    const double left = progress - ramps_[i].begin_progress;
    const double into_ns = left > 0 ? ramps_[i].time_for(left) : 0;
    return sim::Time() + sim::Duration::rounded_ns(ramps_[i].begin_ns + into_ns);
  }

  sim::Stream bits_;
  std::vector<Ramp> ramps_;  ///< From the start of the run; the last one lasts for ever.
  double due_ = 0;
};

}  // namespace

Arrivals make_process(const StagesPlan& plan, const ArrivalsSetup& setup) {
  return std::make_unique<Stages>(plan, setup);
}

}  // namespace headroom
