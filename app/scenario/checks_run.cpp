#include <fmt/format.h>

#include <algorithm>

#include "app/scenario/checks.hpp"
#include "app/scenario/quantity.hpp"
#include "app/scenario/suggest.hpp"

namespace headroom {

namespace {

/// 292 years, which leaves some room below the last nanosecond that can be counted.
constexpr auto longest = sim::Duration::seconds(292LL * 31'557'600);

void check_warmup(const Checking& checking) {
  const RunPlan& run = checking.plan.run;
  if (!run.warmup) return;
  if (std::holds_alternative<AutoWarmup>(*run.warmup)) {
    const std::string why = checking.plan.why_it_changes();
    if (!why.empty())
      checking.error("/run/warmup", "\"auto\" is for what does not change in time, but " + why,
                     "write a time, such as \"5min\", or leave it out for 0s");
    return;
  }
  const auto warmup = std::get<sim::Duration>(*run.warmup);
  if (warmup + run.duration > longest)
    checking.error("/run/duration", "the run would end beyond 292 years",
                   "time is counted in nanoseconds of 64 bits");
  else if (run.duration < warmup)
    checking.warning("/run/duration",
                     fmt::format("shorter than the warm-up: {} measured after {}",
                                 print(run.duration), print(warmup)),
                     "most of each run is thrown away");
}

void check_stages(const Checking& checking, const std::string& at, const StagesPlan& plan) {
  const sim::Duration duration = checking.plan.run.duration;
  sim::Duration begin;
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    if (begin >= duration) {
      checking.warning(fmt::format("{}/stages/{}/target", at, i),
                       fmt::format("the run ends before this stage begins"),
                       fmt::format("the run measures {}", print(duration)));
      return;
    }
    begin = begin + plan.stages[i].length;
  }
}

/// The path of the states is known from one arrival to the next: it must not be long.
void check_mmpp(const Checking& checking, const std::string& at, const MmppPlan& plan) {
  constexpr double most = 10'000;  // Chosen: a third of a megabyte, a tenth of a millisecond.
  double arrivals = 0;
  for (const MmppState& state : plan.states)
    arrivals += state.rate.per_s * checking.plan.run.load * state.mean_stay.in_seconds();
  const double changes = static_cast<double>(plan.states.size()) / arrivals;
  if (arrivals <= 0 || changes <= most) return;
  checking.error(at + "/mmpp",
                 fmt::format("the state changes some {:.0f} times between two arrivals", changes),
                 fmt::format("{:.0f} at most: give longer stays, or the mean rate as \"poisson\", "
                             "which comes to the same",
                             most));
}

void check_trace(const Checking& checking) {
  const TracePick* trace = picked_by(checking.plan.run);
  if (trace == nullptr) return;
  std::vector<std::string_view> names;
  for (const auto& [name, workload] : checking.plan.workloads)
    names.push_back(name);
  if (std::find(names.begin(), names.end(), trace->workload) != names.end()) return;
  checking.error("/run/trace", fmt::format("there is no workload \"{}\"", trace->workload),
                 suggestion(trace->workload, names));
}

void check_client(const Checking& checking, const std::string& at, const ClientPlan& plan) {
  if (plan.timeout && plan.deadline && *plan.timeout > *plan.deadline)
    checking.warning(
        at + "/timeout",
        fmt::format("the timeout of one attempt is longer than the deadline of all, {}",
                    print(*plan.deadline)));
}

}  // namespace

void check_run(const Checking& checking) {
  check_warmup(checking);
  check_trace(checking);
  for (const auto& [name, workload] : checking.plan.workloads) {
    const std::string at = "/workloads" + pointer_step(name);
    check_client(checking, at, workload.client);
    if (const auto* plan = std::get_if<StagesPlan>(&workload.arrivals.process))
      check_stages(checking, at + "/arrivals", *plan);
    if (const auto* plan = std::get_if<MmppPlan>(&workload.arrivals.process))
      check_mmpp(checking, at + "/arrivals", *plan);
  }
}

}  // namespace headroom
