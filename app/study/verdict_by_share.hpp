#pragma once

#include <vector>

#include "app/scenario/plan.hpp"
#include "app/study/figure.hpp"
#include "sim/stats/histogram.hpp"

namespace headroom {

/// A percentile that has no value, or no interval, as too few samples lie beyond it may be far from
/// its limit all the same: what share of the samples is beyond the limit decides. That it is missed
/// also where the percentile itself cannot be told, as a lower one breaks the limit already; then
/// `measured` says so in `why`. Undecided where fewer than two replications have samples.
Verdict verdict_by_share(const Requirement& require,
                         const std::vector<const sim::Histogram*>& latencies, Figure& measured);

}  // namespace headroom
