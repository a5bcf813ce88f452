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
      text += (zone ? ", " : "") + group[zone].written;
  }
  return text;
}

struct Describe {
  Described operator()(const KillPlan& plan) const { return {"kill", plan.target.written}; }
  Described operator()(const FlushPlan& plan) const { return {"flush", plan.target.written}; }
  Described operator()(const PausePlan& plan) const { return {"pause", plan.target.written}; }
  Described operator()(const SlowPlan& plan) const { return {"slow", plan.target.written}; }
  Described operator()(const ErrorPlan& plan) const { return {"error", plan.target.written}; }
  Described operator()(const PartitionPlan& plan) const {
    return {"partition", partition_text(plan)};
  }
  Described operator()(const DrainPlan& plan) const { return {"drain", plan.target.written}; }
  Described operator()(const DeployPlan& plan) const { return {"deploy", plan.target.written}; }
  Described operator()(const SurgePlan& plan) const { return {"surge", plan.workload.name}; }
  Described operator()(const ClockSkewPlan& plan) const {
    return {"clock_skew", plan.target.written};
  }
  Described operator()(const DegradePlan& plan) const {
    return {"degrade", print_link_target(plan.link)};
  }
};

/// All workloads together in each second of the measurement.
std::vector<SecondResult> seconds_of(const RunResult& run) {
  std::vector<SecondResult> sum;
  for (const WorkloadResult& workload : run.workloads) {
    sum.resize(std::max(sum.size(), workload.by_second.size()));
    for (std::size_t second = 0; second < workload.by_second.size(); ++second) {
      sum[second].ok += workload.by_second[second].ok;
      sum[second].not_ok += workload.by_second[second].not_ok;
      sum[second].in_time += workload.by_second[second].in_time;
    }
  }
  return sum;
}

double seconds_after_start(const RunResult& run, sim::Time at) {
  return (at - run.measurement.start).in_seconds();
}

/// Seconds from `end` to the start of the first one-second window with 95 % of that goodput.
std::optional<double> back_after_s(const std::vector<SecondResult>& seconds, double end,
                                   double goodput) {
  for (auto second = static_cast<std::size_t>(std::ceil(end)); second < seconds.size(); ++second) {
    if (seconds[second].in_time >= 0.95 * goodput) return static_cast<double>(second) - end;
  }
  return std::nullopt;
}

/// Seconds from the end of the failure until goodput is that of before; nothing where it never is,
/// or where there is nothing to compare with.
std::optional<double> recovery_s(const RunResult& run, const FailureSpan& span) {
  const auto seconds = seconds_of(run);
  const double begin = seconds_after_start(run, span.begin);
  const double end = seconds_after_start(run, span.end);
  double before = 0;
  const auto whole = static_cast<std::size_t>(std::max(0.0, begin));
  for (std::size_t second = 0; second < std::min(whole, seconds.size()); ++second)
    before += seconds[second].in_time;
  if (whole == 0 || before == 0) return std::nullopt;
  return back_after_s(seconds, end, before / static_cast<double>(whole));
}

/// The mean goodput of the seconds in which nothing failed; nothing where there is no such second.
std::optional<double> calm_goodput(const RunResult& run, const std::vector<SecondResult>& seconds) {
  std::vector<bool> is_calm(seconds.size(), true);
  for (const FailureSpan& span : run.failures) {
    const double begin = std::max(0.0, seconds_after_start(run, span.begin));
    const double end = seconds_after_start(run, span.end);
    for (auto second = static_cast<std::size_t>(begin);
         second < seconds.size() && static_cast<double>(second) < end; ++second)
      is_calm[second] = false;
  }
  double sum = 0, calm = 0;
  for (std::size_t second = 0; second < seconds.size(); ++second) {
    if (!is_calm[second]) continue;
    sum += seconds[second].in_time;
    calm += 1;
  }
  if (sum == 0) return std::nullopt;
  return sum / calm;
}

