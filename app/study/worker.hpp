#pragma once

#include <functional>

#include "app/study/job.hpp"

namespace headroom {

/// Simulates one replication in a process that is started afresh, of this program or, with
/// `with_flow`, of headroom-flow, and returns what `simulate` would. `go_on` is asked as there;
/// where it says no, or where the process was interrupted, the result is marked as stopped. Throws
/// RunLost where the process dies, takes too long or needs too much memory, something else where it
/// cannot be started. May be called on several threads at once.
RunResult simulate_in_worker(const Job& job, bool with_flow,
                             const std::function<bool(double)>& go_on);

/// The other end: does the one job that stands on the standard input and writes what comes out of
/// it to the standard output. Returns the exit code.
int serve_one_job();

}  // namespace headroom
