#pragma once

#include <optional>
#include <string>

#include "app/cli/progress.hpp"
#include "app/cli/session.hpp"
#include "app/study/explanation.hpp"

namespace headroom {

/// Why `run.load` has no capacity: it multiplies open arrivals, and there are none. Empty where
/// there are; else with `hint`, what to vary instead.
std::string why_no_load(const ScenarioPlan& plan, std::string& hint);

/// The highest `run.load` of a plan at which every SLO is met, to within 2 %. Where bounds of a
/// similar plan are known they are tried first, so that a change without effect costs two values.
/// Nothing where it was interrupted or a run failed: `code` tells.
std::optional<CapacityBounds> load_capacity(Session& session, const ScenarioPlan& plan,
                                            const std::optional<CapacityBounds>& expected,
                                            const std::string& what, Progress& progress, int& code);

}  // namespace headroom
