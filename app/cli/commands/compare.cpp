#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/interrupt.hpp"
#include "app/cli/progress.hpp"
#include "app/cli/study_command.hpp"
#include "app/report/comparison_text.hpp"
#include "app/report/html/page.hpp"
#include "app/report/summary_json.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/pilot.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

namespace {

class CompareCommand : StudyCommand {
 public:
  explicit CompareCommand(Session& session) : StudyCommand(session) {}
  int run();

 private:
  bool read_designs();
  bool read_design(const std::string& file, StudyArguments asked, std::string name);
  void share_what_is_random();
  StudyArguments arguments_of(std::size_t index) const;
  bool simulate();
  Json asked() const;
  void add_files(std::vector<ResultFile>& files) const;
  std::string text(const Comparison& comparison, const Paint& paint) const;
  int answer();

  std::vector<Design> designs_;
  std::vector<StudyArguments> asked_of_;  ///< File and settings of each.
  Json warnings_;
  std::size_t asked_ = 0;  ///< Designs, where an interrupt left only some of them.
};

bool CompareCommand::read_design(const std::string& file, StudyArguments asked, std::string name) {
  Diagnostics diagnostics;
  asked.file = file;
  auto plan = open_scenario(session_, file, asked.settings(), diagnostics);
  if (!plan) {
    code_ = exit_bad_input;
    return false;
  }
  for (auto& warning : diagnostics.warnings_json())
    warnings_.push_back(std::move(warning));
  Design& design = designs_.emplace_back();
  design.name = std::move(name);
  design.plan = std::move(*plan);
  asked_of_.push_back(std::move(asked));
  return true;
}

/// How long and how often is no matter of a design; how much load is.
bool is_of_all_designs(const std::string& setting) {
  return setting.starts_with("run.") && !setting.starts_with("run.load");
}

/// One file is compared with itself as --set changes it; of several --set changes all.
bool CompareCommand::read_designs() {
  StudyArguments plain = session_.study;
  std::erase_if(plain.set, [](const std::string& each) { return !is_of_all_designs(each); });
  if (session_.files.size() == 1) {
    const std::string& file = session_.files.front();
    if (session_.study.set.size() == plain.set.size()) {
      return refuse("compare needs a second design",
                    "another file, or what to change: --set services.app.replicas=4");
    }
    const std::string changed =
        fmt::format("{} --set {}", file, fmt::join(session_.study.set, " --set "));
    return read_design(file, plain, file) && read_design(file, session_.study, changed);
  }
  return std::all_of(session_.files.begin(), session_.files.end(), [&](const std::string& file) {
    return read_design(file, session_.study, file);
  });
}

/// Seed, number of replications and measured window are those of the first design: the n-th
/// replications of two designs must have met the same random numbers.
void CompareCommand::share_what_is_random() {
  const RunPlan& first = designs_.front().plan.run;
  sim::Duration warmup;
  for (Design& design : designs_) {
    design.plan.run.seed = first.seed;
    design.plan.run.replications = first.replications;
    design.plan.run.until.reset();
    warmup = std::max(warmup, find_warmup(design.plan, study_options(session_)).length);
  }
  for (Design& design : designs_)
    design.plan.run.warmup = warmup;
}

/// With which a run of one design that came to no result is repeated.
StudyArguments CompareCommand::arguments_of(std::size_t index) const {
  StudyArguments arguments = asked_of_[index];
  const RunPlan& run = designs_[index].plan.run;
  std::erase_if(arguments.set, [](const std::string& each) {
    return each.starts_with("run.seed=") || each.starts_with("run.replications=");
  });
  arguments.seed = fmt::format("{}", run.seed);
  arguments.replications = fmt::format("{}", run.replications);
  const auto warmup = std::get<sim::Duration>(*run.warmup);
  arguments.set.push_back(fmt::format("run.warmup={}ns", warmup.count_ns()));
  return arguments;
}

/// What is finished when an interrupt comes is compared; the last design may have fewer runs.
bool CompareCommand::simulate() {
  Progress progress(console_.shows_progress());
  for (std::size_t index = 0; index < designs_.size(); ++index) {
    Design& design = designs_[index];
    const std::string what = fmt::format("design {} of {}", index + 1, designs_.size());
    const StudyArguments all = std::exchange(session_.study, arguments_of(index));
    auto finished = carry_out(
        session_, design.plan, [&](double share) { progress.show(share, what); }, code_);
    session_.study = all;
    if (finished) {
      design.result = std::move(finished->result);
      design.summary = std::move(finished->summary);
      if (!design.result.interrupted) continue;
      code_ = exit_interrupted;
    }
    asked_ = designs_.size();
    designs_.resize(finished ? index + 1 : index);
    return code_ == exit_interrupted && !designs_.empty();
  }
  return true;
}

/// Digests of all designs, as they were before they shared what is random.
nlohmann::ordered_json CompareCommand::asked() const {
  Json asked{{"command", "compare"}, {"designs", Json::array()}};
  for (const Design& design : designs_)
    asked["designs"].push_back(fmt::format("{:016x}", sim::hash_name(resolved_text(design.plan))));
  return asked;
}

/// Those of each design in a folder of its own.
void CompareCommand::add_files(std::vector<ResultFile>& files) const {
  for (std::size_t index = 0; index < designs_.size(); ++index) {
    const Design& design = designs_[index];
    Json summary = to_json(design.summary);
    summary["digests"] = digests_json(design.result);
    for (auto& file : result_files(design.plan, design.result, printed(summary)))
      files.push_back({fmt::format("design-{}/{}", index + 1, file.path), std::move(file.content)});
  }
  add_report(files);
}

std::string CompareCommand::text(const Comparison& comparison, const Paint& paint) const {
  std::string text = comparison_text(designs_, comparison, paint);
  if (code_ == exit_interrupted)
    text += fmt::format(
        "PARTIAL: interrupted; {} of {} designs were begun, the last of them with {} of {} "
        "replications.\n",
        designs_.size(), asked_, designs_.back().result.runs.size(),
        designs_.back().plan.run.replications);
  return text;
}

int CompareCommand::answer() {
  const Comparison comparison = compare(designs_);
  Json document = comparison_json(designs_, comparison);
  if (code_ == exit_interrupted) document["partial"] = true;
  if (!warnings_.empty()) document["warnings"] = warnings_;
  return deliver(
      code_, document, [&](const Paint& paint) { return text(comparison, paint); },
      [&](auto& files) { add_files(files); });
}

int CompareCommand::run() {
  if (!read_execution(session_)) return exit_bad_input;
  if (!read_designs() || !begin(designs_.front().plan, asked())) return code_;
  share_what_is_random();
  return simulate() ? answer() : code_;
}

}  // namespace

void add_compare(Session& session) {
  Command command = session.line.add(
      "compare", "Compare designs on the same random numbers: which is better, or cannot tell.");
  command.arguments("FILE", session.files, 1,
                    "The designs; a single one is compared with itself as --set changes it.");
  add_change_options(command, session.study);
  add_running_options(command, session.study);
  add_resume_option(command, session.study);
  add_console_options(command, session.options);
  command.footer(
      "Examples: headroom compare shop.json --set services.app.replicas=6\n"
      "          headroom compare one_zone.json two_zones.json --replications 30\n\n"
      "Exit code 0: compared, whatever the answer.");
  command.action([&session] { return CompareCommand(session).run(); });
}

}  // namespace headroom
