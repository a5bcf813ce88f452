#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/session.hpp"
#include "app/study/small_run.hpp"

namespace headroom {

/// The least run that shows the violation in `seen` of the scenario of the session with these
/// settings, which `plan` is; nothing where there is none, or none was found.
std::optional<SmallRun> smallest_of(const Session& session, const ScenarioPlan& plan,
                                    const std::vector<std::string>& settings,
                                    const ConsistencySummary& seen, sim::Duration warmup);

}  // namespace headroom
