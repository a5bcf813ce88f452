#pragma once

#include <cstdint>

#include "models/client_plan.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

/// The pause before retry number `retry`, which is 1 for the second attempt. The base is a draw of
/// `plan.backoff`; it grows by `multiplier` from one retry to the next, is capped at `max_backoff`
/// and then spread as `jitter` says. `previous` is the pause before the last retry, zero before the
/// first; only decorrelated jitter looks at it. `draws` belongs to this pause alone.
/// Source: Brooker 2015, "Exponential backoff and jitter" (AWS architecture blog).
/// Departs from source: the first pause is the base, not `multiplier` times the base.
sim::Duration backoff(const RetryPlan& plan, std::uint32_t retry, sim::Duration previous,
                      sim::Keyed draws);

}  // namespace headroom
