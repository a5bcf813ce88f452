#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/report/paint.hpp"
#include "app/study/summary.hpp"

namespace headroom {

/// "consistency" and "availability", by store, of the stores that are recorded.
void add_consistency(nlohmann::ordered_json& json, const Summary& summary);

/// One table of what was found, and the counterexample to the weakest guarantee that is violated.
/// It never says that a store has a guarantee: only what was not found in how many operations.
std::string consistency_text(const Summary& summary, const Paint& paint);

/// "write product/3 5", as its client would say it.
std::string operation_text(const RecordedOperation& operation, const std::string& key);

}  // namespace headroom
