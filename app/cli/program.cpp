#include "app/cli/program.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "app/cli/commands/availability.hpp"
#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/mpirun.hpp"
#include "app/study/mpi_ranks.hpp"

namespace headroom {

namespace {

/// A closed standard stream would be taken by the next file that is opened, and answers would end
/// up in it. The place is held by something that cannot be written.
void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) ::open("/dev/null", O_RDONLY);
  }
  // A reader that had enough of a pipe shows as a failed write.
  std::signal(SIGPIPE, SIG_IGN);
}

int answer_to(Session& session, std::vector<std::string> words, const std::string& obstacle) {
  if (!words.empty() && words.front() == "--version") words.front() = "version";
  if (!words.empty() && words.front() == "help") {  // "help run" is "run --help"
    words.erase(words.begin());
    words.push_back("--help");
  }
  for (const auto add : {add_init,    add_check,   add_run,        add_sweep,        add_capacity,
                         add_compare, add_explain, add_stability,  add_availability, add_cap,
                         add_trace,   add_teach,   add_verify,     add_replay,       add_report,
                         add_list,    add_schema,  add_completion, add_version,      add_worker}) {
    add(session);
  }
  auto parsed = session.line.parse(words);
  // A fault is told as JSON where the faulty line asks for it.
  Console::Options options = session.options;
  options.json = options.json || std::find(words.begin(), words.end(), "--json") != words.end();
  session.console.configure(options);
  if (parsed.fault) {
    return session.console.error(exit_bad_input, parsed.fault->message, parsed.fault->hint);
  }
  if (!obstacle.empty()) return session.console.error(exit_failure, obstacle);
  if (!parsed.action) {
    session.console.answer(parsed.help);
    return exit_met;
  }
  const int code = parsed.action();
  // Where a part was finished it has been printed.
  if (code == exit_interrupted && !session.console.has_spoken())
    return session.console.error(code, "interrupted before anything was finished");
  return code;
}

}  // namespace

int run_program(const std::vector<std::string>& words) noexcept {
  try {
    hold_standard_streams();
    const bool is_worker = !words.empty() && words.front() == "worker";
    const bool is_rank = is_started_by_mpirun() && !is_worker;
    if (is_rank && !has_mpi()) return become_mpi_program(words);
    std::string obstacle;
    std::unique_ptr<Ranks> ranks;
    if (is_rank) {
      Joined joined = join_ranks();
      if (!joined.ranks) return exit_met;
      ranks = std::move(joined.ranks);
      obstacle = joined.obstacle;
    }
    Session session;
    session.execution.ranks = ranks.get();
    int code = exit_failure;
    try {
      code = answer_to(session, words, obstacle);
    } catch (const std::bad_alloc&) {
      code = session.console.error(exit_failure, "out of memory",
                                   "fewer --jobs keep fewer replications in memory at once");
    } catch (const JournalError& error) {
      code = session.console.error(exit_failure, error.what());
    } catch (const std::exception& error) {
      code = session.console.error(exit_failure, std::string("internal: ") + error.what());
    }
    ranks.reset();
    return session.console.delivered() ? code : exit_failure;
  } catch (...) {
    std::fputs("headroom: error: internal\n", stderr);
    return exit_failure;
  }
}

}  // namespace headroom
