#pragma once

#include "app/cli/session.hpp"

namespace headroom {

/// `headroom availability`: SLO attainment in the long run under random failures, and how many
/// spare instances it takes.
void add_availability(Session& session);

}  // namespace headroom
