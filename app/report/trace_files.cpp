#include "app/report/trace_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/report/numbers.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(SpanKind kind) {
  return span_kind_names[static_cast<std::size_t>(kind)];
}

std::string json_quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Exactly, which no double would be after some months.
std::string microseconds(std::int64_t ns) {
  return fmt::format("{}.{:03}", ns / 1000, ns % 1000);
}

/// The threads of one request: spans on the same one are apart, or within each other as they are in
/// the trace.
std::vector<std::size_t> lanes_of(const RequestTrace& trace) {
  std::vector<std::size_t> lane(trace.spans.size());
  std::vector<std::vector<std::size_t>> placed;
  const auto is_within = [&](std::size_t span, std::size_t other) {
    for (std::int32_t up = trace.spans[span].parent; up >= 0;
         up = trace.spans[static_cast<std::size_t>(up)].parent)
      if (static_cast<std::size_t>(up) == other)
        return trace.spans[span].end_ns <= trace.spans[other].end_ns;
    return false;
  };
  const auto fits = [&](std::size_t span, std::size_t on) {
    const TracedSpan& one = trace.spans[span];
    return std::all_of(placed[on].begin(), placed[on].end(), [&](std::size_t other) {
      const TracedSpan& there = trace.spans[other];
      const bool is_apart = one.begin_ns >= there.end_ns || there.begin_ns >= one.end_ns;
      return is_apart || is_within(span, other);
    });
  };
  for (std::size_t span = 0; span < trace.spans.size(); ++span) {
    const std::int32_t parent = trace.spans[span].parent;
    std::size_t on = parent < 0 ? 0 : lane[static_cast<std::size_t>(parent)];
    while (on < placed.size() && !fits(span, on))
      ++on;
    if (on == placed.size()) placed.emplace_back();
    placed[on].push_back(span);
    lane[span] = on;
  }
  return lane;
}

std::string trace_metadata(const char* what, std::size_t process, std::size_t thread,
                           const std::string& name, const std::string& value) {
  return fmt::format(R"({{"name":"{}","ph":"M","pid":{},"tid":{},"args":{{"{}":{}}}}})", what,
                     process, thread, name, value);
}

std::string trace_title(const RequestTrace& trace) {
  const TracedSpan& root = trace.spans.front();
  const std::string ending = ending_of(root);
  return fmt::format(
      "{} {} #{}: {} in {}", trace.workload, trace.endpoint, trace.number,
      ending.empty() ? "ok" : ending,
      number_text(static_cast<double>(root.end_ns - root.begin_ns) * 1e-9, Measure::seconds));
}

const std::vector<RequestTrace>& traces_in(const StudyResult& study) {
  static const std::vector<RequestTrace> none;
  return study.runs.empty() ? none : study.runs.front().traces;
}

/// The service in which a span is: that of the visit around it, or the workload.
const std::string& service_of_span(const RequestTrace& trace, std::size_t span) {
  for (auto at = static_cast<std::int32_t>(span); at >= 0;
       at = trace.spans[static_cast<std::size_t>(at)].parent) {
    const TracedSpan& one = trace.spans[static_cast<std::size_t>(at)];
    if (one.kind == SpanKind::visit || one.kind == SpanKind::balancer) return one.name;
  }
  return trace.workload;
}

/// As OTLP numbers them.
int otlp_kind(SpanKind kind) {
  constexpr int internal = 1, server = 2, client = 3;
  switch (kind) {
    case SpanKind::request:
    case SpanKind::attempt:
    case SpanKind::call:
      return client;
    case SpanKind::visit:
    case SpanKind::balancer:
      return server;
    default:
      return internal;
  }
}

Json otlp_attribute(const char* key, const std::string& value) {
  return {{"key", key}, {"value", {{"stringValue", value}}}};
}
Json otlp_attribute(const char* key, std::uint64_t value) {
  return {{"key", key}, {"value", {{"intValue", std::to_string(value)}}}};
}

class OtlpTrace {
 public:
  OtlpTrace(const ScenarioPlan& plan, const RequestTrace& trace)
      : trace_(trace),
        key_(sim::mix(sim::mix(plan.run.seed, sim::hash_name(trace.workload)), trace.number)) {}

  Json line() const {
    Json line;
    line["resourceSpans"] = Json::array();
    std::vector<std::string> services;
    for (std::size_t span = 0; span < trace_.spans.size(); ++span) {
      const std::string& service = service_of_span(trace_, span);
      const auto found = std::find(services.begin(), services.end(), service);
      const auto at = static_cast<std::size_t>(found - services.begin());
      if (found == services.end()) {
        services.push_back(service);
        line["resourceSpans"].push_back(
            {{"resource", {{"attributes", {otlp_attribute("service.name", service)}}}},
             {"scopeSpans",
              {{{"scope", {{"name", "headroom"}, {"version", HEADROOM_VERSION}}},
                {"spans", Json::array()}}}}});
      }
      line["resourceSpans"][at]["scopeSpans"][0]["spans"].push_back(json_of(span));
    }
    return line;
  }

