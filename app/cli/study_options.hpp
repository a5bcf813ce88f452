#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/command_line.hpp"
#include "app/cli/console.hpp"
#include "app/study/study.hpp"

namespace headroom {

/// What every command that simulates understands.
struct StudyArguments {
  std::string file;
  std::vector<std::string> set;
  std::optional<std::string> seed, replications, duration, network, jobs, directory;
  std::optional<std::string> time_limit, only;
  bool exit_zero = false, resume = false, isolate = false;

  /// --set, then the options that stand for a setting of their own.
  std::vector<std::string> settings() const;
};

/// Flags that every command understands.
void add_console_options(Command& command, Console::Options& options);

/// The scenario and what changes it.
void add_setting_options(Command& command, StudyArguments& arguments);
/// --set and the options that stand for a setting of their own.
void add_change_options(Command& command, StudyArguments& arguments);
/// How runs are carried out, -o, and --exit-zero, which pipelines give to every study.
void add_running_options(Command& command, StudyArguments& arguments);
/// --resume, for the commands that keep a journal.
void add_resume_option(Command& command, StudyArguments& arguments);
/// --only: one replication of all, for the command that repeats a run.
void add_only_option(Command& command, StudyArguments& arguments);

}  // namespace headroom
