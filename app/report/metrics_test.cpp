#include "app/report/metrics.hpp"

#include <catch2/catch.hpp>

#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

TEST_CASE("Metrics: buckets are cumulative and exact at their bounds, labels are escaped") {
  StudyResult study;
  for (int run = 0; run < 2; ++run) {
    study.runs.push_back(made_run());
    study.runs.back().workloads[0].name = "us\"ers";
    reads(study.runs.back()).latency.record((1 << 20) - 1);
    reads(study.runs.back()).latency.record(1 << 20);
    finish(reads(study.runs.back()), 2, 3);
  }
  const std::string text = metrics_prom(study);
  const std::string who = "{workload=\"us\\\"ers\",endpoint=\"read\",";
  const auto has = [&](const std::string& line) {
    return text.find("\n" + line + "\n") != std::string::npos;
  };
  CHECK(has("headroom_replications 2"));
  CHECK(has("headroom_requests_total" + who + "outcome=\"failed\"} 6"));
  const std::string bucket = "headroom_request_latency_seconds_bucket" + who;
  CHECK(has(bucket + "le=\"0.000524287\"} 0"));
  CHECK(has(bucket + "le=\"0.001048575\"} 2"));
  CHECK(has(bucket + "le=\"0.002097151\"} 4"));
  CHECK(has(bucket + "le=\"+Inf\"} 4"));
  CHECK(metrics_prom(StudyResult{}).empty());
}

}  // namespace
}  // namespace headroom
