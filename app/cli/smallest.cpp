#include "app/cli/smallest.hpp"

#include "app/cli/interrupt.hpp"
#include "app/report/result_files.hpp"
#include "app/report/summary_json.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/job.hpp"

namespace headroom {

std::optional<SmallRun> smallest_of(const Session& session, const ScenarioPlan& plan,
                                    const std::vector<std::string>& settings,
                                    const ConsistencySummary& seen, sim::Duration warmup) {
  if (!seen.refuted || needs_process(plan)) return std::nullopt;
  const ReadPlan read = [&](const std::vector<std::string>& set) {
    auto all = settings;
    all.insert(all.end(), set.begin(), set.end());
    Diagnostics diagnostics;
    auto made = read_scenario(session.study.file, all, diagnostics);
    if (made) made->run.until.reset();
    return made;
  };
  LargeRun from{seen.service, *seen.refuted, {}, warmup, &watch_interrupts()};
  const auto document = nlohmann::ordered_json::parse(resolved_text(plan));
  if (document.contains("failures"))
    for (const auto& each : document["failures"])
      from.failures.push_back(each.dump());
  return smallest_run(read, from);
}

}  // namespace headroom
