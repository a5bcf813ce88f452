#include "app/study/judge.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "app/study/verdict_by_share.hpp"

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

constexpr const char* never_came = "the time that it asks about never came";

/// Each run counts with the length of its time, which may differ. What is served does not come in
/// bursts as what goes wrong does: plain Student.
Figure rate_over_runs(const std::vector<double>& counts, const std::vector<double>& lengths_s) {
  const auto rate = sim::ratio_of(counts, lengths_s);
  if (!rate) return Figure::none(never_came);
  if (counts.size() < 2) return Figure::plain(rate->value, counts.size());
  const double t = sim::student_quantile(0.5 + sim::default_confidence / 2, counts.size() - 1);
  const double half = t * rate->error;
  return within(Figure::of({rate->value, rate->value - half, rate->value + half}, counts.size()),
                0);
}

Figure complement(Figure share) {
  if (!share.value) return share;
  share.value = 1 - *share.value;
  if (share.low) std::tie(share.low, share.high) = std::pair(1 - *share.high, 1 - *share.low);
  return share;
}

/// The requests that an SLO is about, in one run, and how long it asks for them.
struct Asked {
  EndpointResult requests;
  double length_s = 0;
};

Asked asked_of(const ScenarioPlan& plan, const RunResult& run, const SloPlan& slo) {
  const std::string& name = slo.workload->name;
  const WorkloadResult& workload = run.workloads[position_of(plan.workloads, name)];
  const std::vector<EndpointResult>* endpoints = &workload.endpoints;
  Asked asked;
  asked.length_s = run.measured_s();
  if (slo.during) {
    const auto parts = plan.parts_of(name);
    const auto part = std::find(parts.begin(), parts.end(), *slo.during) - parts.begin();
    endpoints = &workload.parts[static_cast<std::size_t>(part)].endpoints;
    asked.length_s = workload.parts[static_cast<std::size_t>(part)].length.in_seconds();
  }
  for (const EndpointResult& endpoint : *endpoints) {
    if (!slo.endpoint || endpoint.name == *slo.endpoint) add(asked.requests, endpoint);
  }
  return asked;
}

Figure of_workload(const ScenarioPlan& plan, Runs runs, const SloPlan& slo) {
  std::vector<EndpointResult> requests;
  std::vector<double> lengths, ok, in_time, finished, not_ok;
  for (const RunResult& run : runs) {
    Asked asked = asked_of(plan, run, slo);
    const EndpointResult& of = asked.requests;
    ok.push_back(static_cast<double>(of.finished[static_cast<std::size_t>(Outcome::ok)]));
    in_time.push_back(static_cast<double>(of.in_time));
    finished.push_back(static_cast<double>(of.all_finished()));
    not_ok.push_back(finished.back() - ok.back());
    lengths.push_back(asked.length_s);
    requests.push_back(std::move(asked.requests));
  }
  const bool never = std::all_of(lengths.begin(), lengths.end(), [](double s) { return s <= 0; });
  if (never) return Figure::none(never_came);
  std::vector<const sim::Histogram*> latencies;
  for (const auto& each : requests)
    latencies.push_back(&each.latency);
  switch (slo.require.metric) {
    case Metric::error_rate:
      return proportion_over_runs(not_ok, finished, "no request finished");
    case Metric::availability:
      return complement(proportion_over_runs(not_ok, finished, "no request finished"));
    case Metric::throughput:
      return rate_over_runs(ok, lengths);
    case Metric::goodput:
      return rate_over_runs(in_time, lengths);
    default:
      return time_figure(slo.require, time_summary(latencies), latencies);
  }
}

/// Of one consumer group.
Figure of_group(Runs runs, const SloPlan& slo, std::size_t service) {
  const auto& groups = runs.front().services[service].broker->groups;
  const auto found = std::find_if(groups.begin(), groups.end(),
                                  [&](const auto& each) { return each.group == *slo.group; });
  if (found == groups.end()) return Figure::none("nobody is in that group");
  const auto group = static_cast<std::size_t>(found - groups.begin());
  const BrokerSummary broker = broker_summary(runs, service);
  const SubscriptionSummary& summary = groups.size() > 1 ? broker.groups[group] : broker.total;
  std::vector<const sim::Histogram*> lags;
  for (const RunResult& run : runs)
    lags.push_back(&run.services[service].broker->groups[group].lag);
  switch (slo.require.metric) {
    case Metric::lag:
      return summary.lag;
    case Metric::lost:
      return summary.lost;
    case Metric::mean_lag:
      return summary.lag_s.mean;
    case Metric::max_lag:
      return summary.lag_s.max;
    default:
      return percentile_over_runs(lags, slo.require.percentile);
  }
}

