#pragma once

#include "app/cli/command_line.hpp"

namespace headroom {

/// --only: one replication of all, for the command that repeats a run.
void add_only_option(Command& command);

}  // namespace headroom
