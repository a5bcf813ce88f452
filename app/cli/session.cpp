#include "app/cli/session.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <vector>

#include "app/cli/exit_code.hpp"
#include "app/cli/interrupt.hpp"
#include "app/scenario/scenario.hpp"
#include "app/scenario/suggest.hpp"
#include "app/study/reproduction.hpp"

namespace headroom {

namespace {

/// What to do where there is no such file: one beside it with nearly that name, or a new scenario.
std::string instead_of(const std::string& file, bool is_scenario) {
  constexpr std::size_t most = 1000;
  const std::filesystem::path wanted(file);
  const auto folder = wanted.has_parent_path() ? wanted.parent_path() : std::filesystem::path(".");
  std::error_code error;
  std::vector<std::string> found;
  for (std::filesystem::directory_iterator each(folder, error), end;
       !error && each != end && found.size() < most; each.increment(error)) {
    if (!is_scenario || each->path().extension() == ".json")
      found.push_back(each->path().filename().string());
  }
  std::sort(found.begin(), found.end());
  const std::string name = wanted.filename().string();
  for (const std::string& each : found)
    if (each == name + ".json") return "did you mean \"" + visible(each) + "\"?";
  const auto near = nearest(name, std::vector<std::string_view>(found.begin(), found.end()));
  if (!near.empty()) return "did you mean \"" + visible(near.front()) + "\"?";
  return is_scenario ? "to begin with a new one: headroom init" : "";
}

/// "number 3 crashed (signal 11)", with the command that runs it again.
std::string told(const Session& session, const ScenarioPlan& plan, const LostRun& run) {
  if (run.replication >= first_pilot) return "a pilot run " + run.why;
  auto settings = session.study.settings();
  settings.insert(settings.end(), session.varied.begin(), session.varied.end());
  // A study that looked again ran more of them than it was asked for.
  if (!plan.run.until && run.replication >= plan.run.replications) {
    std::erase_if(settings,
                  [](const std::string& each) { return each.starts_with("--replications "); });
    settings.push_back(fmt::format("--replications {}", run.replication + 1));
  }
  return fmt::format("number {} {}; again: {}", run.replication, run.why,
                     reproduction(session.study.file, settings, run.replication));
}

/// Those that came to no result are in none of the figures, and may well have been those with the
/// most work: what is left has shown nothing to hold.
void tell_of_lost(Session& session, const ScenarioPlan& plan, Finished& finished) {
  const auto& lost = finished.result.lost;
  if (lost.empty()) return;
  std::string text = fmt::format("{} of {} replications came to no result", lost.size(),
                                 lost.size() + finished.result.runs.size());
  for (const LostRun& run : lost)
    session.console.warn("warning: replication " + told(session, plan, run) + "\n");
  Summary& summary = finished.summary;
  text += fmt::format(" ({})", told(session, plan, lost.front()));
  summary.unsettled_because += (summary.unsettled_because.empty() ? "" : "; ") + text;
  if (summary.verdict == Verdict::met) summary.verdict = Verdict::undecided;
}

}  // namespace

bool can_be_read(Console& console, const std::string& file, bool is_scenario) {
  errno = 0;
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    errno = EISDIR;
  } else if (::access(file.c_str(), R_OK) == 0) {
    return true;
  }
  const bool missing = errno == ENOENT;
  console.error(exit_bad_input,
                fmt::format("cannot read {}: {}", visible(file), std::strerror(errno)),
                missing ? instead_of(file, is_scenario) : "");
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

StudyOptions study_options(const Session& session) {
  StudyOptions options;
  options.execution = session.execution;
  options.interrupted = &watch_interrupts();
  options.journal = session.journal.get();
  return options;
}

std::optional<Finished> carry_out(Session& session, const ScenarioPlan& plan,
                                  const std::function<void(double)>& progress, int& code,
                                  const std::function<std::uint32_t(const StudyResult&)>& more) {
  StudyOptions options = study_options(session);
  options.more = more;
  if (session.console.shows_progress()) options.progress = progress;
  Finished finished;
  finished.result = run_study(plan, options);
  if (!finished.result.failed.empty()) {
    code = session.console.error(exit_bad_input, finished.result.failed);
    return std::nullopt;
  }
  const auto& lost = finished.result.lost;
  if (finished.result.runs.empty() && !lost.empty()) {
    code = session.console.error(
        exit_failure, fmt::format("none of {} replications came to a result: {}", lost.size(),
                                  told(session, plan, lost.front())));
    return std::nullopt;
  }
  if (finished.result.runs.empty()) {
    code = exit_interrupted;
    return std::nullopt;
  }
  finished.summary = summarize(plan, finished.result);
  tell_of_lost(session, plan, finished);
  return finished;
}

}  // namespace headroom
