#include "app/cli/next_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/scenario/merge.hpp"
#include "app/study/reproduction.hpp"

namespace headroom {

namespace {

/// A sweep of the load, by what the load of this scenario is made of.
std::string vary(const ScenarioPlan& plan, bool is_too_much) {
  const std::string of_load = is_too_much ? "run.load=0.25..1:4" : "run.load=0.5..2:7";
  for (const auto& [name, workload] : plan.workloads) {
    const auto* closed = std::get_if<ClosedPlan>(&workload.arrivals.process);
    if (closed == nullptr) return of_load;
    if (plan.workloads.size() == 1) {
      const auto users = closed->closed.users;
      return fmt::format("workloads.{}.arrivals.closed.users={},{},{},{}", name,
                         std::max(1u, users / 2), users, 2 * users, 4 * users);
    }
  }
  return of_load;
}

bool straddles(const Summary& summary) {
  return summary.settled != false &&
         std::any_of(summary.slos.begin(), summary.slos.end(), [](const SloSummary& slo) {
           return slo.verdict == Verdict::undecided && slo.measured.samples > 0;
         });
}

}  // namespace

std::string next_command(const StudyArguments& arguments, const ScenarioPlan& plan,
                         const Summary& summary, const Paint& paint) {
  const bool more_runs = summary.verdict == Verdict::undecided && straddles(summary);
  const std::string varied =
      vary(plan, summary.verdict == Verdict::missed || summary.settled == false);
  const std::string path = varied.substr(0, find_equals(varied) + 1);
  std::string settings;
  for (const auto& each : arguments.set)
    if (more_runs || !each.starts_with(path)) settings += " --set " + shell_word(each);
  const std::string file = shell_word(arguments.file);
  const std::string command =
      more_runs ? fmt::format("headroom run {}{} --replications {}", file, settings,
                              4 * plan.run.replications)
                : fmt::format("headroom sweep {}{} --vary {}", file, settings, varied);
  const std::string why = more_runs ? "narrower intervals" : "where it breaks";
  return fmt::format("\nNext ({}): {}\n", why, paint.bold(command));
}

}  // namespace headroom
