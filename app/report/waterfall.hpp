#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "app/report/paint.hpp"
#include "app/study/study.hpp"

namespace headroom {

/// One traced request as text: what it spent its time on, and every span as a bar on its time, each
/// below and indented under the one it is part of. Times count from its intended send time.
std::string waterfall_text(const RunResult& run, const RequestTrace& trace, const Paint& paint);

/// The same as JSON: its spans with `parent` as the position among them, times in seconds.
nlohmann::ordered_json trace_json(const RunResult& run, const RequestTrace& trace);

}  // namespace headroom
