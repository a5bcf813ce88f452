#include <fmt/format.h>

#include <algorithm>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/progress.hpp"
#include "app/cli/study_command.hpp"
#include "app/cli/vary.hpp"
#include "app/report/stability_text.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/judge.hpp"

namespace headroom {

namespace {

constexpr double least_watched_s = 16;  // Chosen: the last quarter is then four seconds.

class StabilityCommand : StudyCommand {
 public:
  explicit StabilityCommand(Session& session) : StudyCommand(session) {}
  int run();

 private:
  bool read_axes(const ScenarioPlan& plan);
  bool read_trigger(const ScenarioPlan& plan);
  std::optional<Axis> axis_of(const std::string& text);
  bool read_plans();
  bool simulate(Progress& progress);
  bool keep_whole_loads();

  StabilityMap map_;
  std::vector<ScenarioPlan> plans_;  ///< By load, then trigger.
};

/// Values in rising order: the map is read from quiet to busy.
std::optional<Axis> StabilityCommand::axis_of(const std::string& text) {
  std::string why;
  auto axis = parse_axis(text, why);
  if (axis && axis->numbers.empty()) why = axis->path + " takes numbers here";
  if (!axis || axis->numbers.empty()) {
    refuse(why);
    return std::nullopt;
  }
  if (!may_vary(session_, axis->path)) {
    code_ = exit_bad_input;
    return std::nullopt;
  }
  std::vector<std::size_t> order(axis->values.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return axis->numbers[a] < axis->numbers[b]; });
  Axis sorted{axis->path, {}, {}};
  for (const std::size_t i : order)
    sorted.values.push_back(axis->values[i]);
  return sorted;
}

/// The first failure at a time is the trigger; its sizes are lengths.
bool StabilityCommand::read_trigger(const ScenarioPlan& plan) {
  const auto found = std::find_if(plan.failures.begin(), plan.failures.end(),
                                  [](const FailurePlan& each) { return each.at && each.length; });
  if (found == plan.failures.end()) {
    return refuse("there is no failure with \"at\" and \"for\" to trigger a collapse",
                  R"(for example "failures": [{"at": "30s", "for": "10s", "pause": "db"}])");
  }
  map_.failure = static_cast<std::size_t>(found - plan.failures.begin());
  if (found->at->count_ns() < 1'000'000'000) {
    return refuse("the trigger comes in the first second: there is nothing before to compare with",
                  fmt::format("a later failures[{}].at, as 30s", map_.failure));
  }
  const FailureSummary described = failure_summaries(plan, {})[map_.failure];
  map_.described = described.verb + " " + described.target;
  const std::string path = fmt::format("failures[{}].for", map_.failure);
  const double own = found->length->in_seconds();
  const std::string text =
      session_.trigger.empty() ? fmt::format("{}={:g}s,{:g}s,{:g}s", path, own / 2, own, 2 * own)
      : session_.trigger[0].find('=') == std::string::npos ? path + "=" + session_.trigger[0]
                                                           : session_.trigger[0];
  const auto axis = axis_of(text);
  if (!axis) return false;
  map_.trigger_path = axis->path;
  map_.triggers = axis->values;
  return true;
}

bool StabilityCommand::read_axes(const ScenarioPlan& plan) {
  if (session_.vary.size() > 1 || session_.trigger.size() > 1)
    return refuse("stability has one load and one trigger", "one --vary, one --trigger");
  const auto axis = axis_of(session_.vary.empty() ? "run.load=0.5..1.5:5" : session_.vary[0]);
  if (!axis || !read_trigger(plan)) return false;
  map_.load_path = axis->path;
  map_.loads = axis->values;
  return true;
}

bool StabilityCommand::read_plans() {
  map_.watched_s = std::numeric_limits<double>::infinity();
  for (const std::string& load : map_.loads) {
    for (const std::string& trigger : map_.triggers) {
      auto settings = session_.study.settings();
      settings.push_back("--vary " + map_.load_path + "=" + load);
      settings.push_back("--trigger " + map_.trigger_path + "=" + trigger);
      Diagnostics diagnostics;
      auto plan = read_scenario(session_.study.file, settings, diagnostics);
      if (!plan) {
        code_ = console_.errors(diagnostics);
        return false;
      }
      const FailurePlan& failure = plan->failures[map_.failure];
      map_.watched_s = std::min(map_.watched_s, (plan->run.duration - *failure.at).in_seconds() -
                                                    failure.length->in_seconds());
      plan->run.until.reset();
      plan->slos.entries.clear();
      plans_.push_back(std::move(*plan));
    }
  }
  if (map_.watched_s >= least_watched_s) return true;
  return refuse(
      fmt::format("only {:g} s are left after the longest trigger", std::max(0.0, map_.watched_s)),
      fmt::format("{:g} s or more: a longer --duration", least_watched_s));
}

bool StabilityCommand::simulate(Progress& progress) {
  const auto count = static_cast<double>(plans_.size());
  for (std::size_t index = 0; index < plans_.size(); ++index) {
    const std::size_t load = index / map_.triggers.size(), trigger = index % map_.triggers.size();
    const std::string what = fmt::format("{}, {}", map_.loads[load], map_.triggers[trigger]);
    session_.varied = {map_.load_path + "=" + map_.loads[load],
                       map_.trigger_path + "=" + map_.triggers[trigger]};
    auto finished = carry_out(
        session_, plans_[index],
        [&](double share) { progress.show((static_cast<double>(index) + share) / count, what); },
        code_);
    if (!finished) return false;
    if (finished->result.interrupted) {
      code_ = exit_interrupted;
      return false;
    }
    map_.cells.push_back(stability_cell(load, trigger, finished->result.runs, map_.failure));
  }
  return true;
}

/// Of a map that was interrupted the loads at which every trigger was run. False where there is
/// none.
bool StabilityCommand::keep_whole_loads() {
  map_.partial = true;
  map_.loads.resize(map_.cells.size() / map_.triggers.size());
  map_.cells.resize(map_.loads.size() * map_.triggers.size());
  return !map_.loads.empty();
}

int StabilityCommand::run() {
  if (!read_execution(session_)) return exit_bad_input;
  Diagnostics diagnostics;
  const auto plan =
      open_scenario(session_, session_.study.file, session_.study.settings(), diagnostics);
  if (!plan) return exit_bad_input;
  if (!read_axes(*plan) || !read_plans()) return code_;
  map_.scenario = plan->name;
  map_.replications = plan->run.replications;
  const Json asked{{"command", "stability"},
                   {"vary", {{map_.load_path, map_.loads}}},
                   {"trigger", {{map_.trigger_path, map_.triggers}}}};
  if (!begin(*plan, asked)) return code_;
  Progress progress(console_.shows_progress());
  const bool done = simulate(progress);
  progress.clear();
  if (!done && code_ != exit_interrupted) return code_;
  if (!done && !keep_whole_loads())
    return console_.error(code_, "interrupted before a load was finished");
  return deliver(code_, stability_json(map_),
                 [&](const Paint& paint) { return stability_text(map_, paint); });
}

}  // namespace

void add_stability(Session& session) {
  Command command = session.line.add(
      "stability", "Map the probability of staying down after a trigger, over load and its size.");
  add_setting_options(command, session.study);
  command.repeatable("--vary", session.vary, "PATH=VALUES",
                     "The load: FROM..TO:N or a,b,c. Default: run.load=0.5..1.5:5.");
  command.repeatable(
      "--trigger", session.trigger, "VALUES",
      "How long the first timed failure lasts, as 1s,5s,20s; PATH=VALUES for another "
      "size of it. Default: half, once and twice as long as it is.");
  add_running_options(command, session.study);
  add_resume_option(command, session.study);
  add_console_options(command, session.options);
  command.footer(
      "Example: headroom stability scenarios/retry_storm.json --trigger 1s,10s\n\n"
      "Exit code 0: mapped, whatever it shows.");
  command.action([&session] { return StabilityCommand(session).run(); });
}

}  // namespace headroom
