// Arrivals at recorded instants, counted from the end of the warm-up. A speed or the factor it
// begins with replays them in a shorter time. A factor that changes midway leaves the clock of the
// record alone: each arrival comes so many times at its instant, a fraction of a time by chance.
#include <algorithm>
#include <cmath>
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
        origin_(setup.origin),
        factor_(setup.factor),
        chances_(sim::mix(setup.key, sim::hash_name("surge"))) {}

  sim::Time set_factor(sim::Time now, double factor) override {
    copies_ = factor / factor_;
    // What was left out until now stays so, what is still to come may come after all.
    while (first_ < times_.size() && when(due_of(first_) / factor_) < now) {
      ++first_;
      sent_ = 0;
    }
    return instead(now, choose());
  }

 private:
  double next_due() override {
    if (has_chosen_) {
      if (chosen_ != first_) sent_ = 0;
      first_ = chosen_;
      ++sent_;
    }
    return choose();
  }

  double choose() {
    has_chosen_ = true;
    chosen_ = first_;
    for (double sent = sent_; chosen_ < times_.size() && sent >= copies_of(chosen_); sent = 0)
      ++chosen_;
    return chosen_ == times_.size() ? no_more : due_of(chosen_);
  }

  double due_of(std::size_t record) const {
    return static_cast<double>(times_[record].count_ns()) / speed_;
  }

  double copies_of(std::size_t record) const {
    const double whole = std::floor(copies_);
    if (whole == copies_) return whole;
    sim::Keyed chance(sim::mix(chances_, record));
    return chance.uniform() < copies_ - whole ? whole + 1 : whole;
  }

  double progress_at(sim::Time t) override {
    return std::max(0.0, static_cast<double>((t - origin_).count_ns()));
  }
  sim::Time when(double progress) override { return origin_ + sim::Duration::rounded_ns(progress); }

  const std::vector<sim::Time>& times_;
  double speed_;
  sim::Time origin_;
  double factor_;          ///< That it begins with.
  double copies_ = 1;      ///< Of each arrival.
  std::uint64_t chances_;  ///< A key, with which each arrival has a draw of its own.
  std::size_t first_ = 0;  ///< May still come, and has been sent so often.
  double sent_ = 0;
  std::size_t chosen_ = 0;  ///< Comes next.
  bool has_chosen_ = false;
};

}  // namespace

Arrivals make_process(const ReplayPlan& plan, const ArrivalsSetup& setup) {
  return std::make_unique<Replay>(plan, setup);
}

}  // namespace headroom
