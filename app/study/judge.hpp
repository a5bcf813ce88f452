#pragma once

#include <optional>
#include <string>

#include "app/study/figures_of_runs.hpp"

namespace headroom {

/// The measured figure of an SLO and what it decides: met when the whole interval keeps the limit,
/// missed when the whole interval breaks it, undecided when it straddles the limit or there is
/// none.
SloSummary judge_slo(const ScenarioPlan& plan, Runs runs, const std::string& name,
                     const SloPlan& slo);

/// Whether an SLO is on a percentile of `times_of`; that of a shard or of a consumer group is not.
bool is_of_pooled_times(const SloPlan& slo);
/// The times in ns that such an SLO is about, in one run.
sim::Histogram times_of(const ScenarioPlan& plan, const RunResult& run, const SloPlan& slo);
/// What any other SLO is about in one run by itself; nothing where that has too few samples.
std::optional<double> measured_in(const ScenarioPlan& plan, const RunResult& run,
                                  const SloPlan& slo);

/// Whether a value keeps the limit, taken as exact.
bool keeps(const Requirement& require, double value);

/// Missed when one is missed, else undecided when one is, else met.
Verdict overall(const std::vector<SloSummary>& slos);

/// Why the runs never settled: somewhere more requests came than left, by more than chance. Nothing
/// where they did.
struct Growth {
  std::string because;
  std::vector<bool> services;  ///< Which services grew.
  bool of_link = false;        ///< What waits for a link did, or is under way.
};
std::optional<Growth> growth(Runs runs);

/// Failures with when they were over and what was lost meanwhile; without runs only what they are.
std::vector<FailureSummary> failure_summaries(const ScenarioPlan& plan, Runs runs);

}  // namespace headroom
