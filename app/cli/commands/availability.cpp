#include "app/cli/commands/availability.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <functional>
#include <memory>

#include "app/cli/exit_code.hpp"
#include "app/cli/progress.hpp"
#include "app/cli/study_command.hpp"
#include "app/cli/today.hpp"
#include "app/cli/vary.hpp"
#include "app/report/availability_text.hpp"
#include "app/scenario/quantity.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/figures_of_runs.hpp"

namespace headroom {

namespace {

constexpr std::size_t most_states = 64;  // Chosen: at a minute each an hour.

/// Of all requests of all workloads that ended, those that were not ok.
Figure error_rate_of(const StudyResult& study) {
  std::vector<double> bad, finished;
  for (const RunResult& run : study.runs) {
    std::uint64_t ok = 0, all = 0;
    for (const WorkloadResult& workload : run.workloads) {
      const EndpointResult total = total_of(workload);
      for (std::size_t outcome = 0; outcome < total.finished.size(); ++outcome)
        all += total.finished[outcome];
      ok += total.finished[static_cast<std::size_t>(Outcome::ok)];
    }
    bad.push_back(static_cast<double>(all - ok));
    finished.push_back(static_cast<double>(all));
  }
  return proportion_over_runs(bad, finished, "no request ended");
}

class AvailabilityStudy : StudyCommand {
 public:
  AvailabilityStudy(Session& session, const std::optional<std::string>& target)
      : StudyCommand(session), target_(target) {}
  int run();

 private:
  bool read_target();
  bool read_values();
  std::optional<ScenarioPlan> plan_at(const std::string& value);
  bool measure(const std::string& value, Progress& progress);
  std::optional<StateResult> state_of(const ScenarioPlan& plan, DegradedState state,
                                      const std::string& down, const std::string& what,
                                      Progress& progress);
  Json asked() const;
  int exit_code() const;

