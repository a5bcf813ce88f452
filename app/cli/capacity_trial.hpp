#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/progress.hpp"
#include "app/cli/session.hpp"
#include "app/study/capacity.hpp"

namespace headroom {

/// Runs one value of a search and judges it; an undecided one is run with four times as many
/// replications. Nothing where no run was finished: `code` then says why. Where an interrupt left
/// some of them, `interrupted` is set and what they say comes back.
std::optional<CapacityTrial> capacity_trial(Session& session, const ScenarioPlan& plan,
                                            Progress& progress, const std::string& what,
                                            bool& interrupted, int& code);

/// The settings of all values tried: --set, --at and those of `open_without`.
std::vector<std::string> base_settings(const Session& session,
                                       const std::vector<std::string>& without);

/// The scenario in which the targets of --without are gone: killed when the measurement begins, for
/// good. Where the warm-up is found from pilot runs it is found before. `without`: what to set for
/// that beside `settings`; nothing without --without. Nothing after errors on the console.
std::optional<ScenarioPlan> open_without(Session& session, std::vector<std::string> settings,
                                         Diagnostics& diagnostics,
                                         std::vector<std::string>& without);

}  // namespace headroom
