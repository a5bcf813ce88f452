#include <fmt/format.h>

#include <filesystem>
#include <vector>

#include "app/cli/exit_code.hpp"
#include "app/cli/session.hpp"

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

bool begin_journal(Session& session, const std::string& study, int& code) {
  Console& console = session.console;
  const auto& directory = session.study.directory;
  if (!directory) {
    if (!session.study.resume) return true;
    code = console.error(exit_bad_input, "--resume needs the directory of the study",
                         "the same command as before, with -o DIR --resume");
    return false;
  }
  auto opened = Journal::open(journal_of(*directory), study, session.study.resume);
  if (!opened.journal) {
    code = console.error(exit_failure, opened.obstacle, opened.hint);
    return false;
  }
  session.journal = std::move(opened.journal);
  if (session.study.resume) remove_unfinished(session.journal->path());
  if (session.journal->bytes_dropped() > 0) {
    console.warn(
        fmt::format("warning: the last {} bytes of {} are torn or damaged; what they held "
                    "is run again\n",
                    session.journal->bytes_dropped(), session.journal->path()));
  }
  return true;
}

void end_journal(Session& session, bool interrupted) {
  if (session.journal && !interrupted) session.journal->remove();
  session.journal.reset();
}

}  // namespace headroom
