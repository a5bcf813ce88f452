#pragma once

#include <cstdint>
#include <vector>

#include "app/study/study.hpp"

namespace headroom {

/// What came of several runs.
struct Replications {
  std::vector<RunResult> runs;  ///< The finished ones, by number.
  std::vector<LostRun> lost;
};

/// Replications `first` to `last` (not included), on as many threads as `options` says and on the
/// ranks of MPI. In order, up to the first that was interrupted: what is left is the same as for
/// fewer replications, wherever they were run. What goes wrong on a thread is thrown here.
Replications replications(const ScenarioPlan& plan, const Measurement& measurement,
                          const StudyOptions& options, std::uint32_t first, std::uint32_t last);

}  // namespace headroom
