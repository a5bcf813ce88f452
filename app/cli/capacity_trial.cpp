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

std::vector<std::string> settings_without(const Session& session, const ScenarioPlan& plan) {
  if (session.without.empty()) return {};
  auto failures = value_at(plan, "failures");
  if (!failures.is_array()) failures = nlohmann::ordered_json::array();
  for (const std::string& target : session.without)
    failures.push_back({{"at", "0s"}, {"kill", target}});
  const std::int64_t warmup_ns = find_warmup(plan, study_options(session)).length.count_ns();
  return {fmt::format("run.warmup={}ns", warmup_ns), "failures=" + failures.dump()};
}

}  // namespace headroom
