#pragma once

#include <cstdint>
#include <vector>

#include "app/study/study.hpp"

namespace headroom {

/// Replications `first` to `last` (not included), on as many threads as `options` says. The
/// finished ones in order, up to the first that was interrupted: what is left is the same as for
/// fewer replications, whatever the number of threads. What goes wrong on a thread is thrown here.
std::vector<RunResult> replications(const ScenarioPlan& plan, const Measurement& measurement,
                                    const StudyOptions& options, std::uint32_t first,
                                    std::uint32_t last);

}  // namespace headroom
