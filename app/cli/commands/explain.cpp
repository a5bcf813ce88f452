#include <fmt/format.h>

#include "app/cli/assumptions.hpp"
#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/load_capacity.hpp"
#include "app/cli/progress.hpp"
#include "app/cli/study_command.hpp"
#include "app/report/explanation_text.hpp"
#include "app/study/pilot.hpp"

namespace headroom {

namespace {

class ExplainCommand : StudyCommand {
 public:
  explicit ExplainCommand(Session& session) : StudyCommand(session) {}
  int run();

 private:
  bool simulate(Design& design, Progress& progress, double before, double count);
  bool run_changes(std::vector<Change> changes, Progress& progress);
  int answer(const Diagnostics& diagnostics);
  std::string text(const Paint& paint) const;

  Design present_;
  Explanation explanation_;
  std::vector<Assumption> assumptions_;
};

bool ExplainCommand::simulate(Design& design, Progress& progress, double before, double count) {
  auto finished = carry_out(
      session_, design.plan,
      [&](double share) { progress.show((before + share) / count, design.name); }, code_);
  if (!finished) return false;
  design.result = std::move(finished->result);
  design.summary = std::move(finished->summary);
  if (!design.result.interrupted) return true;
  code_ = exit_interrupted;
  return false;
}

/// Every change is run for the same measured time on the same random numbers. False with the exit
/// code where that ended early; the effects are then those of the changes before.
bool ExplainCommand::run_changes(std::vector<Change> changes, Progress& progress) {
  const auto count = static_cast<double>(changes.size() + 1);
  explanation_.of_changes = changes.size();
  if (!changes.empty()) explanation_.confidence = 1 - 0.05 / static_cast<double>(changes.size());
  if (session_.with_capacity) {
    explanation_.capacity =
        load_capacity(session_, present_.plan, std::nullopt, "capacity", progress, code_);
    if (!explanation_.capacity) return false;
  }
  for (std::size_t index = 0; index < changes.size(); ++index) {
    Design changed;
    changed.name = changes[index].what;
    changed.plan = changes[index].plan;
    session_.varied.clear();
    if (!changes[index].setting.empty()) session_.varied.push_back(changes[index].setting);
    if (!simulate(changed, progress, static_cast<double>(index + 1), count)) return false;
    explanation_.effects.push_back(
        effect_of(std::move(changes[index]), present_, changed, explanation_.confidence));
    if (!explanation_.capacity) continue;
    auto& effect = explanation_.effects.back();
    effect.capacity = load_capacity(session_, effect.change.plan, explanation_.capacity,
                                    effect.change.what, progress, code_);
    if (!effect.capacity) return false;
  }
  session_.varied.clear();
  explanation_.of_changes.reset();
  return true;
}

std::string ExplainCommand::text(const Paint& paint) const {
  std::string text = explanation_text(explanation_, present_, paint) +
                     assumptions_text(assumptions_, present_.summary.verdict, paint);
  if (code_ == exit_interrupted) {
    const std::size_t run = explanation_.effects.size();
    text += fmt::format("PARTIAL: interrupted after {} of {} changes.\n", run,
                        explanation_.of_changes.value_or(run));
  }
  return text;
}

int ExplainCommand::answer(const Diagnostics& diagnostics) {
  auto document = explanation_json(explanation_, present_);
  if (code_ == exit_interrupted) document["partial"] = true;
  document["explanation"]["assumptions"] = assumptions_json(assumptions_);
  if (diagnostics.warning_count() > 0) document["warnings"] = diagnostics.warnings_json();
  return deliver(
      code_, document, [&](const Paint& paint) { return text(paint); },
      [&](auto& files) { add_run_files(files, present_.plan, present_.result); });
}

int ExplainCommand::run() {
  if (!read_execution(session_)) return exit_bad_input;
  Diagnostics diagnostics;
  auto plan = open_scenario(session_, session_.study.file, session_.study.settings(), diagnostics);
  if (!plan) return exit_bad_input;
  std::string why, hint;
  if (session_.with_capacity && !(why = why_no_load(*plan, hint)).empty())
    return console_.error(exit_bad_input, "--capacity: " + why, hint);
  const auto told = provenance_of(session_.study.file, session_.study.settings(), *plan, why);
  if (!told)
    return console_.error(exit_bad_input, why,
                          R"(as in "x-provenance": {"services.app.service_time": "assumed"})");
  plan->run.until.reset();
  const Json asked{
      {"command", "explain"}, {"capacity", session_.with_capacity}, {"assumed", told->assumed}};
  if (!begin(*plan, asked)) return code_;
  plan->run.warmup = find_warmup(*plan, study_options(session_)).length;
  present_.plan = std::move(*plan);
  present_.name = "as it is";
  Progress progress(console_.shows_progress());
  auto changes = counterfactuals(present_.plan);
  const std::size_t count = changes.size();
  bool done = simulate(present_, progress, 0, static_cast<double>(count + 1));
  if (present_.result.runs.empty()) return code_;
  explanation_ = explain_laws(present_.plan, present_);
  if (done) {
    done = run_changes(std::move(changes), progress);
  } else {
    explanation_.of_changes = count;
  }
  rank_effects(explanation_);
  if (done) {
    auto tried = assumptions_tried(session_, present_.plan, present_.summary.verdict, told->assumed,
                                   progress, code_);
    if (tried) assumptions_ = std::move(*tried);
  }
  progress.clear();
  return code_ == exit_met || code_ == exit_interrupted ? answer(diagnostics) : code_;
}

}  // namespace

void add_explain(Session& session) {
  Command command =
      session.line.add("explain", "Say where time and capacity go, and run what would change it.");
  add_setting_options(command, session.study);
  command.flag("--capacity", session.with_capacity,
               "Look for the highest load that keeps every SLO as well, as it is and with each "
               "change; takes several times as long.");
  add_running_options(command, session.study);
  add_resume_option(command, session.study);
  add_console_options(command, session.options);
  command.footer(
      "Runs the scenario as it is, then once for each change: at each service more replicas, "
      "cores,\n"
      "slots, shards, partitions, a bigger cache, 20 % less work, no admission control; no "
      "retries,\n"
      "hedges, timeouts and other client policies; each failure and each further workload left "
      "out;\n"
      "a network without latency or losses, or with twice the bandwidth. Numbers that\n"
      "\"x-provenance\" calls assumed are changed until the verdict is another. Of a network it\n"
      "says what each link is asked for, where it is cut in two, and what the minimum cut "
      "carries.\n\n"
      "Examples: headroom explain shop.json\n"
      "          headroom explain shop.json --capacity\n\n"
      "Exit code 0: explained, whatever the SLOs say.");
  command.action([&session] { return ExplainCommand(session).run(); });
}

}  // namespace headroom
