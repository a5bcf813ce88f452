#include <algorithm>

#include "app/study/figures_of_runs.hpp"

namespace headroom {

namespace {

constexpr double ns_in_s = 1e9;

/// Of each run: what its requests of a group spent, over how many there were.
Figure mean_spent(const std::vector<const GroupTimes*>& runs,
                  const std::function<std::int64_t(const GroupTimes&)>& spent_ns) {
  std::vector<double> sums, counts;
  for (const GroupTimes* run : runs) {
    sums.push_back(static_cast<double>(spent_ns(*run)) / ns_in_s);
    counts.push_back(static_cast<double>(run->requests));
  }
  return within(ratio_over_runs(sums, counts, "no traced request ended ok"), 0);
}

std::int64_t spent_at(const GroupTimes& group, const std::string& place, std::size_t cause) {
  for (const PlaceTimes& each : group.places)
    if (each.place == place) return each.ns[cause];
  return 0;
}

GroupSummary group_summary(const std::vector<const GroupTimes*>& runs) {
  GroupSummary summary;
  for (const GroupTimes* run : runs)
    summary.requests += run->requests;
  summary.latency_s = mean_spent(runs, [](const GroupTimes& run) { return run.latency_ns; });
  for (std::size_t cause = 0; cause < time_causes; ++cause)
    summary.by_cause_s[cause] =
        mean_spent(runs, [cause](const GroupTimes& run) { return run.ns[cause]; });
  std::vector<std::string> places;
  for (const GroupTimes* run : runs)
    for (const PlaceTimes& each : run->places)
      if (std::find(places.begin(), places.end(), each.place) == places.end())
        places.push_back(each.place);
  std::sort(places.begin(), places.end());
  for (const std::string& place : places) {
    auto& spent = summary.places.emplace_back(place, std::array<Figure, time_causes>()).second;
    for (std::size_t cause = 0; cause < time_causes; ++cause)
      spent[cause] =
          mean_spent(runs, [&](const GroupTimes& run) { return spent_at(run, place, cause); });
  }
  return summary;
}

}  // namespace

std::string_view name_of(TimeCause cause) {
  return time_cause_names[static_cast<std::size_t>(cause)];
}

std::optional<TimeSpentSummary> time_spent_summary(Runs runs, std::size_t workload) {
  TimeSpentSummary summary;
  std::vector<const GroupTimes*> slowest, median;
  for (const RunResult& run : runs) {
    const TimeSpent& spent = run.workloads[workload].time_spent;
    summary.traced += spent.traced;
    summary.left_out += spent.left_out;
    slowest.push_back(&spent.slowest);
    median.push_back(&spent.median);
  }
  if (summary.traced == 0) return std::nullopt;
  summary.slowest = group_summary(slowest);
  summary.median = group_summary(median);
  return summary;
}

}  // namespace headroom
