#include "app/study/study.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <mutex>
#include <thread>

#include "app/study/figures_of_runs.hpp"
#include "app/study/pilot.hpp"
#include "app/study/summary.hpp"

namespace headroom {

namespace {

constexpr std::size_t windows_of_a_timeline = 240;  // Chosen: a pixel or two each in a chart.
constexpr std::size_t windows_of_a_steady_run = 60;
constexpr std::uint32_t least_for_precision = 30;
constexpr std::uint32_t most_for_precision = 1000;

/// Runs replications `first` to `last` (not included) on some threads. Which thread runs which is
/// chance; results are put where their replication number says.
class Runner {
 public:
  Runner(const ScenarioPlan& plan, const Measurement& measurement, const StudyOptions& options,
         std::uint32_t first, std::uint32_t last)
      : plan_(plan),
        measurement_(measurement),
        options_(options),
        first_(first),
        next_(first),
        last_(last),
        results_(last - first),
        shares_(last - first) {}

  /// The finished runs in order, up to the first that was interrupted: what is left is the same as
  /// a study of so many replications.
  std::vector<RunResult> run() {
    const unsigned threads = std::min<unsigned>(std::max(1u, options_.jobs), last_ - first_);
    std::vector<std::thread> others;
    for (unsigned other = 1; other < threads; ++other)
      others.emplace_back([this] { work(); });
    work();
    for (auto& thread : others)
      thread.join();
    if (error_) std::rethrow_exception(error_);
    std::vector<RunResult> finished;
    for (auto& result : results_) {
      if (!result) break;
      finished.push_back(std::move(*result));
    }
    return finished;
  }

 private:
  bool interrupted() const {
    return options_.interrupted != nullptr && options_.interrupted->load();
  }

  /// What goes wrong on a thread (no memory left) is thrown again on the one that asked.
  void work() {
    try {
      run_until_none_is_left();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      error_ = std::current_exception();
      next_ = last_;
    }
  }

  void run_until_none_is_left() {
    while (!interrupted()) {
      const std::uint32_t replication = next_.fetch_add(1);
      if (replication >= last_) return;
      auto result = simulate(plan_, replication, measurement_, [&](double share) {
        report(replication, share);
        return !interrupted();
      });
      if (result.status == sim::Simulation::Status::stopped) return;
      results_[replication - first_] = std::move(result);
    }
  }

  void report(std::uint32_t replication, double share) {
    if (!options_.progress) return;
    const std::lock_guard lock(mutex_);
    shares_[replication - first_] = share;
    double sum = 0;
    for (const double each : shares_)
      sum += each;
    options_.progress(sum / static_cast<double>(shares_.size()));
  }

  const ScenarioPlan& plan_;
  const Measurement& measurement_;
  const StudyOptions& options_;
  std::uint32_t first_;
  std::atomic<std::uint32_t> next_;
  std::uint32_t last_;
  std::vector<std::optional<RunResult>> results_;
  std::vector<double> shares_;
  std::mutex mutex_;
  std::exception_ptr error_;
};

std::string why_failed(const std::vector<RunResult>& runs, const ScenarioPlan& plan) {
  using Status = sim::Simulation::Status;
  for (const RunResult& run : runs) {
    const std::string where = "replication " + std::to_string(run.replication) + " of seed " +
                              std::to_string(plan.run.seed);
    if (run.status == Status::too_many_events) {
      return where + " needed more than " + std::to_string(run.events) +
             " events; raise the limit with --set run.max_events=...";
    }
    if (run.status == Status::stuck_at_one_instant) {
      return where + " does not get beyond one instant: something goes round without taking time";
    }
  }
  return {};
}

/// Whether the figure that `run.until` names is as narrow as asked for, in every workload.
bool precise_enough(const ScenarioPlan& plan, const StudyResult& study) {
  const Summary summary = summarize(plan, study);
  return std::all_of(summary.workloads.begin(), summary.workloads.end(), [&](const auto& workload) {
    const Figure& figure = figure_for(workload, plan.run.until->metric);
    return figure.value && figure.low && *figure.value != 0 &&
           (*figure.high - *figure.low) / 2 <= plan.run.until->relative * std::abs(*figure.value);
  });
}

}  // namespace

StudyResult run_study(const ScenarioPlan& plan, const StudyOptions& options) {
  StudyResult study;
  const Warmup warmup = find_warmup(plan, options);
  study.warmup = warmup.length;
  study.warmup_found = warmup.found;
  study.warmup_settled = warmup.settled;

  const Measurement measurement = measurement_of(
      plan, study.warmup, plan.is_stationary() ? windows_of_a_steady_run : windows_of_a_timeline);
  std::uint32_t wanted = plan.run.replications;
  if (plan.run.until) wanted = std::max(wanted, least_for_precision);
  while (true) {
    const auto done = static_cast<std::uint32_t>(study.runs.size());
    Runner runner(plan, measurement, options, done, wanted);
    for (auto& run : runner.run())
      study.runs.push_back(std::move(run));
    study.interrupted = study.runs.size() < wanted;
    study.failed = why_failed(study.runs, plan);
    std::erase_if(study.runs, [](const RunResult& run) {
      return run.status != sim::Simulation::Status::reached;
    });
    if (!plan.run.until || study.interrupted || !study.failed.empty()) return study;
    study.sequential = true;
    if (wanted >= most_for_precision || precise_enough(plan, study)) return study;
    wanted = std::min(most_for_precision, wanted + std::max(10u, wanted / 4));
  }
}

}  // namespace headroom
