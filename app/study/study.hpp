#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/study/job.hpp"
#include "app/study/run.hpp"

namespace headroom {

class Journal;
class Ranks;
struct StudyResult;

/// Who simulates the runs of a study, and within what limits. What they find is the same.
struct Execution {
  unsigned jobs = 1;  ///< Replications at once, each on a thread of this process.
  RunLimits limits{};
  Ranks* ranks = nullptr;               ///< Under mpirun, on rank 0: these take runs as well.
  std::optional<std::uint32_t> only{};  ///< Of all replications this one.
};

/// A run that came to no result, in a process of its own; the others are not touched by it.
struct LostRun {
  std::uint32_t replication = 0;
  std::string why;  ///< "crashed (signal 11)"
};

struct StudyOptions {
  Execution execution{};
  const std::atomic<bool>* interrupted = nullptr;  ///< Set from outside to end early.
  /// Told the share done of the whole study, from 0 to 1; from any thread, one at a time.
  std::function<void(double)> progress;
  /// Asked once as many replications are done as the scenario wants: how many more are needed.
  std::function<std::uint32_t(const StudyResult&)> more;
  Journal* journal = nullptr;  ///< Where finished runs are kept and found again.
};

/// All replications of one scenario. The same for any number of jobs.
struct StudyResult {
  sim::Duration warmup;
  bool warmup_found = false;    ///< By pilot runs, not given.
  bool warmup_settled = true;   ///< The pilots showed an end of the transient.
  std::vector<RunResult> runs;  ///< The finished ones, by replication.
  std::vector<LostRun> lost;    ///< Those that came to no result.
  bool interrupted = false;     ///< Fewer replications than asked for.
  bool sequential = false;      ///< As many replications as the precision asked for.
  std::string failed;           ///< Why a run could not finish; empty otherwise.
};

StudyResult run_study(const ScenarioPlan& plan, const StudyOptions& options);

}  // namespace headroom
