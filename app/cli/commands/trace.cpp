#include <fmt/format.h>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/progress.hpp"
#include "app/cli/study_command.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/waterfall.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

std::uint64_t issued_in(const RunResult& run, const std::string& workload) {
  for (const WorkloadResult& each : run.workloads)
    if (each.name == workload) return total_of(each).issued;
  return 0;
}

class TraceCommand : StudyCommand {
 public:
  explicit TraceCommand(Session& session) : StudyCommand(session) {}
  int run();

 private:
  bool choose_request(ScenarioPlan& plan);
  int refuse_number(ScenarioPlan plan, const TracePick& pick, const Finished& finished);
};

/// Which request, as `run.trace` has it; false where there is none of that kind.
bool TraceCommand::choose_request(ScenarioPlan& plan) {
  std::vector<std::string_view> names;
  for (const auto& [name, workload] : plan.workloads)
    names.push_back(name);
  const std::string workload = session_.workload.value_or(std::string(names.front()));
  if (std::find(names.begin(), names.end(), workload) == names.end()) {
    return refuse(fmt::format("--workload is \"{}\"", visible(workload)),
                  suggestion(workload, names));
  }
  const std::string pick = session_.pick.value_or("p99.9");
  TracePick wanted;
  std::string why;
  if (text_form_of(&wanted).parse(pick + " of " + workload, &wanted, why)) {
    plan.run.trace = wanted;
    return true;
  }
  return refuse(fmt::format("--pick is \"{}\"", visible(pick)),
                "p99.9 or another percentile, median, slowest, or the number of a request");
}

/// A request of that number was not sent in the measured time. They are numbered from the first of
/// the warm-up on, which is run by itself to count those of it.
int TraceCommand::refuse_number(ScenarioPlan plan, const TracePick& pick,
                                const Finished& finished) {
  std::uint64_t before = 0;
  if (finished.result.warmup > sim::Duration()) {
    plan.run.duration = finished.result.warmup;
    plan.run.warmup = sim::Duration();
    plan.run.trace.reset();
    const auto warming = carry_out(
        session_, plan, [](double) {}, code_);
    if (!warming) return code_;
    before = issued_in(warming->result.runs.front(), pick.workload);
  }
  const std::uint64_t sent = issued_in(finished.result.runs.front(), pick.workload);
  refuse(fmt::format("request {} of {} was not sent in the measured time", pick.number,
                     visible(pick.workload)),
         sent == 0 ? "none was" : fmt::format("{} to {} were", before, before + sent - 1));
  return code_;
}

int TraceCommand::run() {
  if (!read_execution(session_)) return exit_bad_input;
  Diagnostics diagnostics;
  auto plan = open_scenario(session_, session_.study.file, session_.study.settings(), diagnostics);
  if (!plan) return exit_bad_input;
  if (!choose_request(*plan)) return code_;
  plan->run.replications = 1;
  plan->run.until.reset();
  // One run, which is soon done again: there is no journal.
  if (!has_place(*plan, {{"command", "trace"}})) return code_;
  Progress progress(console_.shows_progress());
  const auto finished = carry_out(
      session_, *plan, [&](double share) { progress.show(share, plan->name); }, code_);
  progress.clear();
  if (!finished) return code_;
  if (finished->result.interrupted || finished->result.runs.empty())
    return console_.error(exit_interrupted, "interrupted before the run was finished");
  const RunResult& run = finished->result.runs.front();
  if (run.traces.empty()) {
    const TracePick& pick = *picked_by(plan->run);
    if (!pick.quantile) return refuse_number(*plan, pick, *finished);
    return console_.error(exit_undecided,
                          fmt::format("no request of {} ended ok", visible(pick.workload)));
  }
  const RequestTrace& found = run.traces.front();
  const nlohmann::ordered_json document{{"headroom", 1},
                                        {"scenario", plan->name},
                                        {"seed", plan->run.seed},
                                        {"digest", finished->summary.digest},
                                        {"trace", trace_json(run, found)}};
  auto summary = to_json(finished->summary);
  summary["trace"] = document["trace"];
  const auto add_files = [&](auto& files) { add_run_files(files, *plan, finished->result); };
  if (!write(summary, false, add_files)) return code_;
  if (console_.json())
    console_.answer(document);
  else
    console_.answer(waterfall_text(run, found, console_.paint()));
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
  command.action([&session] { return TraceCommand(session).run(); });
}

}  // namespace headroom
