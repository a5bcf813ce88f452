#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/cli/capacity_trial.hpp"
#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/study_command.hpp"
#include "app/cli/today.hpp"
#include "app/cli/vary.hpp"
#include "app/report/joint_text.hpp"
#include "app/scenario/scenario.hpp"

namespace headroom {

namespace {

// Chosen: where no bounds are given, four times what there is, eight at least.
constexpr std::uint64_t times_plenty = 4, least_plenty = 8;

class JointStudy : StudyCommand {
 public:
  explicit JointStudy(Session& session) : StudyCommand(session) {}
  int run();

 private:
  bool read_paths();
  bool read_axis(const ScenarioPlan& plan, const std::string& text);
  bool simulate(const JointSearch::Counts& at, JointSearch& search, Progress& progress);
  int answer(const JointSearch& search);

  JointAnswer answer_;
  std::vector<JointSearch::Axis> axes_;
  std::vector<std::string> asked_, without_;
  bool interrupted_ = false;
};

bool JointStudy::read_paths() {
  for (const std::string& argument : session_.find) {
    for (std::size_t from = 0; from <= argument.size();) {
      const std::size_t comma = std::min(argument.find(',', from), argument.size());
      asked_.push_back(argument.substr(from, comma - from));
      from = comma + 1;
    }
  }
  if (session_.vary.empty()) return true;
  return refuse("--vary asks for the highest value, --find for the smallest: one of them",
                "give what --vary names a value with --at");
}

/// Instances of a service cost what the scenario says; one of anything else counts as 1.
double cost_of(const ScenarioPlan& plan, const std::string& path) {
  constexpr std::string_view services = "services.";
  const std::string name =
      path.substr(services.size(), path.find('.', services.size()) - services.size());
  const ServicePlan* service = plan.services.find(name);
  return service != nullptr && service->cost && *service->cost > 0 ? *service->cost : 1;
}

/// PATH or PATH=LEAST..MOST.
bool JointStudy::read_axis(const ScenarioPlan& plan, const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string path = text.substr(0, equals);
  if (!path.starts_with("services."))
    return refuse(
        fmt::format("\"{}\" is nothing that there can be more of at a cost", visible(path)),
        "counts of services are found together, as services.app.replicas");
  if (std::find(answer_.paths.begin(), answer_.paths.end(), path) != answer_.paths.end())
    return refuse(fmt::format("{} is asked for twice", visible(path)), "name each count once");
  const auto now = parse_amount(value_at(plan, path).dump());
  const auto is_count = [](const std::optional<Amount>& amount) {
    return amount && amount->unit.empty() && amount->number >= 1 && amount->number <= 1e6 &&
           amount->number == std::floor(amount->number);
  };
  JointSearch::Axis axis;
  axis.cost = cost_of(plan, path);
  if (equals == std::string::npos) {
    if (!is_count(now))
      return refuse(fmt::format("{} is no count that the scenario has", visible(path)),
                    "counts are found together, as services.app.replicas");
    axis.most = std::max(least_plenty, times_plenty * static_cast<std::uint64_t>(now->number));
  } else {
    const std::string bounds = text.substr(equals + 1);
    const std::size_t dots = bounds.find("..");
    const auto least = parse_amount(bounds.substr(0, dots));
    const auto most =
        dots == std::string::npos ? std::nullopt : parse_amount(bounds.substr(dots + 2));
    if (!is_count(least) || !is_count(most) || least->number > most->number)
      return refuse(fmt::format("\"{}\" are no bounds for {}", visible(bounds), visible(path)),
                    "two whole numbers from 1 on, the smaller first, as in 2..12");
    axis.least = static_cast<std::uint64_t>(least->number);
    axis.most = static_cast<std::uint64_t>(most->number);
  }
  answer_.paths.push_back(path);
  axes_.push_back(axis);
  return true;
}

bool JointStudy::simulate(const JointSearch::Counts& at, JointSearch& search, Progress& progress) {
  session_.varied = session_.at;
  session_.varied.insert(session_.varied.end(), without_.begin(), without_.end());
  std::vector<std::string> written;
  for (std::size_t i = 0; i < at.size(); ++i) {
    session_.varied.push_back(fmt::format("{}={}", answer_.paths[i], at[i]));
    written.push_back(fmt::format("{}", at[i]));
  }
  auto settings = session_.study.settings();
  settings.insert(settings.end(), session_.varied.begin(), session_.varied.end());
  Diagnostics diagnostics;
  const auto plan = read_scenario(session_.study.file, settings, diagnostics);
  if (!plan && !answer_.trials.empty()) {
    // Too few for the rest of the scenario, as there can be most of everything.
    search.record(Verdict::missed);
    return true;
  }
  if (!plan) {
    code_ = console_.errors(diagnostics);
    return false;
  }
  const std::string label = fmt::format("{}", fmt::join(written, ", "));
  auto trial = capacity_trial(session_, *plan, progress,
                              fmt::format("trial {}: {}", answer_.trials.size() + 1, label),
                              interrupted_, code_);
  if (!trial || interrupted_) return false;
  trial->written = label;
  search.record(trial->verdict);
  answer_.trials.push_back({at, search.cost_of(at), std::move(*trial)});
  return true;
}

int JointStudy::answer(const JointSearch& search) {
  answer_.counts = search.answer();
  answer_.is_sure = search.is_sure();
  answer_.exhausted = search.exhausted();
  answer_.interrupted = interrupted_;
  if (answer_.counts) answer_.cost = search.cost_of(*answer_.counts);
  // The first trial is of the most of everything.
  const bool is_open = answer_.exhausted || answer_.trials.front().trial.never_settled();
  const int code = interrupted_     ? exit_interrupted
                   : answer_.counts ? (answer_.is_sure ? exit_met : exit_undecided)
                   : is_open        ? exit_undecided
                                    : exit_missed;
  return deliver(code, joint_json(answer_),
                 [&](const Paint& paint) { return joint_text(answer_, paint); });
}

int JointStudy::run() {
  if (!read_execution(session_)) return exit_bad_input;
  if (!read_paths()) return code_;
  Diagnostics diagnostics;
  auto plan = open_without(session_, base_settings(session_, without_), diagnostics, without_);
  if (!plan) return exit_bad_input;
  answer_.scenario = plan->name;
  for (const std::string& text : asked_)
    if (!read_axis(*plan, text)) return code_;
  if (!begin(*plan, {{"command", "capacity"}, {"find", asked_}})) return code_;
  JointSearch search(axes_);
  Progress progress(console_.shows_progress());
  for (auto at = search.next(); at; at = search.next()) {
    if (!simulate(*at, search, progress)) break;
  }
  progress.clear();
  if (code_ != exit_met && code_ != exit_interrupted) return code_;
  interrupted_ = interrupted_ || code_ == exit_interrupted;
  if (answer_.trials.empty()) return exit_interrupted;
  return answer(search);
}

}  // namespace

bool is_joint(const Session& session) {
  return session.find.size() > 1 ||
         (session.find.size() == 1 && session.find[0].find(',') != std::string::npos);
}

int find_together(Session& session) {
  return JointStudy(session).run();
}

}  // namespace headroom
