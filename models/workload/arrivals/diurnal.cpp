// A Poisson process at the rate mean x (1 + amplitude x cos(2 pi (t - peak) / period)), by
// inversion of the expected number of arrivals. Source: Cinlar 1975, Introduction to Stochastic
// Processes, sec. 4.7; the inverse by Newton's method kept inside a bracket.
#include <cmath>
#include <numbers>

#include "models/draw.hpp"
#include "models/workload/arrivals/processes.hpp"

namespace headroom {

namespace {

class Diurnal final : public ArrivalProcess {
 public:
  Diurnal(const DiurnalOptions& options, const ArrivalsSetup& setup)
      : ArrivalProcess(setup.factor),
        bits_(setup.key),
        mean_per_ns_(options.mean.per_s * 1e-9),
        amplitude_(options.amplitude.value),
        radians_per_ns_(2 * std::numbers::pi / in_base_unit(options.period)) {
    const sim::Duration peak_from_start = (setup.origin - sim::Time()) + options.peak_at;
    peak_radians_ =
        std::fmod(in_base_unit(peak_from_start), in_base_unit(options.period)) * radians_per_ns_;
  }

 private:
  double next_due() override { return due_ += detail::draw_exponential(bits_); }

  double progress_at(sim::Time t) override {
    return mean_per_ns_ * stretched(static_cast<double>(t.count_ns()));
  }

  sim::Time when(double progress) override {
    return sim::Time() + sim::Duration::rounded_ns(unstretched(progress / mean_per_ns_));
  }

  /// How long a process of the mean rate takes to as many arrivals as are expected in `t_ns`.
  double stretched(double t_ns) const {
    const double swing = std::sin(radians_per_ns_ * t_ns - peak_radians_) + std::sin(peak_radians_);
    return t_ns + amplitude_ / radians_per_ns_ * swing;
  }
  double relative_rate(double t_ns) const {
    return 1 + amplitude_ * std::cos(radians_per_ns_ * t_ns - peak_radians_);
  }

  double unstretched(double goal_ns) const {
    const double farthest_ns = 2 * amplitude_ / radians_per_ns_;
    double low = goal_ns - farthest_ns, high = goal_ns + farthest_ns;
    double t_ns = goal_ns;
    while (high - low > precision_ns) {
      const double miss_ns = stretched(t_ns) - goal_ns;
      if (std::abs(miss_ns) <= precision_ns * relative_rate(t_ns)) return t_ns;
      (miss_ns > 0 ? high : low) = t_ns;
      const double newton = t_ns - miss_ns / relative_rate(t_ns);
      const double next = newton > low && newton < high ? newton : low + (high - low) / 2;
      if (next == t_ns) return t_ns;
      t_ns = next;
    }
    return t_ns;
  }

  static constexpr double precision_ns = 0.01;  // Chosen: far below the nanosecond of the clock.

  sim::Stream bits_;
  double mean_per_ns_;
  double amplitude_;
  double radians_per_ns_;
  double peak_radians_ = 0;
  double due_ = 0;
};

}  // namespace

Arrivals make_process(const DiurnalPlan& plan, const ArrivalsSetup& setup) {
  return std::make_unique<Diurnal>(plan.diurnal, setup);
}

}  // namespace headroom
