#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/faultable.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"

namespace headroom {

/// A new version of a service and how it comes.
struct Deploy {
  std::vector<Faultable*> instances;
  std::uint32_t batch = 1;  ///< Replaced at a time; at least 1.
  sim::Duration pause;      ///< Between batches.
  sim::Duration drain;      ///< How long an instance may finish what it has.
  double error_rate = 0;    ///< Of the new version, 0 to 1.
  double factor = 1;        ///< Work of the new version takes so many times as long; above 0.
  std::optional<sim::Duration> rollback_after;  ///< From the beginning; never when absent.
};

/// Replaces instances batch by batch: each gets no new calls, finishes what it has for a while, is
/// stopped, and starts again as the new version; the next batch comes when all of one are ready.
/// Who is absent will start as the new version. When somebody notices that it is bad, what was
/// replaced so far is replaced back in the same way, last first. `deploy` outlives it. Source: the
/// rolling update of Kubernetes (maxUnavailable = batch, maxSurge = 0).
sim::Task<> roll_out(sim::Simulation& simulation, const Deploy* deploy);

}  // namespace headroom
