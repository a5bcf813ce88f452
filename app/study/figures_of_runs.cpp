#include "app/study/figures_of_runs.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/scenario/quantity.hpp"
#include "sim/stats/effective.hpp"

namespace headroom {

namespace {

constexpr std::array<double, 5> usual_percents{50, 90, 95, 99, 99.9};

/// Divided, so that 15 s are 15 and not a little more.
double area_s(__int128 area) {
  return static_cast<double>(area) / 1e9;
}

sim::Histogram pooled(const std::vector<const sim::Histogram*>& runs) {
  sim::Histogram all;
  for (const auto* run : runs)
    all.merge(*run);
  return all;
}

Figure in_seconds(Figure figure) {
  for (auto* each : {&figure.value, &figure.low, &figure.high}) {
    if (*each) **each *= 1e-9;
  }
  return figure;
}

Figure percentile_of(const sim::Histogram& all, const std::vector<const sim::Histogram*>& runs,
                     double percent) {
  const auto interval = sim::quantile_interval(all, runs, percent / 100);
  if (interval) {
    Figure figure = within(in_seconds(Figure::of(*interval, all.count())), 0);
    const bool is_alone = runs.size() < 2;
    if (!figure.low && !is_alone) figure.why = "too few independent samples lie beyond it";
    return figure;
  }
  if (all.count() == 0) return Figure::none("no samples");
  Figure figure =
      Figure::none("only " + std::to_string(all.samples_beyond(percent / 100)) + " of " +
                   std::to_string(all.count()) + " samples lie beyond it, 100 are needed");
  figure.samples = all.count();
  return figure;
}

Figure mean_of(const sim::Histogram& all, const std::vector<const sim::Histogram*>& runs) {
  if (all.count() == 0) return Figure::none("no samples");
  std::vector<double> sums;
  std::vector<double> counts;
  for (const auto* run : runs) {
    sums.push_back(static_cast<double>(run->sum()));
    counts.push_back(static_cast<double>(run->count()));
  }
  return within(in_seconds(Figure::of(*sim::ratio_interval(sums, counts), all.count())), 0);
}

/// How many independent samples its mean and percentiles are worth; no more than there are, which a
/// variance of few replications may say.
void count_effective(TimeSummary& times, const std::vector<const sim::Histogram*>& runs) {
  const auto note = [](Figure& figure, std::optional<double> effective) {
    if (effective) figure.effective = std::min(*effective, static_cast<double>(figure.samples));
  };
  if (times.mean.low) note(times.mean, sim::effective_samples_of_mean(runs));
  for (auto& [percent, figure] : times.percentiles)
    if (figure.low) note(figure, sim::effective_samples_beyond(runs, *figure.value * 1e9));
}

/// What is computed from one endpoint (or all of them together) in every run.
ClientSummary summary_of(std::string name, const std::vector<EndpointResult>& by_run, Runs runs) {
  ClientSummary summary;
  summary.name = std::move(name);
  std::vector<double> errors;
  std::vector<double> finished;
  std::vector<double> attempts;
  std::vector<const sim::Histogram*> latencies;
  for (const auto& run : by_run) {
    const auto ok = run.finished[static_cast<std::size_t>(Outcome::ok)];
    finished.push_back(static_cast<double>(run.all_finished()));
    errors.push_back(static_cast<double>(run.all_finished() - ok));
    attempts.push_back(static_cast<double>(run.attempts));
    latencies.push_back(&run.latency);
    for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
      summary.finished[outcome] += run.finished[outcome];
    }
  }
  const auto per_second = [&](auto count) {
    return mean_over_runs(runs, [&](const RunResult& run) {
      return static_cast<double>(count(by_run[static_cast<std::size_t>(&run - runs.data())])) /
             run.measured_s();
    });
  };
  summary.offered_per_s = per_second([](const EndpointResult& run) { return run.issued; });
  summary.served_per_s = per_second([](const EndpointResult& run) {
    return run.finished[static_cast<std::size_t>(Outcome::ok)];
  });
  summary.goodput_per_s = per_second([](const EndpointResult& run) { return run.in_time; });
  summary.error_rate = proportion_over_runs(errors, finished, "no request finished");
  summary.attempts_per_request = ratio_over_runs(attempts, finished, "no request finished");
  summary.latency_s = time_summary(latencies);
  count_effective(summary.latency_s, latencies);
  return summary;
}

}  // namespace

Figure mean_over_runs(Runs runs, const std::function<double(const RunResult&)>& value) {
  if (runs.empty()) return Figure::none("no run was finished");
  std::vector<double> values;
  for (const RunResult& run : runs)
    values.push_back(value(run));
  return within(Figure::of(sim::student_interval(values), values.size()), 0);
}

