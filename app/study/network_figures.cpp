#include "app/study/network_figures.hpp"

#include <algorithm>
#include <cmath>

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
  // At most all: its bandwidth may have been more before.
  summary.utilization =
      within(mean_over_runs(
                 runs, [&](const RunResult& run) { return std::min(1.0, carried(run) / most); }),
             0, 1);
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

}  // namespace

NetworkSummary network_summary(Runs runs) {
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
  return summary;
}

}  // namespace headroom
