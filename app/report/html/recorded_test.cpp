#include "app/report/html/recorded.hpp"

#include <catch2/catch.hpp>

#include "app/report/summary_json.hpp"
#include "app/study/test_runs.hpp"

namespace headroom::html {

namespace {

Summary made_summary() {
  StudyResult study;
  for (int replication = 0; replication < 3; ++replication) {
    RunResult run = made_run();
    run.replication = static_cast<std::uint32_t>(replication);
    finish(reads(run), 1000, 10);
    answer_in_ms(reads(run), 10 + replication, 1000);
    study.runs.push_back(std::move(run));
  }
  ScenarioPlan plan = made_plan();
  plan.slos.add("fast", slo_of_users(Requirement::Metric::percentile, true, 0.1, 99));
  return summarize(plan, study);
}

}  // namespace

TEST_CASE("What a summary says is read back from its document") {
  const Summary summary = made_summary();
  const auto document = to_json(summary);
  CHECK(to_json(summary_of(document)) == document);
}

TEST_CASE("Nothing in a document is taken for granted") {
  for (const char* text : {"null", "[]", "{}", R"({"workloads": 5, "slos": [1], "points": {}})",
                           R"({"headroom": 1, "workloads": {"w": null}, "failures": {"a": 1}})"}) {
    const auto document = nlohmann::ordered_json::parse(text);
    CHECK(summary_of(document).scenario.empty());
    std::string why;
    CHECK_FALSE(recorded_of({{"summary.json", text}}, "", why));
    CHECK_FALSE(why.empty());
  }
}

TEST_CASE("A series is read by its headings, with nothing where there is no figure") {
  const Series series = read_series("start_s,a.p99_s,a.p99_s_low\n0,0.5,\n1.5,,0.25\n");
  CHECK(series.start_s == std::vector<double>{0, 1.5});
  REQUIRE(series.column("a.p99_s"));
  CHECK(*series.column("a.p99_s") == std::vector<std::optional<double>>{0.5, std::nullopt});
  CHECK(*series.column("a.p99_s_low") == std::vector<std::optional<double>>{std::nullopt, 0.25});
  CHECK(series.column("b") == nullptr);
}

TEST_CASE("A latency listing is read as far as 100 samples lie beyond") {
  sim::Histogram histogram;
  for (int ms = 1; ms <= 1000; ++ms)
    histogram.record(ms * 1'000'000);
  const Distribution latencies = read_distribution(hgrm_text(histogram));
  CHECK(latencies.samples == 1000);
  REQUIRE(latencies.rows.size() > 10);
  CHECK(latencies.rows.back().share <= 0.9);
  CHECK(latencies.rows.back().share > 0.85);
  for (const auto& row : latencies.rows)
    CHECK(row.seconds == Approx(histogram.quantile(row.share) * 1e-9).margin(1e-9));
  CHECK(read_distribution("").rows.empty());
}

TEST_CASE("Failures that overlap end each for itself, some never") {
  const auto outages = read_outages(
      R"({"time_s":1.0,"event":"failure began","failure":0,"verb":"kill","target":"a"}
{"time_s":2.0,"event":"failure began","failure":1,"verb":"slow","target":"b"}
{"time_s":3.0,"event":"failure ended","failure":0,"verb":"kill","target":"a"}
not json
)");
  REQUIRE(outages.size() == 2);
  CHECK(outages[0].what == "kill a");
  CHECK(outages[0].to_s == 3.0);
  CHECK(outages[1].from_s == 2.0);
  CHECK_FALSE(outages[1].to_s);
}

}  // namespace headroom::html
