#include "app/study/figures_of_runs.hpp"

namespace headroom {

namespace {

using Subscriptions = std::vector<SubscriptionResult>;  // of one run each, or several together

SubscriptionSummary summary_of(const Subscriptions& by_run, Runs runs) {
  SubscriptionSummary summary;
  summary.group = by_run.front().group;
  const auto mean = [&](auto value) {
    return mean_over_runs(runs, [&](const RunResult& run) {
      return static_cast<double>(value(by_run[static_cast<std::size_t>(&run - runs.data())]));
    });
  };
  using R = SubscriptionResult;
  summary.lag = mean_over_runs(runs, [&](const RunResult& run) {
    const auto& of = by_run[static_cast<std::size_t>(&run - runs.data())];
    return static_cast<double>(of.lag_area) * 1e-9 / run.measured_s();
  });
  summary.lag_peak = mean([](const R& r) { return r.lag_peak; });
  bool has_drained = true;
  for (const R& each : by_run)
    has_drained = has_drained && each.drain_ns >= 0;
  summary.drain_s = has_drained
                        ? mean([](const R& r) { return static_cast<double>(r.drain_ns) * 1e-9; })
                        : Figure::none("in some run it had not drained at the end");
  summary.produced = mean([](const R& r) { return r.produced; });
  summary.consumed = mean([](const R& r) { return r.consumed; });
  summary.duplicates = mean([](const R& r) { return r.duplicates; });
  summary.redelivered = mean([](const R& r) { return r.redelivered; });
  summary.dead_lettered = mean([](const R& r) { return r.dead_lettered; });
  summary.withdrawn = mean([](const R& r) { return r.withdrawn; });
  summary.in_flight = mean([](const R& r) { return r.in_flight_at_end; });
  summary.lost = mean([](const R& r) { return r.all_lost(); });
  for (std::size_t cause = 0; cause < losses; ++cause) {
    std::uint64_t all = 0;
    for (const R& each : by_run)
      all += each.lost[cause];
    if (all > 0)
      summary.lost_by.emplace_back(loss_names[cause],
                                   mean([&](const R& r) { return r.lost[cause]; }));
  }
  std::vector<const sim::Histogram*> lags, sojourns;
  for (const R& each : by_run) {
    lags.push_back(&each.lag);
    sojourns.push_back(&each.sojourn);
  }
  summary.lag_s = time_summary(lags);
  summary.done_s = time_summary(sojourns);
  return summary;
}

}  // namespace

SubscriptionResult together(const std::vector<SubscriptionResult>& groups) {
  SubscriptionResult sum = groups.front();
  for (std::size_t i = 1; i < groups.size(); ++i) {
    const SubscriptionResult& more = groups[i];
    sum.produced += more.produced;
    sum.consumed += more.consumed;
    sum.duplicates += more.duplicates;
    sum.redelivered += more.redelivered;
    sum.dead_lettered += more.dead_lettered;
    sum.withdrawn += more.withdrawn;
    sum.in_flight_at_start += more.in_flight_at_start;
    sum.in_flight_at_end += more.in_flight_at_end;
    for (std::size_t cause = 0; cause < losses; ++cause)
      sum.lost[cause] += more.lost[cause];
    sum.lag_area += more.lag_area;
    sum.lag_peak = std::max(sum.lag_peak, more.lag_peak);
    const bool both = sum.drain_ns >= 0 && more.drain_ns >= 0;
    sum.drain_ns = both ? std::max(sum.drain_ns, more.drain_ns) : -1;
    sum.lag.merge(more.lag);
    sum.sojourn.merge(more.sojourn);
  }
  return sum;
}

BrokerSummary broker_summary(Runs runs, std::size_t service) {
  BrokerSummary summary;
  const auto broker_of = [&](const RunResult& run) -> const BrokerResult& {
    return *run.services[service].broker;
  };
  const std::size_t groups = broker_of(runs.front()).groups.size();
  const auto of_all = [&](auto one) {
    Subscriptions by_run;
    for (const RunResult& run : runs)
      by_run.push_back(one(broker_of(run).groups));
    return summary_of(by_run, runs);
  };
  summary.total = of_all([](const auto& all) { return together(all); });
  for (std::size_t i = 0; groups > 1 && i < groups; ++i)
    summary.groups.push_back(of_all([&](const auto& all) { return all[i]; }));
  std::vector<const sim::Histogram*> publishes;
  for (const RunResult& run : runs)
    publishes.push_back(&broker_of(run).publish);
  summary.publish_s = time_summary(publishes);
  const auto mean = [&](auto count) {
    return mean_over_runs(
        runs, [&](const RunResult& run) { return static_cast<double>(count(broker_of(run))); });
  };
  using R = BrokerResult;
  summary.failovers = mean([](const R& r) { return r.failovers; });
  summary.rebalances = mean([](const R& r) { return r.rebalances; });
  summary.publishers.offered = mean([](const R& r) { return r.publishers.offered; });
  summary.publishers.acknowledged = mean([](const R& r) { return r.publishers.acknowledged; });
  summary.publishers.failed = mean([](const R& r) { return r.publishers.failed; });
  summary.publishers.failed_stored = mean([](const R& r) { return r.publishers.failed_stored; });
  summary.publishers.unknown = mean([](const R& r) { return r.publishers.unknown; });
  summary.publishers.unknown_stored = mean([](const R& r) { return r.publishers.unknown_stored; });
  summary.publishers.waiting = mean([](const R& r) { return r.publishers.waiting_at_end; });
  return summary;
}

}  // namespace headroom
