#include "models/workload/arrivals.hpp"

#include <algorithm>

namespace headroom {

sim::Time ArrivalProcess::next() {
  passed_ = pending_;
  due_ = next_due();
  return pending_ = instant();
}

sim::Time ArrivalProcess::set_factor(sim::Time now, double factor) {
  const double progress = progress_at(now);
  changed_due_ += factor_ * (progress - changed_progress_);
  changed_progress_ = progress;
  factor_ = factor;
  passed_ = now;
  return pending_ = instant();
}

sim::Time ArrivalProcess::instead(sim::Time now, double due) {
  passed_ = now;
  due_ = due;
  return pending_ = instant();
}

// Rounding must not let an arrival come before the one before.
sim::Time ArrivalProcess::instant() {
  if (factor_ <= 0 || !(due_ < no_more)) return sim::Time::never();
  const double progress = changed_progress_ + (due_ - changed_due_) / factor_;
  return std::max(passed_, when(progress));
}

double ArrivalProcess::progress_at(sim::Time t) {
  return static_cast<double>(t.count_ns());
}

sim::Time ArrivalProcess::when(double progress) {
  return sim::Time() + sim::Duration::rounded_ns(progress);
}

}  // namespace headroom
