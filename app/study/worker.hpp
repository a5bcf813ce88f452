#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "app/study/run.hpp"

namespace headroom {

/// Whether replications of this scenario need a process each: the flow engine can be started once
/// in a process.
bool needs_process(const ScenarioPlan& plan);

/// Simulates one replication in a process that is started afresh, of the program headroom-flow, and
/// returns what `simulate` would. `go_on` is asked as there; where it says no, or where the process
/// was interrupted, the result is marked as stopped. Throws where the process cannot be started or
/// dies. May be called on several threads at once.
RunResult simulate_in_worker(const ScenarioPlan& plan, std::uint32_t replication,
                             const Measurement& measurement,
                             const std::function<bool(double)>& go_on);

/// The other end: does the one job that stands on the standard input and writes what comes out of
/// it to the standard output. Returns the exit code.
int serve_one_job();

}  // namespace headroom
