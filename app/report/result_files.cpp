#include "app/report/result_files.hpp"

#include <algorithm>

#include "app/report/summary_json.hpp"
#include "app/scenario/defaults.hpp"
#include "app/scenario/resolved.hpp"
#include "app/study/judge.hpp"

namespace headroom {

namespace {

/// Latencies of one workload, or of all, over all replications.
sim::Histogram pooled_latency(const StudyResult& study, std::size_t first, std::size_t last) {
  sim::Histogram pooled;
  for (const RunResult& run : study.runs) {
    for (std::size_t workload = first; workload < last; ++workload) {
      for (const auto& endpoint : run.workloads[workload].endpoints)
        pooled.merge(endpoint.latency);
    }
  }
  return pooled;
}

/// Divided, so that 30 s is 30 and not 30.000000000000004.
double in_seconds(sim::Duration duration) {
  return static_cast<double>(duration.count_ns()) / 1e9;
}

struct Moment {
  sim::Time at;
  bool begins;
  std::size_t failure;
};

}  // namespace

std::string resolved_text(const ScenarioPlan& plan) {
  return printed(resolved(with_defaults(plan)));
}

std::string events_jsonl(const ScenarioPlan& plan, const StudyResult& study) {
  if (study.runs.empty() || study.runs.front().replication != 0) return {};
  const RunResult& first = study.runs.front();
  const auto described = failure_summaries(plan, study.runs);
  std::vector<Moment> moments;
  for (const FailureSpan& span : first.failures) {
    moments.push_back({span.begin, true, span.failure});
    if (span.end < first.measurement.end) moments.push_back({span.end, false, span.failure});
  }
  std::stable_sort(moments.begin(), moments.end(),
                   [](const Moment& a, const Moment& b) { return a.at < b.at; });
  std::string text;
  for (const Moment& moment : moments) {
    nlohmann::ordered_json line;
    line["time_s"] = in_seconds(moment.at - first.measurement.start);
    line["event"] = moment.begins ? "failure began" : "failure ended";
    line["failure"] = moment.failure;
    line["verb"] = described[moment.failure].verb;
    line["target"] = described[moment.failure].target;
    text += line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }
  return text;
}

std::vector<ResultFile> result_files(const ScenarioPlan& plan, const StudyResult& study,
                                     const std::string& summary_document) {
  std::vector<ResultFile> files;
  files.push_back({"scenario.resolved.json", resolved_text(plan)});
  files.push_back({"summary.json", summary_document});
  files.push_back({"timeseries.csv", timeseries_csv(study)});
  const std::size_t workloads = plan.workloads.size();
  files.push_back({"latency.hgrm", hgrm_text(pooled_latency(study, 0, workloads))});
  if (workloads > 1) {
    for (std::size_t workload = 0; workload < workloads; ++workload) {
      files.push_back({"latency." + plan.workloads.entries[workload].first + ".hgrm",
                       hgrm_text(pooled_latency(study, workload, workload + 1))});
    }
  }
  files.push_back({"events.jsonl", events_jsonl(plan, study)});
  return files;
}

}  // namespace headroom
