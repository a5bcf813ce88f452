#include "app/report/result_files.hpp"

#include "app/report/metrics.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/trace_files.hpp"
#include "app/scenario/defaults.hpp"
#include "app/scenario/resolved.hpp"

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

}  // namespace

std::string resolved_text(const ScenarioPlan& plan) {
  return printed(resolved(with_defaults(plan)));
}

std::vector<ResultFile> result_files(const ScenarioPlan& plan, const StudyResult& study,
                                     const std::string& summary_document) {
  std::vector<ResultFile> files{{"scenario.resolved.json", resolved_text(plan)},
                                {"summary.json", summary_document}};
  add_run_files(files, plan, study);
  return files;
}

void add_run_files(std::vector<ResultFile>& files, const ScenarioPlan& plan,
                   const StudyResult& study) {
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
  add_histories(files, plan, study);
  files.push_back({"trace.json", perfetto_json(study)});
  files.push_back({"traces.jsonl", otlp_jsonl(plan, study)});
  files.push_back({"metrics.prom", metrics_prom(study)});
}

}  // namespace headroom