Figure of_service(const ScenarioPlan& plan, Runs runs, const SloPlan& slo) {
  const std::size_t service = position_of(plan.services, slo.about()->name);
  if (slo.group) return of_group(runs, slo, service);
  const ServiceSummary summary = service_summary(runs, service);
  std::vector<const sim::Histogram*> sojourns, lags;
  std::vector<double> not_ok;
  std::vector<double> left;
  for (const RunResult& run : runs) {
    const ServiceResult& result = run.services[service];
    sojourns.push_back(&result.sojourn);
    lags.push_back(&result.wait);
    double dropped = 0;
    for (const auto count : result.drops)
      dropped += static_cast<double>(count);
    not_ok.push_back(dropped + static_cast<double>(result.failures));
    left.push_back(dropped + static_cast<double>(result.completions));
  }
  switch (slo.require.metric) {
    case Metric::utilization:
      return summary.busiest_utilization;
    case Metric::throughput:
      return summary.throughput_per_s;
    case Metric::cost:
      return cost_per_h(plan, runs, service);
    case Metric::hit_ratio:
      return summary.cache->hit_ratio;
    case Metric::stale_reads:
      return summary.cache ? summary.cache->stale_read_ratio : summary.store->stale_read_ratio;
    case Metric::error_rate:
      return proportion_over_runs(not_ok, left, "no request left");
    case Metric::lag:
      return summary.broker->total.lag;
    case Metric::lost:
      return summary.broker->total.lost;
    case Metric::mean_lag:
      return summary.wait_s.mean;
    case Metric::max_lag:
      return summary.wait_s.max;
    case Metric::percentile_lag:
      return percentile_over_runs(lags, slo.require.percentile);
    default:
      return time_figure(slo.require, summary.sojourn_s, sojourns);
  }
}

Figure of_shard(Runs runs, std::size_t service, std::size_t shard, const ShardSummary& known,
                const Requirement& require) {
  switch (require.metric) {
    case Metric::utilization:
      return known.utilization;
    case Metric::throughput:
      return known.throughput_per_s;
    case Metric::error_rate:
      return known.error_rate;
    default: {
      std::vector<const sim::Histogram*> latencies;
      for (const RunResult& run : runs)
        latencies.push_back(&run.services[service].store->shards[shard].latency);
      return time_figure(require, known.latency_s, latencies);
    }
  }
}

bool is_worse(const Requirement& require, const Figure& a, const Figure& b) {
  if (a.value.has_value() != b.value.has_value()) return b.value.has_value();
  if (!a.value) return false;
  return require.at_most ? *a.value > *b.value : *a.value < *b.value;
}

/// Of the shard that the goal is about, or of the worst of all; which one it was.
Figure of_shards(const ScenarioPlan& plan, Runs runs, const SloPlan& slo, std::size_t* which) {
  const std::size_t service = position_of(plan.services, slo.service->name);
  const std::vector<ShardSummary> shards = service_summary(runs, service).store->shards;
  const auto figure = [&](std::size_t shard) {
    return of_shard(runs, service, shard, shards[shard], slo.require);
  };
  const auto* number = std::get_if<std::uint32_t>(&*slo.shard);
  *which = number ? *number : 0;
  Figure worst = figure(*which);
  for (std::size_t shard = 1; !number && shard < shards.size(); ++shard) {
    Figure next = figure(shard);
    // A shard that nobody asked, as one that comes later may be, says nothing.
    if (!next.value && next.samples == 0) continue;
    if (worst.value ? !is_worse(slo.require, next, worst) : worst.samples > 0) continue;
    *which = shard;
    worst = std::move(next);
  }
  return worst;
}

