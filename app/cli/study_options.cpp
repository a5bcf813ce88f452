#include "app/cli/study_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <thread>

#include "app/cli/exit_code.hpp"

namespace headroom {

std::vector<std::string> StudyArguments::settings() const {
  std::vector<std::string> all = set;
  if (seed) all.push_back("--seed " + *seed);
  if (replications) all.push_back("--replications " + *replications);
  if (network) all.push_back("--network " + *network);
  if (duration) all.push_back("--duration " + *duration);
  return all;
}

void add_console_options(Command& command, Console::Options& options) {
  command.flag("--json", options.json, "Print one JSON object, errors included.");
  command.flag("-q,--quiet", options.quiet, "No progress, no warnings.");
  command.flag("--no-color", options.no_color, "No colours (as with NO_COLOR set).");
}

void add_setting_options(Command& command, StudyArguments& arguments) {
  command.argument("FILE", arguments.file, "The scenario.");
  add_change_options(command, arguments);
}

void add_change_options(Command& command, StudyArguments& arguments) {
  command.repeatable("--set", arguments.set, "PATH=VALUE",
                     "Change a value of the scenario, written as in the file; repeatable. "
                     "Example: --set services.app.replicas=4");
  command.option("--seed", arguments.seed, "N", "Sets run.seed.");
  command.option("--replications", arguments.replications, "N", "Sets run.replications.");
  command.option("--network", arguments.network, "ENGINE",
                 "Sets network.engine: delay, or flow (shared bandwidth, by SimGrid).");
  command.option("--duration", arguments.duration, "TIME", "Sets run.duration, as in 10min.");
}

void add_running_options(Command& command, StudyArguments& arguments) {
  command.option("--jobs", arguments.jobs, "N",
                 "Replications at once; the results do not depend on it. "
                 "Default: as many as the machine has threads.");
  command.option("-o,--output", arguments.directory, "DIR", "Write the results into a directory.");
  command.flag("--resume", arguments.resume,
               "Go on with the study that was ended before it could write the directory of -o.");
  command.flag("--exit-zero", arguments.exit_zero,
               "Exit with 0 where an SLO is missed (3) or undecided (4).");
}

std::optional<unsigned> jobs_of(const std::optional<std::string>& written, Console& console) {
  if (!written) return std::max(1u, std::thread::hardware_concurrency());
  constexpr unsigned most = 1024;  // Chosen: more threads than any machine of today runs at once.
  unsigned jobs = 0;
  const char* end = written->data() + written->size();
  const auto [stopped, error] = std::from_chars(written->data(), end, jobs);
  if (error == std::errc() && stopped == end && jobs >= 1 && jobs <= most) return jobs;
  console.error(exit_bad_input, fmt::format("--jobs is {}", visible(*written)),
                fmt::format("a whole number from 1 to {}, as in --jobs 4", most));
  return std::nullopt;
}

}  // namespace headroom
