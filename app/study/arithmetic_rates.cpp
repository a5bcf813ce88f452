#include "app/study/arithmetic_rates.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace headroom {

namespace {

/// Over the time from 0 to the duration, at load 1.
struct Rates {
  double duration_s;
  double load;

  OfferedRate operator()(const StagesPlan& plan) const {
    double begin_s = 0, rate = plan.start.per_s, area = 0, peak = rate;
    for (const Stage& stage : plan.stages) {
      const double length_s = stage.length.in_seconds();
      const double seen_s = std::min(length_s, duration_s - begin_s);
      if (seen_s < 0) break;
      const double share = length_s > 0 ? seen_s / length_s : 1;
      const double end = rate + (stage.target.per_s - rate) * share;
      area += seen_s * (rate + end) / 2;
      peak = std::max(peak, end);
      rate = stage.target.per_s;
      begin_s += length_s;
    }
    area += std::max(0.0, duration_s - begin_s) * rate;
    return {area / duration_s, peak};
  }

  OfferedRate operator()(const DiurnalPlan& plan) const {
    const DiurnalOptions& day = plan.diurnal;
    const double swing = day.mean.per_s * day.amplitude.value;
    const double per_s = 2 * std::numbers::pi / day.period.in_seconds();
    const double first = -day.peak_at.in_seconds() * per_s;
    const double last = first + duration_s * per_s;
    const double mean =
        day.mean.per_s + swing * (std::sin(last) - std::sin(first)) / (last - first);
    const double turn = 2 * std::numbers::pi;
    const bool has_peak = std::floor(last / turn) >= std::ceil(first / turn);
    const double top = has_peak ? 1 : std::max(std::cos(first), std::cos(last));
    return {mean, day.mean.per_s + swing * top};
  }

  OfferedRate operator()(const ReplayPlan& plan) const {
    const double end_ns = duration_s * 1e9 * plan.options().speed * load;
    const auto end = std::upper_bound(
        plan.times.begin(), plan.times.end(), end_ns,
        [](double limit, sim::Time time) { return limit < static_cast<double>(time.count_ns()); });
    // The load, which the caller multiplies by, is in the number already.
    const double per_s = static_cast<double>(end - plan.times.begin()) / duration_s / load;
    return {per_s, per_s};
  }

  OfferedRate operator()(const ClosedPlan&) const { return {}; }

  template <class Steady>
  OfferedRate operator()(const Steady& plan) const {
    const double per_s = mean_rate_per_s(plan).value_or(0);
    return {per_s, per_s};
  }
};

}  // namespace

OfferedRate offered_rate(const RunPlan& run, const ArrivalsPlan& arrivals) {
  OfferedRate rate = std::visit(Rates{run.duration.in_seconds(), run.load}, arrivals);
  rate.mean_per_s *= run.load;
  rate.peak_per_s *= run.load;
  return rate;
}

}  // namespace headroom
