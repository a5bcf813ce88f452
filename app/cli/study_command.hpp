#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli/exit_code.hpp"
#include "app/cli/session.hpp"
#include "app/report/paint.hpp"
#include "app/report/result_files.hpp"

namespace headroom {

/// What the commands that run a study have in common: what tells it from others, its journal, the
/// directory of -o and the answer. A member that returns false has said why on the console, and
/// `code_` is the exit code.
class StudyCommand {
 protected:
  using Json = nlohmann::ordered_json;
  /// Adds the files of one kind of study to those that all have.
  using AddFiles = std::function<void(std::vector<ResultFile>&)>;

  explicit StudyCommand(Session& session) : session_(session), console_(session.console) {}
  /// Says of a journal that stays what it is for.
  ~StudyCommand();

  /// False: the command line or the scenario is bad.
  bool refuse(const std::string& message, const std::string& hint = {});

  /// Whether the directory of -o, where there is one, can take the results. What tells this study
  /// from another is `plan` and what was `asked` of it: the command, and all of its options beside
  /// those of the plan that change the results. How it is carried out is none of that.
  bool has_place(const ScenarioPlan& plan, const Json& asked);
  /// The same, and opens the journal beside the directory: before the first run.
  bool begin(const ScenarioPlan& plan, const Json& asked);

  /// Writes the directory of -o, where there is one: scenario.resolved.json, with `asked` as
  /// "x-study", summary.json and what `add` adds. The journal goes, unless the study is partial.
  bool write(const Json& summary, bool is_partial, const AddFiles& add = {});
  /// The same, then answers with `summary` or, where no JSON is asked for, with `text`. Returns
  /// `code`, with --exit-zero as that wants it, or the exit code of what failed.
  int deliver(int code, const Json& summary, const std::function<std::string(const Paint&)>& text,
              const AddFiles& add = {});

  Session& session_;
  Console& console_;
  int code_ = exit_met;

 private:
  bool begin_journal();
  void leave_journal();

  std::string document_;  ///< Everything that tells this study from another; only with -o.
};

}  // namespace headroom
