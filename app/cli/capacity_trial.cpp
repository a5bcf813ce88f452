#include "app/cli/capacity_trial.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "app/cli/today.hpp"
#include "app/study/pilot.hpp"

namespace headroom {

namespace {

// Chosen: an undecided value is looked at once more, twice as closely (the half-width goes with the
// root of the replications).
constexpr std::uint32_t times_as_many = 4;

}  // namespace

std::optional<CapacityTrial> capacity_trial(Session& session, const ScenarioPlan& plan,
                                            Progress& progress, const std::string& what,
                                            bool& interrupted, int& code) {
  bool is_second_look = false;
  const auto more = [&](const StudyResult& study) -> std::uint32_t {
    const Verdict verdict = judge_trial(summarize(plan, study)).verdict;
    if (std::exchange(is_second_look, true) || verdict != Verdict::undecided) return 0;
    return (times_as_many - 1) * static_cast<std::uint32_t>(study.runs.size());
  };
  const auto finished = carry_out(
      session, plan, [&](double share) { progress.show(share, what); }, code, more);
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
