#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "app/study/run.hpp"

namespace headroom {

/// A run that came to no result: its process crashed, took too long or needed too much memory.
struct RunLost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// How long and where a run may go on.
struct RunLimits {
  /// Each run in a process of its own, which may crash or need more memory than `run.max_memory`
  /// without harm to the others.
  bool isolate = false;
  std::optional<double> time_s;  ///< Of the wall clock; only what has a process of its own ends.
};

/// One run as it is told to another process: the scenario as text, to be read and checked again.
struct Job {
  std::string scenario;
  std::uint32_t replication = 0;
  Measurement measurement{};
  RunLimits limits{};
  std::int64_t most_memory_bytes = 0;  ///< 0: no limit.
};
Job job_of(const ScenarioPlan& plan, std::uint32_t replication, const Measurement& measurement,
           const RunLimits& limits);
std::string job_bytes(const Job& job);
/// Nothing where the bytes are not those of a job of this version of the program.
std::optional<Job> job_of_bytes(std::string_view bytes);

/// The rules of scenarios do not allow it.
struct ScenarioRefused : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// The scenario of a job. Throws `ScenarioRefused`, or std::system_error where it cannot be read.
ScenarioPlan plan_of(const Job& job);

/// Whether replications of this scenario need a process each: the flow engine can be started once
/// in a process.
bool needs_process(const ScenarioPlan& plan);

/// One replication, here or in a worker process, as the scenario needs it and the limits say.
RunResult run_within(const RunLimits& limits, const ScenarioPlan& plan, std::uint32_t replication,
                     const Measurement& measurement, const std::function<bool(double)>& go_on);

}  // namespace headroom
