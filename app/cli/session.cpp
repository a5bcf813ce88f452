#include "app/cli/session.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "app/cli/exit_code.hpp"
#include "app/cli/interrupt.hpp"
#include "app/scenario/scenario.hpp"

namespace headroom {

bool can_be_read(Console& console, const std::string& file) {
  errno = 0;
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    errno = EISDIR;
  } else if (::access(file.c_str(), R_OK) == 0) {
    return true;
  }
  console.error(exit_bad_input,
                fmt::format("cannot read {}: {}", visible(file), std::strerror(errno)),
                errno == ENOENT ? "to begin with a new one: headroom init" : "");
  return false;
}

std::optional<ScenarioPlan> open_scenario(Session& session, const std::string& file,
                                          const std::vector<std::string>& settings,
                                          Diagnostics& diagnostics) {
  if (!can_be_read(session.console, file)) return std::nullopt;
  auto plan = read_scenario(file, settings, diagnostics);
  if (!plan) {
    session.console.errors(diagnostics);
  } else {
    session.console.warnings(diagnostics);
  }
  return plan;
}

std::optional<Finished> carry_out(Session& session, const ScenarioPlan& plan, unsigned jobs,
                                  const std::function<void(double)>& progress, int& code) {
  StudyOptions options;
  options.jobs = jobs;
  options.interrupted = &watch_interrupts();
  if (session.console.shows_progress()) options.progress = progress;
  Finished finished;
  finished.result = run_study(plan, options);
  if (!finished.result.failed.empty()) {
    code = session.console.error(exit_bad_input, finished.result.failed);
    return std::nullopt;
  }
  if (finished.result.runs.empty()) {
    code = session.console.error(exit_interrupted,
                                 "interrupted before the first replication was finished");
    return std::nullopt;
  }
  finished.summary = summarize(plan, finished.result);
  return finished;
}

}  // namespace headroom
