#include "app/cli/study_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <thread>

#include "app/cli/exit_code.hpp"
#include "app/cli/mpirun.hpp"
#include "app/cli/session.hpp"
#include "app/scenario/merge.hpp"
#include "app/scenario/quantity.hpp"

namespace headroom {

namespace {

bool read_time_limit(Session& session) {
  const auto& written = session.study.time_limit;
  RunLimits& limits = session.execution.limits;
  limits.isolate = session.study.isolate || written;
  if (!written) return true;
  const double seconds = parse_quantity(Quantity::time, *written).value.value_or(0) * 1e-9;
  if (seconds > 0) {
    limits.time_s = seconds;
    return true;
  }
  session.console.error(exit_bad_input, fmt::format("--time-limit is \"{}\"", visible(*written)),
                        "a time above 0, as in --time-limit 10min");
  return false;
}

/// A whole number from `least` on and below `end`, and nothing else.
std::optional<std::uint32_t> whole_number(const std::string& written, std::uint32_t least,
                                          std::uint32_t end) {
  std::uint32_t number = 0;
  const char* last = written.data() + written.size();
  const auto [stopped, error] = std::from_chars(written.data(), last, number);
  if (error != std::errc() || stopped != last || number < least || number >= end)
    return std::nullopt;
  return number;
}

bool read_only(Session& session) {
  const auto& written = session.study.only;
  if (!written) return true;
  constexpr std::uint32_t most = 1'000'000;
  session.execution.only = whole_number(*written, 0, most);
  if (session.execution.only) return true;
  session.console.error(exit_bad_input, fmt::format("--only is \"{}\"", visible(*written)),
                        "the number of a replication, from 0 on, as in --only 3");
  return false;
}

bool read_jobs(Session& session) {
  unsigned& jobs = session.execution.jobs;
  const auto& written = session.study.jobs;
  if (!written) {
    jobs = is_started_by_mpirun() ? 1 : std::max(1u, std::thread::hardware_concurrency());
    return true;
  }
  constexpr unsigned most = 1024;  // Chosen: more threads than any machine of today runs at once.
  const auto number = whole_number(*written, 1, most + 1);
  if (number) {
    jobs = *number;
    return true;
  }
  session.console.error(exit_bad_input, fmt::format("--jobs is {}", visible(*written)),
                        fmt::format("a whole number from 1 to {}, as in --jobs 4", most));
  return false;
}

}  // namespace

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
  command.flag("--exit-zero", arguments.exit_zero,
               "Exit with 0 where an SLO is missed (3) or undecided (4).");
  command.flag("--isolate", arguments.isolate,
               "Each run in a process of its own: one that crashes or needs more than "
               "run.max_memory is told and left out, the others go on.");
  command.option("--time-limit", arguments.time_limit, "TIME",
                 "The same, and a run that takes longer by the clock, as 10min, is left out too.");
}

void add_resume_option(Command& command, StudyArguments& arguments) {
  command.flag("--resume", arguments.resume,
               "Go on with the study that was ended before it could write the directory of -o.");
}

void add_only_option(Command& command, StudyArguments& arguments) {
  command.option("--only", arguments.only, "N",
                 "Of all replications only this one, from 0 on, by itself.");
}

bool settings_agree(Session& session) {
  auto settings = session.study.settings();
  settings.insert(settings.end(), session.at.begin(), session.at.end());
  const auto two = contradiction(settings);
  if (!two) return true;
  session.console.error(exit_bad_input,
                        fmt::format("one setting is given two values: {} and {}",
                                    visible(two->first), visible(two->second)),
                        "leave one of them out");
  return false;
}

bool may_vary(Session& session, const std::string& path) {
  const auto set = setting_of(path, session.study.settings());
  if (!set) return true;
  session.console.error(
      exit_bad_input,
      fmt::format("{} is varied and given a value: {}", visible(path), visible(*set)),
      "leave one of them out");
  return false;
}

bool has_replication(Session& session, const RunPlan& run) {
  const auto& only = session.execution.only;
  // With `until` there are as many as the precision needs.
  if (!only || run.until || *only < run.replications) return true;
  session.console.error(
      exit_bad_input, fmt::format("--only is {}", *only),
      fmt::format("0 to {}: there are {} replications; --replications {} makes more",
                  run.replications - 1, run.replications, std::uint64_t{*only} + 1));
  return false;
}

bool read_execution(Session& session) {
  return settings_agree(session) && read_time_limit(session) && read_only(session) &&
         read_jobs(session);
}

}  // namespace headroom
