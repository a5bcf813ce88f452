#include "app/study/network_figures.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "models/network/platform_map.hpp"

namespace headroom {

namespace {

LinkSummary link_summary(Runs runs, std::size_t link) {
  const LinkReport& first = runs.front().links[link];
  const double most = first.bytes_per_s;
  const auto carried = [link](const RunResult& run) {
    return run.links[link].counts.bytes / run.measured_s();
  };
  LinkSummary summary;
  summary.name = first.name;
  summary.bytes_per_s = within(mean_over_runs(runs, carried), 0);
  summary.lost_per_s = within(
      mean_over_runs(runs,
                     [link](const RunResult& run) {
                       return static_cast<double>(run.links[link].counts.lost) / run.measured_s();
                     }),
      0);
  if (!std::isfinite(most)) {
    summary.utilization = summary.residual_bytes_per_s = Figure::none("unlimited");
    return summary;
  }
  summary.bandwidth_bytes_per_s = most;
  // At most all: links that are not shared send any number of messages side by side.
  const auto busy = [link](const RunResult& run) {
    return std::min(1.0, run.links[link].counts.busy_ns * 1e-9 / run.measured_s());
  };
  summary.utilization = within(mean_over_runs(runs, busy), 0, 1);
  summary.residual_bytes_per_s =
      within(mean_over_runs(
                 runs, [&](const RunResult& run) { return std::max(0.0, most - carried(run)); }),
             0, most);
  return summary;
}

BulkSummary bulk_summary(Runs runs, std::size_t number) {
  const auto sum = [&](auto of) {
    return mean_over_runs(
        runs, [&](const RunResult& run) { return static_cast<double>(of(run.bulk[number])); });
  };
  BulkSummary summary;
  summary.name = runs.front().bulk[number].name;
  summary.begun = sum([](const BulkReport& bulk) { return bulk.begun; });
  summary.finished = sum([](const BulkReport& bulk) { return bulk.finished; });
  summary.cut = sum([](const BulkReport& bulk) { return bulk.cut; });
  const bool all_ended = std::all_of(
      runs.begin(), runs.end(), [&](const RunResult& run) { return run.bulk[number].rounds > 0; });
  if (!all_ended) {
    summary.duration_s = summary.bytes_per_s = Figure::none("not finished in every run");
    return summary;
  }
  summary.duration_s = within(
      sum([](const BulkReport& bulk) { return bulk.sum_s / static_cast<double>(bulk.rounds); }), 0);
  summary.bytes_per_s = within(
      sum([](const BulkReport& bulk) { return bulk.sum_s > 0 ? bulk.bytes / bulk.sum_s : 0; }), 0);
  return summary;
}

/// Of the links of a platform.
void find_ends(const TopologyPlan& plan, std::span<const std::string> zones,
               std::vector<LinkSummary>& links) {
  const std::size_t of_platform = plan.drawn.links.size();
  const Topology map = map_of(plan, zones);
  std::map<std::string_view, std::vector<std::string>> between;
  for (const auto& [from, to, link] : map.edges)
    if (auto& ends = between[map.links[link].name]; ends.empty() && link < of_platform)
      ends = {map.nodes[from].name, map.nodes[to].name};
  for (const auto& [from, to, link] : map.edges) {
    if (link < of_platform || !map.nodes[from].is_host) continue;
    for (auto& [name, ends] : between)
      if (ends.size() > 1 && ends[0] == map.nodes[to].name && ends[1] == ends[0])
        ends.push_back(map.nodes[from].name);
  }
  for (LinkSummary& link : links)
    link.between = between[link.name];
}

}  // namespace

NetworkSummary network_summary(const ScenarioPlan& plan, Runs runs) {
  NetworkSummary summary;
  if (runs.empty()) return summary;
  for (std::size_t link = 0; link < runs.front().links.size(); ++link) {
    const bool used = std::any_of(runs.begin(), runs.end(), [&](const RunResult& run) {
      return run.links[link].counts.bytes > 0 || run.links[link].counts.lost > 0;
    });
    if (used) summary.links.push_back(link_summary(runs, link));
  }
  for (std::size_t number = 0; number < runs.front().bulk.size(); ++number)
    summary.bulk.push_back(bulk_summary(runs, number));
  if (plan.network && plan.network->topology.platform)
    find_ends(plan.network->topology, plan.zones, summary.links);
  return summary;
}

}  // namespace headroom
