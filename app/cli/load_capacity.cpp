#include "app/cli/load_capacity.hpp"

#include <fmt/format.h>

#include "app/cli/capacity_trial.hpp"
#include "app/cli/exit_code.hpp"

namespace headroom {

namespace {

constexpr double resolution = 0.02;  // Chosen: a change of less is hardly worth a change.

}  // namespace

std::string why_no_load(const ScenarioPlan& plan, std::string& hint) {
  for (const auto& [name, workload] : plan.workloads)
    if (!std::holds_alternative<ClosedPlan>(workload.arrivals.process)) return {};
  hint = fmt::format("headroom capacity FILE --vary workloads.{}.arrivals.closed.users",
                     plan.workloads.entries.front().first);
  return "run.load multiplies open arrivals, and every workload here is closed";
}

std::optional<CapacityBounds> load_capacity(Session& session, const ScenarioPlan& plan,
                                            const std::optional<CapacityBounds>& expected,
                                            const std::string& what, Progress& progress,
                                            int& code) {
  CapacitySearch::Options options;
  options.start = plan.run.load;
  options.resolution = resolution;
  options.looks_back = false;
  if (expected && expected->holds) {
    options.start = *expected->holds;
    options.then = expected->breaks;
  }
  CapacitySearch search(options);
  for (auto at = search.next(); at; at = search.next()) {
    ScenarioPlan loaded = plan;
    loaded.run.load = *at;
    bool interrupted = false;
    session.varied.push_back(fmt::format("run.load={:.17g}", *at));
    const auto trial = capacity_trial(session, loaded, progress,
                                      fmt::format("{}, load {:.4g}", what, *at), interrupted, code);
    session.varied.pop_back();
    if (!trial) return std::nullopt;
    if (interrupted) {
      code = exit_interrupted;
      return std::nullopt;
    }
    search.record({*at, trial->verdict, seems_met(loaded, *trial)});
  }
  return CapacityBounds{search.holds(), search.breaks()};
}

}  // namespace headroom
