#include <algorithm>

#include "app/report/result_files.hpp"
#include "app/report/summary_json.hpp"
#include "app/study/judge.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

/// Divided, so that 30 s is 30 and not 30.000000000000004.
double in_seconds(sim::Duration duration) {
  return static_cast<double>(duration.count_ns()) / 1e9;
}

struct EventLine {
  sim::Time at;
  Json json;
};

EventLine line_at(sim::Time at, const RunResult& run, std::string event) {
  EventLine line{at, Json::object()};
  line.json["time_s"] = in_seconds(at - run.measurement.start);
  line.json["event"] = std::move(event);
  return line;
}

std::vector<EventLine> failure_lines(const ScenarioPlan& plan, const StudyResult& study) {
  const RunResult& run = study.runs.front();
  const auto described = failure_summaries(plan, study.runs);
  std::vector<EventLine> lines;
  const auto add = [&](const FailureSpan& span, sim::Time at, const char* event) {
    EventLine line = line_at(at, run, event);
    line.json["failure"] = span.failure;
    line.json["verb"] = described[span.failure].verb;
    line.json["target"] = described[span.failure].target;
    if (!span.replica.empty()) line.json["replica"] = span.replica;
    lines.push_back(std::move(line));
  };
  for (const FailureSpan& span : run.failures) {
    add(span, span.begin, "failure began");
    if (span.end < run.measurement.end) add(span, span.end, "failure ended");
  }
  return lines;
}

EventLine line_of(const LoggedEvent& event, const RunResult& run) {
  EventLine line = line_at(event.at, run, event.event);
  line.json["target"] = event.target;
  for (const auto& [key, value] : event.details)
    std::visit([&](const auto& each) { line.json[key] = each; }, value);
  return line;
}

}  // namespace

std::string events_jsonl(const ScenarioPlan& plan, const StudyResult& study) {
  if (study.runs.empty() || study.runs.front().replication != 0) return {};
  const RunResult& first = study.runs.front();
  std::vector<EventLine> lines = failure_lines(plan, study);
  for (const LoggedEvent& event : first.log)
    lines.push_back(line_of(event, first));
  std::stable_sort(lines.begin(), lines.end(),
                   [](const EventLine& a, const EventLine& b) { return a.at < b.at; });
  if (first.log_left_out > 0) {
    lines.push_back(line_at(first.measurement.end, first, "further events left out"));
    lines.back().json["count"] = first.log_left_out;
  }
  std::string text;
  for (const EventLine& line : lines)
    text += line.json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return text;
}

}  // namespace headroom