bool is_time(Metric metric) {
  return metric == Metric::percentile || metric == Metric::mean || metric == Metric::max ||
         metric == Metric::percentile_lag || metric == Metric::mean_lag ||
         metric == Metric::max_lag;
}

Verdict decide(const Requirement& require, const Figure& measured) {
  if (!measured.value) {
    const bool none_was_served = measured.samples == 0 && measured.why != never_came;
    return is_time(require.metric) && none_was_served ? Verdict::missed : Verdict::undecided;
  }
  // The largest of all samples has no interval: what was seen decides.
  const bool by_value = require.metric == Metric::max || require.metric == Metric::max_lag;
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

std::string text_of(const During& during) {
  if (const auto* failure = std::get_if<std::uint32_t>(&during)) return std::to_string(*failure);
  return std::string(
      choices_of(DuringFailures{})[static_cast<std::size_t>(std::get<DuringFailures>(during))]
          .name);
}

}  // namespace

bool is_of_pooled_times(const SloPlan& slo) {
  const Metric metric = slo.require.metric;
  return !slo.shard && !slo.group &&
         (metric == Metric::percentile || metric == Metric::percentile_lag);
}

sim::Histogram times_of(const ScenarioPlan& plan, const RunResult& run, const SloPlan& slo) {
  if (slo.workload) return asked_of(plan, run, slo).requests.latency;
  const ServiceResult& result = run.services[position_of(plan.services, slo.about()->name)];
  return slo.require.metric == Metric::percentile ? result.sojourn : result.wait;
}

bool keeps(const Requirement& require, double value) {
  return require.at_most ? value <= require.limit : value >= require.limit;
}

SloSummary judge_slo(const ScenarioPlan& plan, Runs runs, const std::string& name,
                     const SloPlan& slo) {
  SloSummary summary;
  summary.name = name;
  summary.limit = slo.require.written;
  summary.of_time = is_time(slo.require.metric);
  if (slo.during) summary.during = text_of(*slo.during);
  if (runs.empty()) {
    summary.measured = Figure::none("no run was finished");
    return summary;
  }
  if (slo.shard) {
    std::size_t which = 0;
    summary.measured = of_shards(plan, runs, slo, &which);
    summary.shard = which;
  } else {
    summary.measured = slo.workload ? of_workload(plan, runs, slo) : of_service(plan, runs, slo);
  }
  summary.verdict = decide(slo.require, summary.measured);
  const bool is_open = summary.verdict == Verdict::undecided && summary.measured.samples > 0;
  if (is_of_pooled_times(slo) && is_open && !summary.measured.low) {
    std::vector<sim::Histogram> times;
    for (const RunResult& run : runs)
      times.push_back(times_of(plan, run, slo));
    std::vector<const sim::Histogram*> each;
    for (const sim::Histogram& one : times)
      each.push_back(&one);
    summary.verdict = verdict_by_share(slo.require, each, summary.measured);
  }
  return summary;
}

std::optional<double> measured_in(const ScenarioPlan& plan, const RunResult& run,
                                  const SloPlan& slo) {
  const Runs one(&run, 1);
  std::size_t which = 0;
  if (slo.shard) return of_shards(plan, one, slo, &which).value;
  return (slo.workload ? of_workload(plan, one, slo) : of_service(plan, one, slo)).value;
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
    measured_s += run.measured_s();
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
  for (std::size_t link = 0; link < runs.front().links.size(); ++link) {
    double more_bytes = 0;
    double bytes = 0;
    double messages = 0;
    double transfers = 0;
    double more_transfers = 0;
    for (const RunResult& run : runs) {
      const LinkReport& report = run.links[link];
      transfers += static_cast<double>(report.transfers);
      more_transfers += static_cast<double>(report.more_transfers);
      more_bytes += report.more_bytes;
      bytes += report.counts.bytes + report.more_bytes;
      messages += static_cast<double>(report.counts.messages);
    }
    if (bytes <= 0) continue;
    if (note("link " + runs.front().links[link].name,
             more_bytes * messages / bytes + more_transfers, messages + transfers))
      found.of_link = true;
  }
  if (found.because.empty()) return std::nullopt;
  return found;
}

}  // namespace headroom