  const std::optional<std::string>& target_;
  AvailabilityAnswer answer_;
  std::vector<std::string> values_{""};
};

bool AvailabilityStudy::read_target() {
  const std::string written = target_.value_or("99.9%");
  const auto share = parse_quantity(Quantity::ratio, written).value;
  if (!share || *share <= 0 || *share >= 1)
    return refuse(fmt::format("--target is \"{}\"", visible(written)),
                  "a share of time between 0 and 1, as in --target 99.95%");
  answer_.target = *share;
  return true;
}

bool AvailabilityStudy::read_values() {
  if (session_.vary.empty()) return true;
  if (session_.vary.size() > 1) return refuse("one --vary at a time", "the others with --set");
  std::string why;
  const auto axis = parse_axis(session_.vary[0], why);
  if (!axis) return refuse(why, "as in --vary services.app.replicas=3,4,5");
  // Counts; of a time the smaller one may be the better.
  const bool are_counts = !axis->numbers.empty() && parse_amount(axis->values[0])->unit.empty();
  if (are_counts && std::adjacent_find(axis->numbers.begin(), axis->numbers.end(),
                                       std::greater_equal<>()) != axis->numbers.end())
    return refuse(fmt::format("--vary {} does not go up", visible(session_.vary[0])),
                  "from the least on, as in --vary services.app.replicas=3,4,5");
  if (!may_vary(session_, axis->path)) {
    code_ = exit_bad_input;
    return false;
  }
  answer_.path = axis->path;
  values_ = axis->values;
  return true;
}

std::optional<ScenarioPlan> AvailabilityStudy::plan_at(const std::string& value) {
  auto settings = session_.study.settings();
  if (!value.empty()) settings.push_back("--vary " + answer_.path + "=" + value);
  Diagnostics diagnostics;
  auto plan = open_scenario(session_, session_.study.file, settings, diagnostics);
  if (!plan) {
    code_ = exit_bad_input;
    return std::nullopt;
  }
  std::string why, hint;
  if (plan->slos.empty()) {
    why = "there is no SLO to meet";
    hint = "add a goal under \"slos\"";
  } else if (failing_parts(*plan).empty()) {
    why = "no failure comes again and again";
    hint =
        R"(for example "failures": [{"every": {"exp": "30d"}, "repair": {"exp": "1h"}, "kill": "app"}])";
  } else if (std::any_of(plan->failures.begin(), plan->failures.end(),
                         [](const FailurePlan& failure) { return failure.at.has_value(); })) {
    why = "a failure at a time has no place in the long run";
    hint = "give it \"every\" and \"repair\", or take it out";
  }
  for (const auto& [name, slo] : plan->slos) {
    if (!slo.during) continue;
    why = fmt::format("the SLO \"{}\" is about a part of the time", visible(name));
    hint = "here every state is judged as a whole";
  }
  if (why.empty()) return plan;
  refuse(why, hint);
  return std::nullopt;
}

std::optional<StateResult> AvailabilityStudy::state_of(const ScenarioPlan& plan,
                                                       DegradedState state, const std::string& down,
                                                       const std::string& what,
                                                       Progress& progress) {
  const auto finished = carry_out(
      session_, plan, [&](double share) { progress.show(share, what); }, code_);
  if (!finished) return std::nullopt;
  if (finished->result.interrupted) {
    code_ = exit_interrupted;
    return std::nullopt;
  }
  const Summary& summary = finished->summary;
  StateResult result{std::move(state), down, summary.verdict, {}, error_rate_of(finished->result)};
  for (const SloSummary& slo : summary.slos)
    if (slo.verdict == Verdict::missed && result.first_missed.empty())
      result.first_missed = slo.name;
  result.never_settled = summary.settled == false && summary.verdict != Verdict::missed;
  if (summary.grows) result.verdict = Verdict::missed;
  return result;
}

/// Of an interrupted value, what the states say that were run.
bool AvailabilityStudy::measure(const std::string& value, Progress& progress) {
  const auto plan = plan_at(value);
  if (!plan) return false;
  answer_.scenario = plan->name;
  answer_.replications = plan->run.replications;
  const auto parts = failing_parts(*plan);
  // Chosen: what is left out may cost a hundredth of the budget.
  auto states = degraded_states(parts, (1 - answer_.target) / 100, most_states);
  std::vector<StateResult> results;
  double left_out = 1;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const std::string down = what_is_down(parts, states[i]);
    const std::string what = fmt::format("{}{}state {} of {}: {} down", value,
                                         value.empty() ? "" : ", ", i + 1, states.size(), down);
    const ScenarioPlan degraded = plan_in(*plan, parts, states[i]);
    session_.varied = {"failures=" + value_at(degraded, "failures").dump()};
    if (!value.empty()) session_.varied.push_back(answer_.path + "=" + value);
    auto result = state_of(degraded, states[i], down, what, progress);
    if (!result) break;
    left_out -= states[i].probability;
    results.push_back(std::move(*result));
  }
  const bool is_whole = results.size() == states.size();
  if (is_whole || (code_ == exit_interrupted && !results.empty()))
    answer_.points.push_back(
        {value, availability_of(std::move(results), std::max(0.0, left_out), answer_.target),
         states.size()});
  return is_whole;
}

nlohmann::ordered_json AvailabilityStudy::asked() const {
  Json asked{{"command", "availability"}, {"target", answer_.target}};
  if (!answer_.path.empty()) asked["vary"][answer_.path] = values_;
  return asked;
}

int AvailabilityStudy::exit_code() const {
  if (answer_.partial) return exit_interrupted;
  if (answer_.first_to_meet()) return exit_met;
  return exit_code_of(answer_.points.back().found.verdict);
}

int AvailabilityStudy::run() {
  if (!read_execution(session_)) return exit_bad_input;
  if (!read_target() || !read_values()) return code_;
  const auto first = plan_at(values_.front());
  if (!first || !begin(*first, asked())) return code_;
  Progress progress(console_.shows_progress());
  bool done = true;
  for (const std::string& value : values_)
    done = done && measure(value, progress);
  progress.clear();
  answer_.partial = code_ == exit_interrupted;
  if (answer_.partial && answer_.points.empty())
    return console_.error(code_, "interrupted before the first state was run");
  if (!done && !answer_.partial) return code_;
  return deliver(exit_code(), availability_json(answer_),
                 [&](const Paint& paint) { return availability_text(answer_, paint); });
}

}  // namespace

void add_availability(Session& session) {
  Command command = session.line.add(
      "availability", "SLO attainment in the long run under random failures, and spares needed.");
  add_setting_options(command, session.study);
  const auto target = std::make_shared<std::optional<std::string>>();
  command.option("--target", *target, "SHARE",
                 "Of all time in which every SLO is to be met. Default: 99.9%.");
  command.repeatable("--vary", session.vary, "PATH=VALUES",
                     "Values of a setting from the least on, to see which first meets the target.");
  add_running_options(command, session.study);
  add_resume_option(command, session.study);
  add_console_options(command, session.options);
  command.footer(
      "Failures with \"every\" and \"repair\" say how often what is down and for how long; each\n"
      "state that matters is run in its steady state.\n\n"
      "Examples: headroom availability shop.json --target 99.95%\n"
      "          headroom availability shop.json --vary services.app.replicas=3,4,5\n\n"
      "Exit codes: 0 the target is met (by some value), 3 missed, 4 undecided.");
  command.action([&session, target] { return AvailabilityStudy(session, *target).run(); });
}

}  // namespace headroom
