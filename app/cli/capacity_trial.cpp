#include "app/cli/capacity_trial.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/today.hpp"
#include "app/study/pilot.hpp"

namespace headroom {

std::optional<CapacityTrial> capacity_trial(Session& session, const ScenarioPlan& plan,
                                            Progress& progress, const std::string& what,
                                            bool& interrupted, int& code) {
  const auto finished = carry_out(
      session, plan, [&](double share) { progress.show(share, what); }, code, second_look(plan));
  if (!finished) return std::nullopt;
  interrupted = finished->result.interrupted;
  return judge_trial(finished->summary);
}

std::vector<std::string> base_settings(const Session& session,
                                       const std::vector<std::string>& without) {
  auto settings = session.study.settings();
  settings.insert(settings.end(), session.at.begin(), session.at.end());
  settings.insert(settings.end(), without.begin(), without.end());
  return settings;
}

std::optional<ScenarioPlan> open_without(Session& session, std::vector<std::string> settings,
                                         Diagnostics& diagnostics,
                                         std::vector<std::string>& without) {
  const std::string& file = session.study.file;
  auto plan = open_scenario(session, file, settings, diagnostics);
  if (!plan || session.without.empty()) return plan;
  const std::int64_t warmup_ns = find_warmup(*plan, study_options(session)).length.count_ns();
  const std::string warmup = fmt::format("run.warmup={}ns", warmup_ns);
  settings.push_back(warmup);
  for (const std::string& target : session.without)
    settings.push_back("--without " + target);
  diagnostics = {};
  plan = read_scenario(file, settings, diagnostics);
  if (plan)
    without = {warmup, "failures=" + value_at(*plan, "failures").dump()};
  else
    session.console.errors(diagnostics);
  return plan;
}

}  // namespace headroom
