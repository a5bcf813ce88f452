#pragma once

#include <optional>
#include <span>
#include <string>

#include "app/scenario/diagnostics.hpp"
#include "app/scenario/document.hpp"
#include "app/scenario/plan.hpp"

namespace headroom {

/// Reads a scenario file with what it extends and the settings of the command line, checks it
/// through and through, and reads the files it names. Nothing when there was an error; warnings
/// may be there in any case.
std::optional<ScenarioPlan> read_scenario(const std::string& path,
                                          std::span<const std::string> settings,
                                          Diagnostics& diagnostics);

/// What no single field can know: names that must exist, services nobody calls, circles of calls,
/// mixes and failures that fit their services, a warm-up where one is needed.
void check_scenario(const ScenarioPlan& plan, const Node& document, Diagnostics& diagnostics);

/// Reads the arrival times and empirical distributions that the plan names by file.
void read_data_files(ScenarioPlan& plan, const Node& document, Diagnostics& diagnostics);

}  // namespace headroom
