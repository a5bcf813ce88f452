#include "app/study/study.hpp"

#include <algorithm>
#include <cmath>

#include "app/study/figures_of_runs.hpp"
#include "app/study/pilot.hpp"
#include "app/study/precision.hpp"
#include "app/study/runner.hpp"
#include "app/study/summary.hpp"

namespace headroom {

namespace {

/// Whether a draw can be nothing at all, other than by a chance of zero.
bool may_be_zero(const Distribution& d) {
  using Kind = Distribution::Kind;
  const auto any_part = [&] { return std::any_of(d.parts.begin(), d.parts.end(), &may_be_zero); };
  switch (d.kind) {
    case Kind::uniform:
      return d.b <= 0;
    case Kind::lognormal:
      return false;
    case Kind::hyperexponential:
    case Kind::mixture:
      return any_part();
    case Kind::shifted:
      return d.a <= 0 && any_part();
    case Kind::empirical:
      return !d.values.empty() && d.values.front() <= 0;
    default:
      return d.a <= 0;
  }
}

/// The usual cause of what does not get beyond one instant; empty where the plan has it not.
std::string usual_cause(const ScenarioPlan& plan) {
  std::string names;
  for (const auto& [name, workload] : plan.workloads) {
    const auto* closed = std::get_if<ClosedPlan>(&workload.arrivals.process);
    if (closed != nullptr && may_be_zero(closed->closed.think_time))
      names += (names.empty() ? "\"" : ", \"") + name + "\"";
  }
  if (names.empty()) return {};
  return "; users of " + names +
         " who are refused at once ask again at once: give them a think_time above 0";
}

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
      return where + " does not get beyond one instant: something goes round without taking time" +
             usual_cause(plan);
    }
  }
  return {};
}

/// Whether the figure that `run.until` names is as narrow as asked for, in every workload. What
/// grows never gets there, however often it is run.
bool precise_enough(const ScenarioPlan& plan, const StudyResult& study) {
  const Summary summary = summarize(plan, study);
  return summary.grows ||
         std::all_of(summary.workloads.begin(), summary.workloads.end(), [&](const auto& workload) {
           const Figure& figure = figure_for(workload, plan.run.until->metric);
           return figure.value && figure.low && *figure.value != 0 &&
                  (*figure.high - *figure.low) / 2 <=
                      plan.run.until->relative * std::abs(*figure.value);
         });
}

/// The same options for the part of the study between two shares of the whole.
StudyOptions part_of(const StudyOptions& options, double from, double until) {
  StudyOptions part = options;
  if (options.progress) {
    part.progress = [&options, from, until](double share) {
      options.progress(from + (until - from) * share);
    };
  }
  return part;
}

/// How many replications more the precision of the scenario takes, as far as can be told yet.
std::uint32_t more_for_precision(const ScenarioPlan& plan, const StudyResult& study) {
  const auto done = static_cast<std::uint32_t>(study.runs.size() + study.lost.size());
  if (!plan.run.until || done >= most_for_precision || precise_enough(plan, study)) return 0;
  return std::min(most_for_precision - done, std::max(10u, done / 4));
}

}  // namespace

StudyResult run_study(const ScenarioPlan& plan, const StudyOptions& options) {
  StudyResult study;
  const double pilots = share_of_pilots(plan);
  const Warmup warmup = find_warmup(plan, part_of(options, 0, pilots));
  study.warmup = warmup.length;
  study.warmup_found = warmup.found;
  study.warmup_settled = warmup.settled;
  study.sequential = plan.run.until.has_value();

  const Measurement measurement = measurement_of(plan, study.warmup, windows_of(plan));
  std::uint32_t wanted = plan.run.replications;
  if (plan.run.until) wanted = std::max(wanted, least_for_precision);
  const auto& only = options.execution.only;
  std::uint32_t done = only.value_or(0);
  if (only) wanted = done + 1;
  while (true) {
    auto found = replications(plan, measurement, part_of(options, pilots, 1), done, wanted);
    done += static_cast<std::uint32_t>(found.runs.size() + found.lost.size());
    for (auto& run : found.runs)
      study.runs.push_back(std::move(run));
    study.lost.insert(study.lost.end(), found.lost.begin(), found.lost.end());
    study.interrupted = done < wanted;
    study.failed = why_failed(study.runs, plan);
    std::erase_if(study.runs, [](const RunResult& run) {
      return run.status != sim::Simulation::Status::reached;
    });
    if (study.interrupted || !study.failed.empty() || study.runs.empty() || only) return study;
    std::uint32_t more = more_for_precision(plan, study);
    if (more == 0 && options.more) more = options.more(study);
    if (more == 0) return study;
    wanted += more;
  }
}

}  // namespace headroom
