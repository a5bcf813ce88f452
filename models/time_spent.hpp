#pragma once

#include "models/traces.hpp"
#include "models/tracing.hpp"

namespace headroom {

/// Takes a traced request that has ended apart: every nanosecond of its time, once, by what it went
/// for and where. Follows the request back from its end to whatever it was waiting for at each
/// instant: of what goes on side by side, only what the request waited for counts.
///
/// Of several attempts only the one that brought the answer is taken apart, what was before is
/// `retry`. Of a parallel step the time after half of the branches that it needs had ended is
/// `slowest_branch`, and before it counts what the branch that came last was doing.
/// Source: the critical path of a trace as in Zhang et al. 2022, "CRISP: Critical Path Analysis of
/// Large-Scale Microservice Architectures", USENIX ATC.
/// Departs from source: time is given to causes as well, and retries and stragglers are told apart.
///
/// Adds to `group`; the number of its requests and its latency too.
void take_apart(const Span& request, GroupTimes& group);

}  // namespace headroom
