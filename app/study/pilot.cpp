#include "app/study/pilot.hpp"

#include "app/study/runner.hpp"
#include "sim/stats/warmup.hpp"

namespace headroom {

namespace {

constexpr std::uint32_t pilots = 3;
constexpr std::size_t pilot_windows = 1000;

/// How many requests are in the system in each window of one pilot, all services together.
std::vector<double> requests_in_system(const RunResult& run) {
  std::vector<double> sum(pilot_windows);
  for (const ServiceResult& service : run.services) {
    for (const auto& series : service.queue_series) {
      const auto means = series.means();
      for (std::size_t window = 0; window < sum.size(); ++window)
        sum[window] += means[window];
    }
  }
  return sum;
}

}  // namespace

namespace {

bool needs_pilots(const ScenarioPlan& plan) {
  if (plan.run.warmup) return std::holds_alternative<AutoWarmup>(*plan.run.warmup);
  return plan.is_stationary();
}

}  // namespace

double share_of_pilots(const ScenarioPlan& plan) {
  return needs_pilots(plan) ? 1.0 * pilots / (pilots + plan.run.replications) : 0;
}

Warmup find_warmup(const ScenarioPlan& plan, const StudyOptions& options) {
  if (!needs_pilots(plan)) {
    if (!plan.run.warmup) return {};
    return {std::get<sim::Duration>(*plan.run.warmup), false, true};
  }
  const Measurement measurement = measurement_of(plan, sim::Duration(), pilot_windows);
  const auto runs =
      replications(plan, measurement, options, first_pilot, first_pilot + pilots).runs;
  std::vector<std::vector<double>> series;
  for (const RunResult& run : runs) {
    if (run.status == sim::Simulation::Status::reached) series.push_back(requests_in_system(run));
  }
  if (series.size() < pilots) return {{}, true, false};
  const auto truncation = sim::mser5(sim::pointwise_mean(series));
  const auto& windows = measurement.windows;
  return {windows.begin(truncation.index) - windows.start, true, truncation.settled};
}

}  // namespace headroom
