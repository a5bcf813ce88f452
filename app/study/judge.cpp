#include "app/study/judge.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace headroom {

namespace {

using Metric = Requirement::Metric;

std::size_t position_of(const auto& named, const std::string& name) {
  const auto& entries = named.entries;
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& each) { return each.first == name; });
  return static_cast<std::size_t>(found - entries.begin());
}

Figure time_figure(const Requirement& require, const TimeSummary& known,
                   const std::vector<const sim::Histogram*>& histograms) {
  if (require.metric == Metric::mean) return known.mean;
  if (require.metric == Metric::max) return known.max;
  return percentile_over_runs(histograms, require.percentile);
}

Figure complement(Figure share) {
  if (!share.value) return share;
  share.value = 1 - *share.value;
  if (share.low) std::tie(share.low, share.high) = std::pair(1 - *share.high, 1 - *share.low);
  return share;
}

Figure of_workload(const ScenarioPlan& plan, Runs runs, const SloPlan& slo) {
  const std::size_t workload = position_of(plan.workloads, slo.workload->name);
  ClientSummary summary = client_summary(plan, runs, workload);
  std::vector<EndpointResult> results;
  for (const RunResult& run : runs) {
    if (!slo.endpoint) {
      results.push_back(total_of(run.workloads[workload]));
      continue;
    }
    for (const auto& endpoint : run.workloads[workload].endpoints) {
      if (endpoint.name == *slo.endpoint) results.push_back(endpoint);
    }
  }
  if (slo.endpoint) {
    for (const auto& endpoint : summary.endpoints) {
      if (endpoint.name == *slo.endpoint) summary = ClientSummary(endpoint);
    }
  }
  std::vector<const sim::Histogram*> latencies;
  for (const auto& result : results)
    latencies.push_back(&result.latency);
  switch (slo.require.metric) {
    case Metric::error_rate:
      return summary.error_rate;
    case Metric::availability:
      return complement(summary.error_rate);
    case Metric::throughput:
      return summary.served_per_s;
    case Metric::goodput:
      return summary.goodput_per_s;
    default:
      return time_figure(slo.require, summary.latency_s, latencies);
  }
}

Figure of_service(const ScenarioPlan& plan, Runs runs, const SloPlan& slo) {
  const std::size_t service = position_of(plan.services, slo.service->name);
  const ServiceSummary summary = service_summary(runs, service);
  std::vector<const sim::Histogram*> sojourns;
  std::vector<double> dropped;
  std::vector<double> left;
  for (const RunResult& run : runs) {
    const ServiceResult& result = run.services[service];
    sojourns.push_back(&result.sojourn);
    double sum = 0;
    for (const auto count : result.drops)
      sum += static_cast<double>(count);
    dropped.push_back(sum);
    left.push_back(sum + static_cast<double>(result.completions));
  }
  switch (slo.require.metric) {
    case Metric::utilization:
      return summary.busiest_utilization;
    case Metric::throughput:
      return summary.throughput_per_s;
    case Metric::error_rate:
      return within(ratio_over_runs(dropped, left, "no request left"), 0, 1);
    default:
      return time_figure(slo.require, summary.sojourn_s, sojourns);
  }
}

bool is_time(Metric metric) {
  return metric == Metric::percentile || metric == Metric::mean || metric == Metric::max;
}

Verdict decide(const Requirement& require, const Figure& measured) {
  if (!measured.value) {
    return is_time(require.metric) && measured.samples == 0 ? Verdict::missed : Verdict::undecided;
  }
  // The largest of all samples has no interval: what was seen decides.
  const bool by_value = require.metric == Metric::max;
  if (!by_value && !measured.low) return Verdict::undecided;
  const double low = by_value ? *measured.value : *measured.low;
  const double high = by_value ? *measured.value : *measured.high;
  if (require.at_most) {
    if (high <= require.limit) return Verdict::met;
    return low > require.limit ? Verdict::missed : Verdict::undecided;
  }
  if (low >= require.limit) return Verdict::met;
  return high < require.limit ? Verdict::missed : Verdict::undecided;
}

}  // namespace

SloSummary judge_slo(const ScenarioPlan& plan, Runs runs, const std::string& name,
                     const SloPlan& slo) {
  SloSummary summary{
      name, slo.require.written, {}, Verdict::undecided, is_time(slo.require.metric)};
  if (runs.empty()) {
    summary.measured = Figure::none("no run was finished");
    return summary;
  }
  summary.measured = slo.workload ? of_workload(plan, runs, slo) : of_service(plan, runs, slo);
  summary.verdict = decide(slo.require, summary.measured);
  return summary;
}

Verdict overall(const std::vector<SloSummary>& slos) {
  Verdict verdict = Verdict::met;
  for (const auto& slo : slos) {
    if (slo.verdict == Verdict::missed) return Verdict::missed;
    if (slo.verdict == Verdict::undecided) verdict = Verdict::undecided;
  }
  return verdict;
}

namespace {

/// Came minus left over all runs, and what a queue at its limit would do by chance: a random walk
/// without drift moves by about the root of its steps. Chosen: four standard deviations.
bool grew(double growth, double came) {
  return growth > 4 * std::sqrt(2 * came) + 1;
}

}  // namespace

std::optional<Growth> growth(Runs runs) {
  if (runs.empty()) return std::nullopt;
  Growth found;
  double measured_s = 0;
  for (const RunResult& run : runs) {
    measured_s += (run.measurement.end - run.measurement.start).in_seconds();
  }
  const auto note = [&](const std::string& what, double more, double came) {
    if (!grew(more, came)) return false;
    if (!found.because.empty()) found.because += "; ";
    found.because += fmt::format("{}: {:.4g}/s came, {:.4g}/s left", what, came / measured_s,
                                 (came - more) / measured_s);
    return true;
  };
  for (std::size_t service = 0; service < runs.front().services.size(); ++service) {
    double more = 0;
    double came = 0;
    for (const RunResult& run : runs) {
      const ServiceResult& result = run.services[service];
      more += static_cast<double>(result.in_system_at_end) -
              static_cast<double>(result.in_system_at_start);
      came += static_cast<double>(result.arrivals);
    }
    found.services.push_back(note("service " + runs.front().services[service].name, more, came));
  }
  for (std::size_t workload = 0; workload < runs.front().workloads.size(); ++workload) {
    double more = 0;
    double came = 0;
    for (const RunResult& run : runs) {
      const EndpointResult total = total_of(run.workloads[workload]);
      more += static_cast<double>(total.in_flight_at_end) -
              static_cast<double>(total.in_flight_at_start);
      came += static_cast<double>(total.issued);
    }
    note("workload " + runs.front().workloads[workload].name, more, came);
  }
  if (found.because.empty()) return std::nullopt;
  return found;
}

}  // namespace headroom
