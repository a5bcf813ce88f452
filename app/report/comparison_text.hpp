#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/report/paint.hpp"
#include "app/study/comparison.hpp"

namespace headroom {

/// What is better where, by how much, and how sure that is.
std::string comparison_text(const std::vector<Design>& designs, const Comparison& comparison,
                            const Paint& paint);

/// What `compare --json` prints. "differences" is of the second design against the first;
/// "comparisons" holds all of them where there are more.
nlohmann::ordered_json comparison_json(const std::vector<Design>& designs,
                                       const Comparison& comparison);

}  // namespace headroom
