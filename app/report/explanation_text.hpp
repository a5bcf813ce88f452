#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/report/paint.hpp"
#include "app/study/explanation.hpp"

namespace headroom {

/// The bottleneck in a sentence, the laws in a table, what each change would do.
std::string explanation_text(const Explanation& explanation, const Design& present,
                             const Paint& paint);

/// What `explain --json` prints: the summary of the scenario as it is, and "explanation".
nlohmann::ordered_json explanation_json(const Explanation& explanation, const Design& present);

}  // namespace headroom
