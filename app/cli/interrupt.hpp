#pragma once

#include <atomic>

namespace headroom {

/// From now on SIGINT and SIGTERM set the flag that is returned; a second one ends the program at
/// once with exit code 130.
const std::atomic<bool>& watch_interrupts();

}  // namespace headroom
