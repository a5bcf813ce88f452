#include <fmt/format.h>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/progress.hpp"
#include "app/report/html/page.hpp"
#include "app/report/result_directory.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/waterfall.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

/// Which request, as `run.trace` has it; false with the exit code where there is none of that kind.
bool choose_request(Session& session, ScenarioPlan& plan, int& code) {
  std::vector<std::string_view> names;
  for (const auto& [name, workload] : plan.workloads)
    names.push_back(name);
  const std::string workload = session.workload.value_or(std::string(names.front()));
  if (std::find(names.begin(), names.end(), workload) == names.end()) {
    code = session.console.error(exit_bad_input,
                                 fmt::format("--workload is \"{}\"", visible(workload)),
                                 suggestion(workload, names));
    return false;
  }
  const std::string pick = session.pick.value_or("p99.9");
  TracePick wanted;
  std::string why;
  if (text_form_of(&wanted).parse(pick + " of " + workload, &wanted, why)) {
    plan.run.trace = wanted;
    return true;
  }
  code = session.console.error(
      exit_bad_input, fmt::format("--pick is \"{}\"", visible(pick)),
      "p99.9 or another percentile, median, slowest, or the number of a request");
  return false;
}

std::uint64_t issued_in(const RunResult& run, const std::string& workload) {
  for (const WorkloadResult& each : run.workloads)
    if (each.name == workload) return total_of(each).issued;
  return 0;
}

/// A request of that number was not sent in the measured time. They are numbered from the first of
/// the warm-up on, which is run by itself to count those of it.
int refuse_number(Session& session, ScenarioPlan plan, const TracePick& pick,
                  const Finished& finished) {
  std::uint64_t before = 0;
  if (finished.result.warmup > sim::Duration()) {
    plan.run.duration = finished.result.warmup;
    plan.run.warmup = sim::Duration();
    plan.run.trace.reset();
    int code = exit_met;
    const auto warming = carry_out(
        session, plan, [](double) {}, code);
    if (!warming) return code;
    before = issued_in(warming->result.runs.front(), pick.workload);
  }
  const std::uint64_t sent = issued_in(finished.result.runs.front(), pick.workload);
  return session.console.error(
      exit_bad_input,
      fmt::format("request {} of {} was not sent in the measured time", pick.number,
                  visible(pick.workload)),
      sent == 0 ? "none was" : fmt::format("{} to {} were", before, before + sent - 1));
}

int trace(Session& session) {
  Console& console = session.console;
  StudyArguments& arguments = session.study;
  if (!read_execution(session)) return exit_bad_input;
  Diagnostics diagnostics;
  auto plan = open_scenario(session, arguments.file, arguments.settings(), diagnostics);
  if (!plan) return exit_bad_input;
  int code = exit_met;
  if (!choose_request(session, *plan, code)) return code;
  plan->run.replications = 1;
  plan->run.until.reset();
  std::optional<ResultDirectory> directory;
  if (arguments.directory) {
    directory.emplace(*arguments.directory);
    const std::string obstacle = directory->obstacle(resolved_text(*plan));
    if (!obstacle.empty()) return console.error(exit_failure, obstacle);
  }
  Progress progress(console.shows_progress());
  const auto finished = carry_out(
      session, *plan, [&](double share) { progress.show(share, plan->name); }, code);
  progress.clear();
  if (!finished) return code;
  if (finished->result.interrupted || finished->result.runs.empty())
    return console.error(exit_interrupted, "interrupted before the run was finished");
  const RunResult& run = finished->result.runs.front();
  if (run.traces.empty()) {
    const TracePick& pick = *picked_by(plan->run);
    if (!pick.quantile) return refuse_number(session, *plan, pick, *finished);
    return console.error(exit_undecided,
                         fmt::format("no request of {} ended ok", visible(pick.workload)));
  }
  const RequestTrace& found = run.traces.front();
  const nlohmann::ordered_json document{{"headroom", 1},
                                        {"scenario", plan->name},
                                        {"seed", plan->run.seed},
                                        {"digest", finished->summary.digest},
                                        {"trace", trace_json(run, found)}};
  if (directory) {
    auto summary = to_json(finished->summary);
    summary["trace"] = document["trace"];
    const std::string why =
        directory->write(result_files(*plan, finished->result, printed(summary)));
    if (!why.empty()) return console.error(exit_failure, why);
  }
  if (console.json())
    console.answer(document);
  else
    console.answer(waterfall_text(run, found, console.paint()));
  return exit_met;
}

}  // namespace

void add_trace(Session& session) {
  Command command =
      session.line.add("trace", "Show where one request spent its time, as a waterfall.");
  add_setting_options(command, session.study);
  command.option("--pick", session.pick, "WHICH",
                 "By rank among the requests that ended ok: p99.9 (the default) or another "
                 "percentile, median, slowest; or the number of a request.");
  command.option("--workload", session.workload, "NAME", "Of this workload. Default: the first.");
  add_running_options(command, session.study);
  add_console_options(command, session.options);
  command.footer(
      "Runs the first replication: once to find the request and once to see it.\n"
      "Example: headroom trace shop.json --pick p99.9 --workload shoppers\n\n"
      "Exit code 0: shown, whatever the SLOs say.");
  command.action([&session] { return trace(session); });
}

}  // namespace headroom
