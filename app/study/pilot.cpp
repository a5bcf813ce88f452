#include "app/study/pilot.hpp"

#include "sim/stats/warmup.hpp"

namespace headroom {

namespace {

constexpr std::uint32_t pilots = 3;
constexpr std::uint32_t first_pilot = 1u << 31;  // no replication of the study has such a number
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

Warmup find_warmup(const ScenarioPlan& plan, const StudyOptions& options) {
  if (plan.run.warmup) {
    if (const auto* given = std::get_if<sim::Duration>(&*plan.run.warmup))
      return {*given, false, true};
  } else if (!plan.is_stationary()) {
    return {};
  }
  const Measurement measurement = measurement_of(plan, sim::Duration(), pilot_windows);
  std::vector<std::vector<double>> series;
  for (std::uint32_t pilot = 0; pilot < pilots; ++pilot) {
    const auto run = simulate(plan, first_pilot + pilot, measurement, [&](double) {
      return options.interrupted == nullptr || !options.interrupted->load();
    });
    if (run.status != sim::Simulation::Status::reached) return {{}, true, false};
    series.push_back(requests_in_system(run));
  }
  const auto truncation = sim::mser5(sim::pointwise_mean(series));
  const auto& windows = measurement.windows;
  return {windows.begin(truncation.index) - windows.start, true, truncation.settled};
}

}  // namespace headroom
