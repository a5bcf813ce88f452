#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/progress.hpp"
#include "app/cli/session.hpp"
#include "app/study/capacity.hpp"

namespace headroom {

/// Runs one value of a search and judges it; an undecided one is run with four times as many
/// replications. Nothing where there is no answer: `code` then says why, or `interrupted` is set.
std::optional<CapacityTrial> capacity_trial(Session& session, const ScenarioPlan& plan,
                                            Progress& progress, const std::string& what,
                                            bool& interrupted, int& code);

/// What to set so that the targets of --without are gone: killed when the measurement begins, for
/// good. Where the warm-up is found from pilot runs it is found before. Empty without --without.
std::vector<std::string> settings_without(const Session& session, const ScenarioPlan& plan);

}  // namespace headroom
