#include <fmt/format.h>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/next_command.hpp"
#include "app/cli/progress.hpp"
#include "app/cli/smallest.hpp"
#include "app/cli/study_command.hpp"
#include "app/report/consistency.hpp"
#include "app/report/html/page.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/theory_text.hpp"
#include "app/study/reproduction.hpp"

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

/// The violation of one store in the least run that shows it.
struct Smallest {
  std::string service, command;
  SmallRun run;
};

/// Of every store whose clients saw one. Nothing is looked for after an interrupt.
std::vector<Smallest> smallest_runs(const Session& session, const ScenarioPlan& plan,
                                    const Finished& finished) {
  std::vector<Smallest> found;
  if (finished.result.interrupted) return found;
  const auto settings = session.study.settings();
  for (const ConsistencySummary& seen : finished.summary.consistency) {
    auto small = smallest_of(session, plan, settings, seen, finished.result.warmup);
    if (!small) continue;
    auto set = settings;
    set.insert(set.end(), small->set.begin(), small->set.end());
    found.push_back({seen.service, run_command(session.study.file, set), *std::move(small)});
  }
  return found;
}

void add_smallest(nlohmann::ordered_json& document, const std::vector<Smallest>& found) {
  for (const Smallest& each : found) {
    Summary small;
    small.consistency.push_back(each.run.seen);
    nlohmann::ordered_json seen;
    add_consistency(seen, small);
    document["consistency"][each.service]["smallest"] = {
        {"command", each.command},
        {"set", each.run.set},
        {"failures", each.run.failures},
        {"of_failures", each.run.of_failures},
        {"anomaly", seen["consistency"][each.service]["anomaly"]}};
  }
}

std::string smallest_text(const std::vector<Smallest>& found, const Paint& paint) {
  std::string text;
  for (const Smallest& each : found) {
    text += fmt::format("The least run of {} that shows it: {} operations, {} of {} failures.\n",
                        visible(each.service), each.run.seen.anomaly.size(), each.run.failures,
                        each.run.of_failures);
    text += paint.dim("  replay: " + visible(each.command) + "\n");
  }
  return text;
}

class RunCommand : StudyCommand {
 public:
  explicit RunCommand(Session& session) : StudyCommand(session) {}
  int run();

 private:
  int answer(const ScenarioPlan& plan, const Finished& finished, const Diagnostics& diagnostics);
};

int RunCommand::run() {
  if (!read_execution(session_)) return exit_bad_input;
  Diagnostics diagnostics;
  const auto plan =
      open_scenario(session_, session_.study.file, session_.study.settings(), diagnostics);
  if (!plan || !has_replication(session_, plan->run)) return exit_bad_input;
  Json asked{{"command", "run"}};
  if (session_.execution.only) asked["only"] = *session_.execution.only;
  if (!begin(*plan, asked)) return code_;
  Progress progress(console_.shows_progress());
  const auto finished = carry_out(
      session_, *plan, [&](double share) { progress.show(share, plan->name); }, code_);
  progress.clear();
  return finished ? answer(*plan, *finished, diagnostics) : code_;
}

int RunCommand::answer(const ScenarioPlan& plan, const Finished& finished,
                       const Diagnostics& diagnostics) {
  const auto theory = held_theories(plan, finished.summary);
  const auto smallest = smallest_runs(session_, plan, finished);
  auto document = document_of(finished, theory, diagnostics);
  add_smallest(document, smallest);
  const auto text = [&](const Paint& paint) {
    return run_text(finished.summary, paint) + smallest_text(smallest, paint) +
           further_theory_text(theory) +
           next_command(session_.study, plan, finished.summary, paint);
  };
  return deliver(exit_code_of(finished.summary), document, text, [&](auto& files) {
    add_run_files(files, plan, finished.result);
    add_report(files);
  });
}

}  // namespace

void add_run(Session& session) {
  Command command = session.line.add("run", "Simulate a scenario and judge its SLOs.");
  add_setting_options(command, session.study);
  add_running_options(command, session.study);
  add_resume_option(command, session.study);
  add_only_option(command, session.study);
  add_console_options(command, session.options);
  command.footer("Example: headroom run shop.json --set run.load=1.5 --replications 30");
  command.action([&session] { return RunCommand(session).run(); });
}

}  // namespace headroom
