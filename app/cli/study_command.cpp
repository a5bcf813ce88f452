#include "app/cli/study_command.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "app/report/result_directory.hpp"
#include "app/report/summary_json.hpp"
#include "app/scenario/defaults.hpp"
#include "app/scenario/resolved.hpp"

namespace headroom {

namespace {

namespace fs = std::filesystem;

/// Beside the directory, which is written as a whole and at the end.
std::string journal_of(const std::string& directory) {
  fs::path path = fs::path(directory).lexically_normal();
  if (path.filename().empty()) path = path.parent_path();
  path += ".journal";
  std::error_code ignored;  // what is wrong shows when the file is opened
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), ignored);
  return path.string();
}

/// What a study that was killed while it wrote its results has left beside the directory. Nobody
/// else writes there while the journal is held.
void remove_unfinished(const std::string& journal) {
  const fs::path path = fs::absolute(journal);
  const std::string name = path.stem().string() + ".unfinished-";
  std::error_code error;
  std::vector<fs::path> left;
  for (fs::directory_iterator each(path.parent_path(), error), end; !error && each != end;
       each.increment(error)) {
    if (each->path().filename().string().starts_with(name)) left.push_back(each->path());
  }
  for (const fs::path& each : left)
    fs::remove_all(each, error);
}

}  // namespace

StudyCommand::~StudyCommand() {
  leave_journal();
}

void StudyCommand::leave_journal() {
  if (!session_.journal) return;
  const std::size_t runs = session_.journal->runs_held();
  if (runs > 0)
    console_.warn(
        fmt::format("{} keeps {} finished run{}: the same command with --resume goes on "
                    "from there; or remove the file\n",
                    visible(session_.journal->path()), runs, runs == 1 ? "" : "s"));
  session_.journal.reset();
}

bool StudyCommand::refuse(const std::string& message, const std::string& hint) {
  code_ = console_.error(exit_bad_input, message, hint);
  return false;
}

bool StudyCommand::has_place(const ScenarioPlan& plan, const Json& asked) {
  const auto& directory = session_.study.directory;
  if (!directory) return true;
  Json document = resolved(with_defaults(plan));
  document["x-study"] = asked;
  document_ = printed(document);
  const std::string obstacle = ResultDirectory(*directory).obstacle(document_);
  if (!obstacle.empty()) code_ = console_.error(exit_failure, obstacle);
  return obstacle.empty();
}

bool StudyCommand::begin(const ScenarioPlan& plan, const Json& asked) {
  return has_place(plan, asked) && begin_journal();
}

bool StudyCommand::begin_journal() {
  const StudyArguments& study = session_.study;
  if (!study.directory) {
    return !study.resume || refuse("--resume needs the directory of the study",
                                   "the same command as before, with -o DIR --resume");
  }
  auto opened = Journal::open(journal_of(*study.directory), document_, study.resume);
  if (!opened.journal) {
    code_ = console_.error(exit_failure, opened.obstacle, opened.hint);
    return false;
  }
  session_.journal = std::move(opened.journal);
  if (study.resume) remove_unfinished(session_.journal->path());
  if (session_.journal->bytes_dropped() > 0) {
    console_.warn(
        fmt::format("warning: the last {} bytes of {} are torn or damaged; what they held "
                    "is run again\n",
                    session_.journal->bytes_dropped(), session_.journal->path()));
  }
  return true;
}

bool StudyCommand::write(const Json& summary, bool is_partial, const AddFiles& add) {
  if (!session_.study.directory) return true;
  std::vector<ResultFile> files{{"scenario.resolved.json", document_},
                                {"summary.json", printed(summary)}};
  if (add) add(files);
  const std::string why = ResultDirectory(*session_.study.directory).write(files);
  if (!why.empty()) {
    code_ = console_.error(exit_failure, why);
    return false;
  }
  if (session_.journal && !is_partial) {
    session_.journal->remove();
    session_.journal.reset();
  }
  leave_journal();
  return true;
}

int StudyCommand::deliver(int code, const Json& summary,
                          const std::function<std::string(const Paint&)>& text,
                          const AddFiles& add) {
  if (!write(summary, code == exit_interrupted, add)) return code_;
  if (console_.json()) {
    console_.answer(summary);
  } else {
    console_.answer(text(console_.paint()));
  }
  return softened(code, session_.study.exit_zero);
}

}  // namespace headroom
