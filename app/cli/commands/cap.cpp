#include <fmt/format.h>

#include <algorithm>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/interrupt.hpp"
#include "app/cli/progress.hpp"
#include "app/cli/smallest.hpp"
#include "app/cli/study_command.hpp"
#include "app/report/cap_text.hpp"
#include "app/report/html/cap_page.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/job.hpp"
#include "app/study/reproduction.hpp"

namespace headroom {

namespace {

class CapCommand : StudyCommand {
 public:
  explicit CapCommand(Session& session) : StudyCommand(session) {}

  int run() {
    if (!read_execution(session_)) return exit_bad_input;
    Diagnostics diagnostics;
    const auto plan =
        open_scenario(session_, session_.study.file, session_.study.settings(), diagnostics);
    if (!plan) return exit_bad_input;
    study_.database = database_of(*plan);
    if (study_.database.empty()) {
      refuse("there is no database whose clients could be asked",
             R"(a service with "kind": "database")");
      return code_;
    }
    study_.scenario = plan->name;
    study_.file = session_.study.file;
    study_.set = session_.study.settings();
    study_.seed = plan->run.seed;
    study_.replications = plan->run.replications;
    if (!begin(*plan, {{"command", "cap"}})) return code_;
    const auto settings = cap_settings(*plan, study_.database);
    for (std::size_t i = 0; i < settings.size() && !study_.partial; ++i)
      if (!simulate(settings[i], i, settings.size())) return code_;
    const auto document = cap_json(study_);
    return deliver(
        study_.partial ? exit_interrupted : exit_met, document,
        [&](const Paint& paint) { return cap_text(study_, paint); },
        [&](auto& files) { add_cap_files(files, study_, document); });
  }

 private:
  /// A setting that the scenario does not go with is left out, and why is told; so are those that
  /// were not finished when it was interrupted.
  bool simulate(const CapSetting& setting, std::size_t number, std::size_t all) {
    auto settings = session_.study.settings();
    settings.insert(settings.end(), setting.set.begin(), setting.set.end());
    Diagnostics diagnostics;
    auto plan = read_scenario(session_.study.file, settings, diagnostics);
    if (!plan) {
      CapPoint point;
      point.setting = setting;
      for (const Diagnostic& each : diagnostics.all())
        if (each.severity == Diagnostic::Severity::error && point.skipped.empty())
          point.skipped = each.message;
      study_.points.push_back(std::move(point));
      return true;
    }
    plan->run.until.reset();
    const ScenarioPlan prepared = prepared_for_cap(std::move(*plan), study_.database);
    Progress progress(console_.shows_progress());
    const std::string what = fmt::format("{} ({} of {})", setting.name, number + 1, all);
    const auto finished = carry_out(
        session_, prepared, [&](double share) { progress.show(share, what); }, code_);
    progress.clear();
    const bool is_interrupted = finished ? finished->result.interrupted : code_ == exit_interrupted;
    if (is_interrupted) return end_early();
    if (!finished) return false;
    study_.points.push_back(
        cap_point(setting, prepared, finished->result, finished->summary, study_.database));
    progress.show(1, setting.name + ": the least that shows it");
    find_smallest(study_.points.back(), prepared, settings, finished->result.warmup);
    progress.clear();
    study_.partial = watch_interrupts();
    return true;
  }

  /// Whether anything was finished.
  bool end_early() {
    study_.partial = true;
    const auto is_run = [](const CapPoint& point) { return point.skipped.empty(); };
    code_ = exit_interrupted;
    if (std::any_of(study_.points.begin(), study_.points.end(), is_run)) return true;
    console_.error(code_, "interrupted before the first setting was finished");
    return false;
  }

  /// Of a violation.
  void find_smallest(CapPoint& point, const ScenarioPlan& plan,
                     const std::vector<std::string>& settings, sim::Duration warmup) {
    point.small = smallest_of(session_, plan, settings, point.consistency, warmup);
  }

  CapStudy study_;
};

}  // namespace

void add_cap(Session& session) {
  Command command = session.line.add(
      "cap", "Run a scenario under each protocol: latency, availability, what clients saw.");
  add_setting_options(command, session.study);
  add_running_options(command, session.study);
  add_resume_option(command, session.study);
  add_console_options(command, session.options);
  command.footer("Example: headroom cap scenarios/cap_partition.json -o cap");
  command.action([&session] { return CapCommand(session).run(); });
}

}  // namespace headroom
