#include <algorithm>
#include <cmath>
#include <variant>

#include "app/study/judge.hpp"

namespace headroom {

namespace {

struct Described {
  std::string verb, target;
};

std::string partition_text(const PartitionPlan& plan) {
  std::string text;
  for (const auto& group : plan.groups) {
    if (!text.empty()) text += plan.one_way ? " -> " : " | ";
    for (std::size_t zone = 0; zone < group.size(); ++zone)
      text += (zone ? ", " : "") + group[zone].name;
  }
  return text;
}

struct Describe {
  Described operator()(const KillPlan& plan) const { return {"kill", plan.target.written}; }
  Described operator()(const PausePlan& plan) const { return {"pause", plan.target.written}; }
  Described operator()(const SlowPlan& plan) const { return {"slow", plan.target.written}; }
  Described operator()(const ErrorPlan& plan) const { return {"error", plan.target.written}; }
  Described operator()(const PartitionPlan& plan) const {
    return {"partition", partition_text(plan)};
  }
  Described operator()(const SurgePlan& plan) const { return {"surge", plan.workload.name}; }
};

/// Goodput of all workloads together in each second of the measurement.
std::vector<double> goodput_by_second(const RunResult& run) {
  std::vector<double> sum;
  for (const WorkloadResult& workload : run.workloads) {
    sum.resize(std::max(sum.size(), workload.goodput_by_second.size()));
    for (std::size_t second = 0; second < workload.goodput_by_second.size(); ++second) {
      sum[second] += workload.goodput_by_second[second];
    }
  }
  return sum;
}

/// Seconds from the end of the failure to the start of the first one-second window with goodput at
/// 95 % of the mean before it; nothing when there is none, or nothing to compare with.
std::optional<double> recovery_s(const RunResult& run, const FailureSpan& span) {
  const auto seconds = goodput_by_second(run);
  const double begin = (span.begin - run.measurement.start).in_seconds();
  const double end = (span.end - run.measurement.start).in_seconds();
  double before = 0;
  const auto whole = static_cast<std::size_t>(std::max(0.0, begin));
  for (std::size_t second = 0; second < std::min(whole, seconds.size()); ++second)
    before += seconds[second];
  if (whole == 0 || before == 0) return std::nullopt;
  before /= static_cast<double>(whole);
  for (auto second = static_cast<std::size_t>(std::ceil(end)); second < seconds.size(); ++second) {
    if (seconds[second] >= 0.95 * before) return static_cast<double>(second) - end;
  }
  return std::nullopt;
}

const FailureSpan* span_of(const RunResult& run, std::size_t failure) {
  const auto found = std::find_if(run.failures.begin(), run.failures.end(),
                                  [&](const FailureSpan& span) { return span.failure == failure; });
  return found == run.failures.end() ? nullptr : &*found;
}

Figure recovery_figure(Runs runs, std::size_t failure) {
  std::vector<double> values;
  for (const RunResult& run : runs) {
    const FailureSpan* span = span_of(run, failure);
    if (span == nullptr) continue;
    if (span->end >= run.measurement.end) return Figure::none("it lasts to the end of the run");
    if (const auto recovered = recovery_s(run, *span)) values.push_back(*recovered);
  }
  if (values.size() < runs.size()) {
    Figure figure = Figure::none("goodput came back to 95 % of that before in " +
                                 std::to_string(values.size()) + " of " +
                                 std::to_string(runs.size()) + " replications");
    figure.samples = values.size();
    return figure;
  }
  return Figure::of(sim::student_interval(values), values.size());
}

/// Of the requests that finished in the windows of the series that the failure touches.
Figure error_rate_during(Runs runs, std::size_t failure) {
  std::vector<double> errors;
  std::vector<double> finished;
  for (const RunResult& run : runs) {
    double bad = 0;
    double all = 0;
    for (const FailureSpan& span : run.failures) {
      if (span.failure != failure) continue;
      for (const WorkloadResult& workload : run.workloads) {
        const auto& windows = workload.series.not_ok.windows();
        for (std::size_t window = 0; window < windows.count; ++window) {
          if (windows.begin(window + 1) <= span.begin || windows.begin(window) >= span.end)
            continue;
          const auto not_ok = static_cast<double>(workload.series.not_ok[window].count);
          bad += not_ok;
          all += not_ok + static_cast<double>(workload.series.latency[window].count);
        }
      }
    }
    errors.push_back(bad);
    finished.push_back(all);
  }
  return ratio_over_runs(errors, finished, "no request finished while it lasted");
}

}  // namespace

std::vector<FailureSummary> failure_summaries(const ScenarioPlan& plan, Runs runs) {
  std::vector<FailureSummary> summaries;
  for (std::size_t failure = 0; failure < plan.failures.size(); ++failure) {
    const FailurePlan& failed = plan.failures[failure];
    const Described described = std::visit(Describe{}, failed.verb);
    FailureSummary summary;
    summary.verb = described.verb;
    summary.target = described.target;
    if (failed.at) summary.at_s = failed.at->in_seconds();
    if (failed.length) summary.for_s = failed.length->in_seconds();
    summary.recovered_after_s =
        failed.at ? recovery_figure(runs, failure) : Figure::none("it comes again and again");
    summary.error_rate = error_rate_during(runs, failure);
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

}  // namespace headroom
