#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/report/paint.hpp"
#include "app/study/gate.hpp"

namespace headroom {

/// Missed where a row is missed, else undecided where one is, else met.
Verdict verdict_of(const std::vector<GateRow>& rows);

/// The verdict in a sentence, every row in a table.
std::string gate_text(const std::string& title, const std::vector<GateRow>& rows,
                      const Paint& paint);

/// What `check --against --json` prints beside the scenario's name.
nlohmann::ordered_json gate_json(const std::vector<GateRow>& rows);

/// The same as a file for continuous integration: one test case a row, missed ones as failures,
/// undecided ones as errors, those that were not compared as skipped. Source: the format of Apache
/// Ant's JUnit task.
std::string gate_junit(const std::string& title, const std::vector<GateRow>& rows);

}  // namespace headroom
