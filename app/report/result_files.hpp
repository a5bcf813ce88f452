#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/scenario/plan.hpp"
#include "app/study/study.hpp"
#include "app/study/summary.hpp"

namespace headroom {

/// A file of a result directory: its path in there and its bytes.
struct ResultFile {
  std::string path, content;
};

/// What the runs of one scenario leave behind: timeseries.csv, latency.hgrm (and one for each
/// workload, where there are several), events.jsonl, history.jsonl (of a store that is recorded;
/// one for each, where there are several), trace.json (for Perfetto) and traces.jsonl (OTLP) of the
/// traced requests of the first replication, metrics.prom.
void add_run_files(std::vector<ResultFile>& files, const ScenarioPlan& plan,
                   const StudyResult& study);

/// The same after scenario.resolved.json and summary.json: a part of a study that stands in a
/// folder of its own. `summary_document`: what --json would print of it.
std::vector<ResultFile> result_files(const ScenarioPlan& plan, const StudyResult& study,
                                     const std::string& summary_document);

/// The scenario with every default and setting: what a replay starts from.
std::string resolved_text(const ScenarioPlan& plan);

/// One row for each window: its start in seconds from the end of the warm-up, then for every
/// workload issued, ok and not ok a second, p50, p95 and p99 in seconds, and for every service the
/// four golden signals (traffic: arrivals a second; errors: answers that were not ok and drops a
/// second; latency: mean sojourn of those that were answered; saturation: utilisation and requests
/// in it), and instances, where it is scaled; each with `_low` and `_high` of its 95 %
/// interval over replications. Empty cells where no honest figure exists.
std::string timeseries_csv(const StudyResult& study);

/// The percentile listing of HdrHistogram, values in seconds.
std::string hgrm_text(const sim::Histogram& histogram);

/// A JSON object a line: what happened in the first replication, in the order of time. Each has
/// `time_s` from the end of the warm-up and `event`: when failures began and ended, and what
/// components noted of themselves (models/event_log.hpp).
std::string events_jsonl(const ScenarioPlan& plan, const StudyResult& study);

/// What the clients of each recorded store saw in the first replication, a JSON object a line in
/// Jepsen's vocabulary, times in nanoseconds from the start of the run.
void add_histories(std::vector<ResultFile>& files, const ScenarioPlan& plan,
                   const StudyResult& study);

}  // namespace headroom
