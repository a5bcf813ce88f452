#pragma once

#include "app/cli/session.hpp"

namespace headroom {

/// Checks the small histories of a file, and whether the verdicts are those that it states.
int verify_litmus(Session& session);

}  // namespace headroom
