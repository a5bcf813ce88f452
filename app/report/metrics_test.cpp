#include "app/report/metrics.hpp"

#include <catch2/catch.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>

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

TEST_CASE("Metrics keep the grammar of the text format, family by family") {
  StudyResult study;
  study.runs.push_back(made_run());
  reads(study.runs[0]).latency.record(5'000'000);
  BrokerResult& broker = study.runs[0].services[0].broker.emplace();
  broker.publishers.acknowledged = 5;
  broker.groups.emplace_back().group = "mail";
  broker.groups[0].consumed = 4;
  broker.groups[0].lag.record(7'000'000);

  // Source: Prometheus, "Exposition formats", text-based format 0.0.4.
  const std::string name = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  const std::string label = R"([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*")";
  const std::regex sample("(" + name + ")(\\{(" + label + "(," + label +
                          ")*)\\})? (-?[0-9.]+(e[+-][0-9]+)?)");
  const std::regex head("# (HELP|TYPE) (" + name + ") (.+)");
  std::istringstream lines(metrics_prom(study));
  std::string line, family, type;
  std::set<std::string> families, series;
  double last_bucket = 0, count = 0;
  while (std::getline(lines, line)) {
    INFO(line);
    std::smatch part;
    if (std::regex_match(line, part, head)) {
      if (part[1] == "HELP") CHECK(families.insert(part[2]).second);
      if (part[1] == "TYPE") CHECK(part[2] == family);
      family = part[2];
      type = part[3];
      continue;
    }
    REQUIRE(std::regex_match(line, part, sample));
    const std::string of = part[1];
    CHECK(series.insert(of + "{" + part[3].str()).second);
    if (type != "histogram") {
      CHECK(of == family);
      CHECK((type == "gauge" || of.ends_with("_total")));
      continue;
    }
    const double value = std::stod(part[7]);
    if (of == family + "_bucket") {
      if (line.find("le=\"1.023e-06\"") != std::string::npos) last_bucket = 0;
      CHECK(value >= last_bucket);
      last_bucket = value;
    } else if (of == family + "_count") {
      CHECK(value == last_bucket);  // that of +Inf
      count += value;
    } else {
      CHECK(of == family + "_sum");
    }
  }
  CHECK(count == 2);
  CHECK(families.contains("headroom_publishes_total"));
  CHECK(series.contains(R"(headroom_messages_total{service="app",group="mail",fate="consumed")"));
}

}  // namespace
}  // namespace headroom
