#include "app/report/trace_files.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "app/report/waterfall.hpp"
#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

using Json = nlohmann::json;

/// A request with two branches that overlap, and work that outlasts the attempt it was done for.
StudyResult traced() {
  StudyResult study;
  study.runs.push_back(made_run());
  RequestTrace trace;
  trace.workload = "users";
  trace.endpoint = "read";
  trace.number = 7;
  const std::int64_t start = 5'000'000'000;
  const auto add = [&](std::int32_t parent, SpanKind kind, std::int64_t begin, std::int64_t end,
                       const char* name, std::uint32_t number = Span::no_number) {
    TracedSpan span;
    span.parent = parent;
    span.kind = kind;
    span.begin_ns = start + begin;
    span.end_ns = start + end;
    span.name = name;
    span.number = number;
    trace.spans.push_back(span);
  };
  add(-1, SpanKind::request, 0, 1'000'001, "users");
  add(0, SpanKind::attempt, 0, 300'000, "", 0);
  trace.spans.back().outcome = Outcome::timeout;
  add(1, SpanKind::visit, 100'000, 1'200'000, "app", 0);
  add(0, SpanKind::attempt, 300'000, 1'000'001, "", 1);
  add(3, SpanKind::visit, 300'000, 1'000'001, "app", 1);
  add(4, SpanKind::parallel, 300'000, 1'000'001, "", 2);
  add(5, SpanKind::branch, 300'000, 700'000, "");
  add(6, SpanKind::cpu, 300'000, 700'000, "");
  add(5, SpanKind::branch, 300'000, 1'000'001, "");
  add(8, SpanKind::cpu, 400'000, 1'000'001, "");
  trace.ns = {0, 600'001, 0, 400'000, 0, 0};
  study.runs.front().traces = {trace, trace};
  study.runs.front().traces.back().number = 8;
  return study;
}

TEST_CASE("Trace events on one thread are apart or within each other, whatever overlaps") {
  const Json file = Json::parse(perfetto_json(traced()));
  std::map<std::pair<int, int>, std::vector<std::pair<std::int64_t, std::int64_t>>> threads;
  std::size_t events = 0;
  std::set<int> processes;
  for (const Json& event : file["traceEvents"]) {
    processes.insert(event["pid"].get<int>());
    if (event["ph"] != "X") continue;
    ++events;
    const auto ns = [](const Json& us) { return std::llround(us.get<double>() * 1000); };
    const std::int64_t begin = ns(event["ts"]);
    threads[{event["pid"], event["tid"]}].emplace_back(begin, begin + ns(event["dur"]));
  }
  CHECK(events == 20);
  CHECK(processes.size() == 2);
  CHECK(threads.size() > 2);
  for (const auto& [thread, spans] : threads)
    for (const auto& one : spans)
      for (const auto& other : spans) {
        const bool is_apart = one.second <= other.first || other.second <= one.first;
        const bool is_within = (one.first >= other.first && one.second <= other.second) ||
                               (other.first >= one.first && other.second <= one.second);
        CHECK((is_apart || is_within));
      }
  CHECK(perfetto_json(traced()).find("\"ts\":5000000.000,\"dur\":1000.001") != std::string::npos);
}

TEST_CASE("OTLP lines hold one request each, hex ids, nanoseconds as strings, and known parents") {
  std::istringstream lines(otlp_jsonl(made_plan(), traced()));
  std::string line;
  std::size_t count = 0;
  std::set<std::string> traces, all_spans;
  while (std::getline(lines, line)) {
    ++count;
    const Json request = Json::parse(line);
    std::set<std::string> ids, parents, of_trace, services;
    for (const Json& resource : request["resourceSpans"]) {
      const Json& attribute = resource["resource"]["attributes"][0];
      CHECK(attribute["key"] == "service.name");
      services.insert(attribute["value"]["stringValue"].get<std::string>());
      for (const Json& span : resource["scopeSpans"][0]["spans"]) {
        const auto id = span["spanId"].get<std::string>();
        CHECK(id.size() == 16);
        CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
        CHECK(ids.insert(id).second);
        CHECK(all_spans.insert(id).second);
        if (span.contains("parentSpanId")) parents.insert(span["parentSpanId"].get<std::string>());
        of_trace.insert(span["traceId"].get<std::string>());
        CHECK(std::stoll(span["startTimeUnixNano"].get<std::string>()) <=
              std::stoll(span["endTimeUnixNano"].get<std::string>()));
      }
    }
    CHECK(ids.size() == 10);
    CHECK(of_trace.size() == 1);
    CHECK(of_trace.begin()->size() == 32);
    traces.insert(*of_trace.begin());
    CHECK(services == std::set<std::string>{"users", "app"});
    for (const std::string& parent : parents)
      CHECK(ids.contains(parent));
  }
  CHECK(count == 2);
  CHECK(traces.size() == 2);
}

TEST_CASE("A waterfall has a line for each span and says what the time went for") {
  const StudyResult study = traced();
  const RunResult& run = study.runs.front();
  std::string text = waterfall_text(run, run.traces.front(), Paint(false));
  const std::string spans = text.substr(text.find("request of users"));
  CHECK(std::count(spans.begin(), spans.end(), '\n') == 10);
  std::replace(text.begin(), text.end(), '\n', ' ');
  CHECK(text.find("users read #7: ok in 1.00 ms") == 0);
  CHECK(text.find("work 600 us (60 %), retries 400 us (40 %)") != std::string::npos);
  CHECK(text.find("attempt 1: timeout") != std::string::npos);
  CHECK(text.find("→") != std::string::npos);
  const auto json = trace_json(run, run.traces.front());
  CHECK(json["spans"].size() == 10);
  CHECK(json["latency_s"] == 0.001000001);
  CHECK(json["by_cause_s"]["retry"] == 0.0004);
}

}  // namespace
}  // namespace headroom
