#include <fmt/format.h>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/next_command.hpp"
#include "app/cli/progress.hpp"
#include "app/report/html/page.hpp"
#include "app/report/result_directory.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/theory_text.hpp"

namespace headroom {

namespace {

nlohmann::ordered_json document_of(const Finished& finished, const std::vector<HeldTheory>& theory,
                                   const Diagnostics& diagnostics) {
  nlohmann::ordered_json document = to_json(finished.summary);
  add_further_theory(theory, document);
  document["digests"] = digests_json(finished.result);
  if (diagnostics.warning_count() > 0) document["warnings"] = diagnostics.warnings_json();
  return document;
}

int run(Session& session) {
  Console& console = session.console;
  const StudyArguments& arguments = session.study;
  if (!read_execution(session)) return exit_bad_input;
  Diagnostics diagnostics;
  const auto plan = open_scenario(session, arguments.file, arguments.settings(), diagnostics);
  if (!plan || !has_replication(session, plan->run)) return exit_bad_input;

  std::optional<ResultDirectory> directory;
  if (arguments.directory) {
    directory.emplace(*arguments.directory);
    const std::string obstacle = directory->obstacle(resolved_text(*plan));
    if (!obstacle.empty()) return console.error(exit_failure, obstacle);
  }

  int code = exit_met;
  if (!begin_journal(session, resolved_text(*plan), code)) return code;
  Progress progress(console.shows_progress());
  const auto finished = carry_out(
      session, *plan, [&](double share) { progress.show(share, plan->name); }, code);
  progress.clear();
  if (!finished) return code;

  const auto theory = held_theories(*plan, finished->summary);
  const auto document = document_of(*finished, theory, diagnostics);
  if (directory) {
    auto files = result_files(*plan, finished->result, printed(document));
    add_report(files);
    const std::string why = directory->write(files);
    if (!why.empty()) return console.error(exit_failure, why);
    end_journal(session, finished->result.interrupted);
  }
  if (console.json()) {
    console.answer(document);
  } else {
    console.answer(run_text(finished->summary, console.paint()));
    console.answer(further_theory_text(theory));
    console.answer(next_command(arguments, *plan, finished->summary, console.paint()));
  }
  return softened(exit_code_of(finished->summary), arguments.exit_zero);
}

}  // namespace

void add_run(Session& session) {
  Command command = session.line.add("run", "Simulate a scenario and judge its SLOs.");
  add_setting_options(command, session.study);
  add_running_options(command, session.study);
  add_only_option(command, session.study);
  add_console_options(command, session.options);
  command.footer("Example: headroom run shop.json --set run.load=1.5 --replications 30");
  command.action([&session] { return run(session); });
}

}  // namespace headroom
