#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/study/job.hpp"
#include "app/study/mpi_ranks.hpp"

namespace headroom {

/// A run that came to no result, in a process of its own; the others are not touched by it.
struct LostRun {
  std::uint32_t replication = 0;
  std::string why;  ///< "crashed (signal 11)"
};

/// Where and within what limits this process has its runs simulated, besides its own threads. One
/// for the whole program, set once from the command line; studies are the same whatever it says.
struct Executor {
  RunLimits limits;
  std::unique_ptr<Ranks> ranks;       ///< Under mpirun, on rank 0.
  std::optional<std::uint32_t> only;  ///< Of all replications this one.
  std::vector<std::string> settings;  ///< Of the study that runs, for commands that repeat a run.
  std::vector<LostRun> lost;          ///< Of the study that ran last.
};
Executor& executor();

/// A word as a shell takes it, quoted where it must be.
std::string shell_word(std::string_view word);

/// The command that runs one replication of a scenario again, by itself, quoted for a shell.
/// `settings` as `read_scenario` takes them.
std::string reproduction(const std::string& file, const std::vector<std::string>& settings,
                         std::uint32_t replication);

}  // namespace headroom
