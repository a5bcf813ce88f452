#pragma once

#include <string>

#include "app/study/study.hpp"

namespace headroom {

/// Traced requests of the first replication as trace events for Perfetto or chrome://tracing: a
/// process each, with as many threads as it has things going on side by side, so that requests that
/// overlap do not hide each other. Times in microseconds from the start of the run.
/// Source: "Trace Event Format", Google 2016: complete events, which nest on a thread.
std::string perfetto_json(const StudyResult& study);

/// The same as OTLP in JSON lines, one request a line. Times in nanoseconds from the start of the
/// run as if it had begun at the Unix epoch.
/// Source: OpenTelemetry Protocol 1.x, "JSON Protobuf Encoding" (hex ids, 64-bit integers as
/// strings), and "File Exporter" (JSON lines).
std::string otlp_jsonl(const ScenarioPlan& plan, const StudyResult& study);

/// "app[2] queue", "call db.read", "attempt 2"
std::string span_text(const TracedSpan& span);

/// What is wrong with it in a word or two; empty where it ended well.
std::string ending_of(const TracedSpan& span);

}  // namespace headroom