Figure ratio_over_runs(const std::vector<double>& numerators,
                       const std::vector<double>& denominators, const std::string& none) {
  if (numerators.empty()) return Figure::none("no run was finished");
  const auto ratio = sim::ratio_interval(numerators, denominators);
  if (!ratio) return Figure::none(none);
  double total = 0;
  for (const double each : denominators)
    total += each;
  return within(Figure::of(*ratio, static_cast<std::uint64_t>(total)), 0);
}

Figure proportion_over_runs(const std::vector<double>& events, const std::vector<double>& trials,
                            const std::string& none) {
  Figure figure = ratio_over_runs(events, trials, none);
  if (!figure.value) return figure;
  if (*figure.value == 0 || *figure.value == 1) {
    // Never or always in so many trials still leaves room for a little of the other.
    const std::uint64_t successes = *figure.value == 0 ? 0 : figure.samples;
    const auto bounds = sim::wilson_interval(successes, figure.samples);
    figure = {figure.value, bounds->low, bounds->high, figure.samples, {}};
  }
  return within(figure, 0, 1);
}

Figure percentile_over_runs(const std::vector<const sim::Histogram*>& runs, double percent) {
  return percentile_of(pooled(runs), runs, percent);
}

std::optional<double> percentile_of_run(const sim::Histogram& times, double percent) {
  if (times.count() == 0 || times.samples_beyond(percent / 100) == 0) return std::nullopt;
  return times.quantile(percent / 100) * 1e-9;
}

TimeSummary time_summary(const std::vector<const sim::Histogram*>& runs) {
  const sim::Histogram all = pooled(runs);
  TimeSummary summary;
  summary.mean = mean_of(all, runs);
  for (const double percent : usual_percents) {
    summary.percentiles.emplace_back(percent, percentile_of(all, runs, percent));
  }
  summary.max = all.count() == 0
                    ? Figure::none("no samples")
                    : Figure::plain(static_cast<double>(all.max()) * 1e-9, all.count(),
                                    "the largest of the samples seen says nothing of others");
  return summary;
}

const Figure& TimeSummary::percentile(double percent) const {
  const auto found = std::find_if(percentiles.begin(), percentiles.end(),
                                  [&](const auto& each) { return each.first == percent; });
  HEADROOM_CHECK(found != percentiles.end());
  return found->second;
}

EndpointResult total_of(const WorkloadResult& workload) {
  EndpointResult total;
  total.name = workload.name;
  for (const EndpointResult& endpoint : workload.endpoints)
    add(total, endpoint);
  return total;
}

void add(EndpointResult& total, const EndpointResult& more) {
  total.issued += more.issued;
  total.attempts += more.attempts;
  total.in_time += more.in_time;
  total.in_flight_at_start += more.in_flight_at_start;
  total.in_flight_at_end += more.in_flight_at_end;
  total.latency.merge(more.latency);
  for (std::size_t outcome = 0; outcome < outcomes; ++outcome)
    total.finished[outcome] += more.finished[outcome];
}

namespace {

/// Of figures that every run gives by the same names, in the same order: their means.
std::vector<std::pair<std::string, Figure>> means_by_name(Runs runs, const auto& of) {
  std::vector<std::pair<std::string, Figure>> means;
  for (std::size_t i = 0; i < of(runs.front()).size(); ++i) {
    means.emplace_back(of(runs.front())[i].first, mean_over_runs(runs, [&](const RunResult& run) {
                         return of(run)[i].second;
                       }));
  }
  return means;
}

}  // namespace

ClientSummary client_summary(const ScenarioPlan& plan, Runs runs, std::size_t workload) {
  const std::string& name = plan.workloads.entries[workload].first;
  std::vector<EndpointResult> totals;
  for (const RunResult& run : runs)
    totals.push_back(total_of(run.workloads[workload]));
  ClientSummary summary = summary_of(name, totals, runs);
  if (runs.empty()) return summary;
  const auto& endpoints = runs.front().workloads[workload].endpoints;
  for (std::size_t endpoint = 0; endpoint < endpoints.size(); ++endpoint) {
    std::vector<EndpointResult> by_run;
    for (const RunResult& run : runs)
      by_run.push_back(run.workloads[workload].endpoints[endpoint]);
    summary.endpoints.push_back(summary_of(endpoints[endpoint].name, by_run, runs));
  }
  summary.policies = means_by_name(
      runs, [&](const RunResult& run) -> auto& { return run.workloads[workload].policies; });
  return summary;
}