/// Of a failure that comes again and again: from each of its ends until goodput is what it is in
/// the mean while nothing fails, whatever else fails meanwhile.
Figure recurring_recovery(Runs runs, std::size_t failure) {
  std::vector<double> means;
  std::size_t ended = 0, came_back = 0;
  for (const RunResult& run : runs) {
    const auto seconds = seconds_of(run);
    const auto calm = calm_goodput(run, seconds);
    if (!calm)
      return Figure::none("something fails all the time: there is nothing to compare with");
    double sum = 0, count = 0;
    for (const FailureSpan& span : run.failures) {
      if (span.failure != failure || span.end >= run.measurement.end) continue;
      ++ended;
      const auto back = back_after_s(seconds, seconds_after_start(run, span.end), *calm);
      if (!back) continue;
      ++came_back;
      sum += *back;
      count += 1;
    }
    if (count > 0) means.push_back(sum / count);
  }
  if (ended == 0) return Figure::none("it never ends within a run");
  // Chosen: a twentieth may be so near the end of their run that it is not seen.
  if (20 * (ended - came_back) > ended) {
    Figure figure =
        Figure::none("goodput came back to 95 % of that without failures after " +
                     std::to_string(came_back) + " of " + std::to_string(ended) + " of them");
    figure.samples = came_back;
    return figure;
  }
  return within(Figure::of(sim::student_interval(means), came_back), 0);
}

/// Nothing where it would only have begun after the end.
const FailureSpan* span_of(const RunResult& run, std::size_t failure) {
  const auto found =
      std::find_if(run.failures.begin(), run.failures.end(), [&](const FailureSpan& span) {
        return span.failure == failure && span.begin < run.measurement.end;
      });
  return found == run.failures.end() ? nullptr : &*found;
}

bool failed_in_first_second(Runs runs, std::size_t failure) {
  const FailureSpan* span = runs.empty() ? nullptr : span_of(runs.front(), failure);
  return span != nullptr &&
         span->begin < runs.front().measurement.start + sim::Duration::seconds(1);
}

Figure recovery_figure(Runs runs, std::size_t failure) {
  std::vector<double> values;
  for (const RunResult& run : runs) {
    const FailureSpan* span = span_of(run, failure);
    if (span == nullptr) continue;
    if (span->end >= run.measurement.end) return Figure::none("it lasts to the end of the run");
    if (const auto recovered = recovery_s(run, *span)) values.push_back(*recovered);
  }
  if (values.empty() && std::none_of(runs.begin(), runs.end(), [&](const RunResult& run) {
        return span_of(run, failure) != nullptr;
      }))
    return Figure::none("it begins after the end of the run");
  if (failed_in_first_second(runs, failure)) {
    return Figure::none("it begins within the first second: there is nothing to compare with");
  }
  if (values.size() < runs.size()) {
    Figure figure = Figure::none("goodput came back to 95 % of that before in " +
                                 std::to_string(values.size()) + " of " +
                                 std::to_string(runs.size()) + " replications");
    figure.samples = values.size();
    return figure;
  }
  return within(Figure::of(sim::student_interval(values), values.size()), 0);
}

/// Of the requests that were meant to be sent while the failure was in force.
Figure error_rate_during(Runs runs, std::size_t failure) {
  std::vector<double> errors;
  std::vector<double> finished;
  for (const RunResult& run : runs) {
    double bad = 0, all = 0;
    for (const WorkloadResult& workload : run.workloads) {
      if (failure >= workload.by_failure.size()) continue;
      bad += static_cast<double>(workload.by_failure[failure].not_ok);
      all += static_cast<double>(workload.by_failure[failure].finished);
    }
    errors.push_back(bad);
    finished.push_back(all);
  }
  return proportion_over_runs(errors, finished,
                              "no request that was sent while it lasted finished");
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
    if (runs.empty()) {  // what is to happen, before anything has
      summaries.push_back(std::move(summary));
      continue;
    }
    summary.recovered_after_s =
        failed.at ? recovery_figure(runs, failure) : recurring_recovery(runs, failure);
    summary.error_rate = error_rate_during(runs, failure);
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

}  // namespace headroom
