#pragma once

#include "app/study/run.hpp"

namespace headroom {

/// The first replication without what checkers say, and all that was recorded.
RunResult recorded_run(const ScenarioPlan& plan, const Measurement& measurement);

}  // namespace headroom
