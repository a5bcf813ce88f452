#pragma once

#include "app/study/study.hpp"

namespace headroom {

/// How much of the beginning of a run is not measured.
struct Warmup {
  sim::Duration length;
  bool found = false;   ///< From pilot runs; otherwise given, or none is needed.
  bool settled = true;  ///< The pilots showed an end of the transient.
};

/// The warm-up that the scenario gives, or the one that pilot runs show: MSER-5 on the number of
/// requests in the system, averaged over pilots with random numbers of their own.
/// Source: White 1997 (MSER-5), Welch 1983 (averaging over runs).
/// The pilots run as replications do, on as many threads and with progress of their own.
Warmup find_warmup(const ScenarioPlan& plan, const StudyOptions& options);

/// Of all the runs of a study, the share that are pilots: 0 where none are needed.
double share_of_pilots(const ScenarioPlan& plan);

}  // namespace headroom
