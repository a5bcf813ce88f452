#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/cli/command_line.hpp"
#include "app/cli/console.hpp"
#include "app/cli/study_options.hpp"
#include "app/study/journal.hpp"
#include "app/study/study.hpp"
#include "app/study/summary.hpp"

namespace headroom {

/// What the commands share while one of them runs.
struct Session {
  CommandLine line;
  Console::Options options;
  Console console;
  StudyArguments study;
  bool resolved = false;                                 ///< check
  bool dot = false;                                      ///< check
  std::optional<std::string> against, allow, junit;      ///< check
  bool markdown = false;                                 ///< schema
  std::vector<std::string> vary;                         ///< sweep, capacity
  std::optional<std::string> refine;                     ///< sweep
  bool with_capacity = false;                            ///< explain
  std::vector<std::string> trigger;                      ///< stability
  std::vector<std::string> without;                      ///< capacity
  std::vector<std::string> find, at;                     ///< capacity
  std::optional<std::string> resolution;                 ///< capacity
  std::vector<std::string> files;                        ///< compare
  std::vector<std::string> directories;                  ///< report
  std::optional<std::string> new_file, starter, family;  ///< init, init, list
  std::unique_ptr<Journal> journal;                      ///< Of a study with -o, while it runs.
  Execution execution{};                                 ///< Of every study.
  std::vector<std::string> varied;            ///< Settings of the study that runs, beside --set.
  std::optional<std::string> pick, workload;  ///< trace
  std::string history;                        ///< verify
  std::optional<std::string> model, initial;  ///< verify
  std::optional<std::string> drawing;         ///< verify
  std::optional<std::string> lesson;          ///< teach
  bool tells_answer = false;                  ///< teach
  std::string shell;                          ///< completion
};

/// Whether the file, a scenario or another one, is there at all; says on the console why it is not.
bool can_be_read(Console& console, const std::string& file, bool is_scenario = true);

/// A scenario that was read and checked, its warnings shown; nothing when it has errors, which were
/// shown as well.
std::optional<ScenarioPlan> open_scenario(Session& session, const std::string& file,
                                          const std::vector<std::string>& settings,
                                          Diagnostics& diagnostics);

/// Whether --set, --seed and the like give no setting two values; false after an error on the
/// console.
bool settings_agree(Session& session);
/// Whether what --vary changes has no value by one of those options; false after an error on the
/// console.
bool may_vary(Session& session, const std::string& path);
/// settings_agree, and what the options say of how runs are carried out.
bool read_execution(Session& session);
/// Whether the replication of --only is one of the study; false after an error on the console.
bool has_replication(Session& session, const RunPlan& run);
/// For every study and pilot of this session.
StudyOptions study_options(const Session& session);

/// What a study was and what is said of it.
struct Finished {
  StudyResult result;
  Summary summary;
};

/// Runs a study and tells `progress`, where somebody watches, the share of it that is done; `more`
/// is that of StudyOptions. Nothing when there is nothing to tell: `code` is then the exit code,
/// and the reason was shown, but for an interrupt: who has finished a part before tells that.
std::optional<Finished> carry_out(
    Session& session, const ScenarioPlan& plan, const std::function<void(double)>& progress,
    int& code, const std::function<std::uint32_t(const StudyResult&)>& more = nullptr);

}  // namespace headroom