 private:
  std::string id(std::size_t span) const {
    // An id of zeros only would be none; no hash of these is known to be one.
    return fmt::format("{:016x}", std::max<std::uint64_t>(1, sim::mix(key_, span + 1)));
  }
  Json json_of(std::size_t span) const {
    const TracedSpan& one = trace_.spans[span];
    Json json;
    json["traceId"] = fmt::format("{:016x}{:016x}", sim::mix(key_, 0), key_);
    json["spanId"] = id(span);
    if (one.parent >= 0) json["parentSpanId"] = id(static_cast<std::size_t>(one.parent));
    json["name"] = span_text(one);
    json["kind"] = otlp_kind(one.kind);
    json["startTimeUnixNano"] = std::to_string(one.begin_ns);
    json["endTimeUnixNano"] = std::to_string(one.end_ns);
    Json attributes =
        Json::array({otlp_attribute("headroom.kind", std::string(name_of(one.kind)))});
    if (one.parent < 0) {
      attributes.push_back(otlp_attribute("headroom.request", trace_.number));
      attributes.push_back(otlp_attribute("headroom.endpoint", trace_.endpoint));
    }
    if (one.kind == SpanKind::visit && one.number != Span::no_number)
      attributes.push_back(
          otlp_attribute("service.instance.id", fmt::format("{}[{}]", one.name, one.number)));
    const std::string ending = ending_of(one);
    if (!ending.empty()) attributes.push_back(otlp_attribute("headroom.ending", ending));
    json["attributes"] = std::move(attributes);
    constexpr int ok = 1, error = 2;
    json["status"] = {{"code", one.outcome == Outcome::ok ? ok : error}};
    return json;
  }

  const RequestTrace& trace_;
  std::uint64_t key_;
};

}  // namespace

std::string span_text(const TracedSpan& span) {
  const bool has_number = span.number != Span::no_number;
  switch (span.kind) {
    case SpanKind::request:
      return "request of " + span.name;
    case SpanKind::attempt:
      return fmt::format("attempt {}", span.number + 1);
    case SpanKind::call:
      return "call " + span.name;
    case SpanKind::network:
      return span.name.empty() ? "network" : "network, " + span.name;
    case SpanKind::balancer:
      return span.name;
    case SpanKind::visit:
      return has_number ? fmt::format("{}[{}]", span.name, span.number) : span.name;
    case SpanKind::parallel:
      return has_number ? fmt::format("parallel, {} needed", span.number) : "parallel";
    case SpanKind::queue:
    case SpanKind::branch:
      return span.name.empty() ? std::string(name_of(span.kind))
                               : fmt::format("{} {}", name_of(span.kind), span.name);
    default:
      return std::string(name_of(span.kind));
  }
}

std::string ending_of(const TracedSpan& span) {
  if (span.open) return "unfinished";
  if (span.cause != DropCause::none) {
    std::string words(drop_cause_names[static_cast<std::size_t>(span.cause)]);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
  }
  return span.outcome == Outcome::ok
             ? std::string()
             : std::string(outcome_names[static_cast<std::size_t>(span.outcome)]);
}

std::string perfetto_json(const StudyResult& study) {
  std::string events;
  const auto add = [&](const std::string& event) {
    events += (events.empty() ? "\n" : ",\n") + event;
  };
  std::size_t process = 0;
  for (const RequestTrace& trace : traces_in(study)) {
    ++process;
    add(trace_metadata("process_name", process, 0, "name", json_quoted(trace_title(trace))));
    add(trace_metadata("process_sort_index", process, 0, "sort_index", std::to_string(process)));
    const auto lanes = lanes_of(trace);
    const std::size_t threads = *std::max_element(lanes.begin(), lanes.end()) + 1;
    for (std::size_t thread = 1; thread <= threads; ++thread)
      add(trace_metadata("thread_name", process, thread, "name",
                         json_quoted(thread == 1 ? "request" : fmt::format("beside {}", thread))));
    for (std::size_t i = 0; i < trace.spans.size(); ++i) {
      const TracedSpan& span = trace.spans[i];
      const std::string ending = ending_of(span);
      add(fmt::format(
          R"({{"name":{},"cat":"{}","ph":"X","ts":{},"dur":{},"pid":{},"tid":{},"args":{{"ending":{}}}}})",
          json_quoted(span_text(span)), name_of(span.kind), microseconds(span.begin_ns),
          microseconds(span.end_ns - span.begin_ns), process, lanes[i] + 1,
          json_quoted(ending.empty() ? "ok" : ending)));
    }
  }
  return "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[" + events + "\n]}\n";
}

std::string otlp_jsonl(const ScenarioPlan& plan, const StudyResult& study) {
  std::string text;
  for (const RequestTrace& trace : traces_in(study))
    text +=
        OtlpTrace(plan, trace).line().dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return text;
}

}  // namespace headroom