namespace {

Figure share_of(Runs runs, const std::function<BusyArea(const RunResult&)>& area) {
  std::vector<double> busy;
  std::vector<double> available;
  for (const RunResult& run : runs) {
    const BusyArea each = area(run);
    busy.push_back(area_s(each.busy));
    available.push_back(area_s(each.available));
  }
  Figure figure = ratio_over_runs(busy, available, "unlimited, or never up");
  figure.samples = runs.size();
  return within(figure, 0, 1);
}

/// Of all replicas together.
BusyArea sum_of(const ServiceResult& service, BusyArea ReplicaResult::*area) {
  BusyArea sum;
  for (const ReplicaResult& replica : service.replicas) {
    sum.busy += (replica.*area).busy;
    sum.available += (replica.*area).available;
  }
  return sum;
}

void add_replicas(ServiceSummary& summary, Runs runs, std::size_t service) {
  summary.busiest_utilization = summary.utilization;
  for (std::size_t replica = 0; replica < runs.front().services[service].replicas.size();
       ++replica) {
    const Figure busy = share_of(
        runs, [&](const RunResult& run) { return run.services[service].replicas[replica].used; });
    const Figure arrivals = mean_over_runs(runs, [&](const RunResult& run) {
      return static_cast<double>(run.services[service].replicas[replica].arrivals) /
             run.measured_s();
    });
    const auto& busiest = summary.busiest_utilization.value;
    if (busy.value && (replica == 0 || !busiest || *busy.value > *busiest)) {
      summary.busiest_utilization = busy;
    }
    summary.replicas.emplace_back(busy, arrivals);
  }
}

}  // namespace

ServiceSummary service_summary(Runs runs, std::size_t service) {
  ServiceSummary summary;
  if (runs.empty()) return summary;
  const auto mean = [&](auto value) {
    return mean_over_runs(runs, [&](const RunResult& run) {
      return value(run.services[service]) / run.measured_s();
    });
  };
  const ServiceResult& first = runs.front().services[service];
  summary.name = first.name;
  summary.kind = first.kind;
  summary.arrivals_per_s =
      mean([](const ServiceResult& s) { return static_cast<double>(s.arrivals); });
  summary.throughput_per_s =
      mean([](const ServiceResult& s) { return static_cast<double>(s.completions); });
  summary.queue_length = mean([](const ServiceResult& s) { return area_s(s.queue_area); });
  summary.in_system = mean([](const ServiceResult& s) { return area_s(s.in_system_area); });
  summary.instances = mean([](const ServiceResult& s) { return area_s(s.instance_area); });
  summary.utilization = share_of(runs, [&](const RunResult& run) {
    return sum_of(run.services[service], &ReplicaResult::used);
  });
  summary.slots_held = share_of(runs, [&](const RunResult& run) {
    return sum_of(run.services[service], &ReplicaResult::slots);
  });
  add_replicas(summary, runs, service);
  std::vector<const sim::Histogram*> waits;
  std::vector<const sim::Histogram*> sojourns;
  std::array<std::uint64_t, drop_causes> drops{};
  for (const RunResult& run : runs) {
    const ServiceResult& result = run.services[service];
    waits.push_back(&result.wait);
    sojourns.push_back(&result.sojourn);
    for (std::size_t cause = 0; cause < drop_causes; ++cause)
      drops[cause] += result.drops[cause];
  }
  summary.counts = means_by_name(
      runs, [&](const RunResult& run) -> auto& { return run.services[service].counts; });
  summary.policies = means_by_name(
      runs, [&](const RunResult& run) -> auto& { return run.services[service].policies; });
  if (first.cache) summary.cache = cache_summary(runs, service);
  if (first.broker) summary.broker = broker_summary(runs, service);
  if (first.store) summary.store = store_summary(runs, service, summary.replicas);
  summary.wait_s = time_summary(waits);
  summary.sojourn_s = time_summary(sojourns);
  for (std::size_t cause = 1; cause < drop_causes; ++cause) {
    if (drops[cause] > 0) summary.drops.emplace_back(drop_cause_names[cause], drops[cause]);
  }
  return summary;
}

Figure cost_per_h(const ScenarioPlan& plan, Runs runs, std::optional<std::size_t> service) {
  const auto cost_of = [&](std::size_t index) { return plan.services.entries[index].second.cost; };
  bool has_cost = false;
  for (std::size_t index = 0; index < plan.services.size(); ++index)
    has_cost = has_cost || cost_of(index);
  if (!has_cost) return Figure::none("no service has a \"cost\"");
  return mean_over_runs(runs, [&](const RunResult& run) {
    double sum = 0;
    for (std::size_t index = 0; index < run.services.size(); ++index) {
      if (service && index != *service) continue;
      sum += cost_of(index).value_or(0) * area_s(run.services[index].instance_area);
    }
    return sum / run.measured_s();
  });
}

const Figure& figure_for(const ClientSummary& workload, const std::string& metric) {
  if (metric == "error_rate") return workload.error_rate;
  if (metric == "throughput") return workload.served_per_s;
  if (metric == "goodput") return workload.goodput_per_s;
  const auto percent = parse_quantity(Quantity::percentile, metric);
  if (percent.value) {
    for (const auto& [known, figure] : workload.latency_s.percentiles) {
      if (known == *percent.value) return figure;
    }
  }
  return workload.latency_s.mean;
}

}  // namespace headroom
