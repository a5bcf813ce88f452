#include "app/study/rebalance_figures.hpp"

#include <functional>

#include "app/study/figures_of_runs.hpp"

namespace headroom {

namespace {

using ResultOf = std::function<const RebalanceResult&(const RunResult&)>;

std::vector<Figure> shares(Runs runs, const ResultOf& change,
                           std::vector<std::uint64_t> RebalanceResult::*which) {
  std::vector<Figure> figures;
  const std::size_t shards = (change(runs.front()).*which).size();
  for (std::size_t shard = 0; shard < shards; ++shard) {
    std::vector<double> here, all;
    for (const RunResult& run : runs) {
      const auto& counts = change(run).*which;
      if (counts.size() != shards) return {};
      double sum = 0;
      for (const auto count : counts)
        sum += static_cast<double>(count);
      here.push_back(static_cast<double>(counts[shard]));
      all.push_back(sum);
    }
    figures.push_back(within(ratio_over_runs(here, all, "nothing was asked"), 0, 1));
  }
  return figures;
}

/// What both kinds of change tell: when, how often it came to its end, how long it took.
template <class Result, class SummaryOf>
void summarize_change(Runs runs, const std::function<const Result&(const RunResult&)>& change,
                      SummaryOf& summary) {
  const auto mean = [&](const std::function<double(const Result&)>& value) {
    return mean_over_runs(runs, [&](const RunResult& run) { return value(change(run)); });
  };
  const auto took_s = [](const Result& one) { return static_cast<double>(one.took_ns) / 1e9; };
  summary.change = change(runs.front()).change;
  summary.at_s = static_cast<double>(change(runs.front()).due_ns) / 1e9;
  summary.runs = runs.size();
  for (const RunResult& run : runs)
    summary.ended += change(run).ended ? 1 : 0;
  summary.took_s = summary.ended == runs.size()
                       ? mean(took_s)
                       : Figure::none("it did not come to its end in every run");
  summary.bytes_per_s =
      mean([&](const auto& one) { return one.took_ns > 0 ? one.bytes_sent / took_s(one) : 0; });
  summary.resends = mean([](const auto& one) { return static_cast<double>(one.resends); });
}

}  // namespace

RebalanceSummary rebalance_summary(Runs runs, std::size_t service, std::size_t number) {
  const ResultOf change = [&](const RunResult& run) -> const RebalanceResult& {
    return run.services[service].store->rebalances[number];
  };
  const auto mean = [&](const std::function<double(const RebalanceResult&)>& value) {
    return mean_over_runs(runs, [&](const RunResult& run) { return value(change(run)); });
  };
  RebalanceSummary summary;
  summarize_change<RebalanceResult>(runs, change, summary);
  summary.moved_bytes = mean([](const auto& one) { return one.bytes_sent; });
  summary.moved_keys = mean([](const auto& one) { return one.keys_moved; });
  summary.share_moved = within(
      mean([](const auto& one) {
        return one.keys_to_move > 0 ? one.keys_moved / one.keys_to_move : one.ended ? 1.0 : 0.0;
      }),
      0, 1);
  summary.redirects = mean([](const auto& one) { return static_cast<double>(one.redirects); });
  summary.handovers = mean([](const auto& one) { return static_cast<double>(one.handovers); });
  summary.handover_s = mean([](const auto& one) {
    return one.handover.count() > 0 ? static_cast<double>(one.handover.max()) / 1e9 : 0;
  });
  summary.shard_share_before = shares(runs, change, &RebalanceResult::before);
  summary.shard_share_after = shares(runs, change, &RebalanceResult::after);
  return summary;
}

MemberChangeSummary member_change_summary(Runs runs, std::size_t service, std::size_t number) {
  const auto change = [&](const RunResult& run) -> const MemberChangeResult& {
    return run.services[service].store->member_changes[number];
  };
  const auto mean = [&](const std::function<double(const MemberChangeResult&)>& value) {
    return mean_over_runs(runs, [&](const RunResult& run) { return value(change(run)); });
  };
  MemberChangeSummary summary;
  summarize_change<MemberChangeResult>(runs, change, summary);
  summary.sent_bytes = mean([](const auto& one) { return one.bytes_sent; });
  return summary;
}

}  // namespace headroom
