#include "app/study/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "app/study/judge.hpp"

namespace headroom {

namespace {

using Kind = Metric::Kind;

EndpointResult total_in(const RunResult& run, const std::string& name) {
  for (const auto& workload : run.workloads) {
    if (workload.name == name) return total_of(workload);
  }
  return {};
}

std::optional<double> ratio(double above, double below) {
  if (below == 0) return std::nullopt;
  return above / below;
}

Metric mean_latency(const std::string& name) {
  return {
      "workloads." + name + ".latency_s.mean",
      Kind::time,
      true,
      true,
      [name](const Design& design) { return workload_of(design.summary, name)->latency_s.mean; },
      [name](const ScenarioPlan&, const RunResult& run) {
        const auto latency = total_in(run, name).latency;
        return ratio(static_cast<double>(latency.sum()) * 1e-9,
                     static_cast<double>(latency.count()));
      }};
}

Metric latency_percentile(const std::string& name, double percent, const std::string& key) {
  return {"workloads." + name + ".latency_s." + key,
          Kind::time,
          true,
          true,
          [=](const Design& design) {
            return workload_of(design.summary, name)->latency_s.percentile(percent);
          },
          {},
          [=](const ScenarioPlan&, const RunResult& run) { return total_in(run, name).latency; },
          percent};
}

Metric rate_of(const std::string& name, const std::string& key, Figure ClientSummary::*figure,
               std::function<std::uint64_t(const EndpointResult&)> count) {
  return {"workloads." + name + "." + key,
          Kind::rate,
          false,
          false,
          [=](const Design& design) { return workload_of(design.summary, name)->*figure; },
          [=](const ScenarioPlan&, const RunResult& run) -> std::optional<double> {
            return static_cast<double>(count(total_in(run, name))) / run.measured_s();
          }};
}

Metric per_request(const std::string& name, const std::string& key, Kind kind,
                   Figure ClientSummary::*figure,
                   std::function<std::uint64_t(const EndpointResult&)> count) {
  return {"workloads." + name + "." + key,
          kind,
          true,
          false,
          [=](const Design& design) { return workload_of(design.summary, name)->*figure; },
          [=](const ScenarioPlan&, const RunResult& run) {
            const EndpointResult total = total_in(run, name);
            return ratio(static_cast<double>(count(total)),
                         static_cast<double>(total.all_finished()));
          }};
}

Metric utilization_of(const std::string& name) {
  return {"services." + name + ".utilization",
          Kind::share,
          true,
          false,
          [name](const Design& design) { return service_of(design.summary, name)->utilization; },
          [name](const ScenarioPlan&, const RunResult& run) {
            double busy = 0, available = 0;
            for (const auto& service : run.services) {
              if (service.name != name) continue;
              for (const auto& replica : service.replicas) {
                busy += static_cast<double>(replica.used.busy);
                available += static_cast<double>(replica.used.available);
              }
            }
            return ratio(busy, available);
          }};
}

void add_workload(std::vector<Metric>& metrics, const std::string& name) {
  constexpr auto ok = static_cast<std::size_t>(Outcome::ok);
  metrics.push_back(mean_latency(name));
  constexpr std::array<std::pair<double, const char*>, 5> percentiles{
      {{50, "p50"}, {90, "p90"}, {95, "p95"}, {99, "p99"}, {99.9, "p99_9"}}};
  for (const auto& [percent, key] : percentiles)
    metrics.push_back(latency_percentile(name, percent, key));
  metrics.push_back(per_request(
      name, "error_rate", Kind::share, &ClientSummary::error_rate,
      [](const EndpointResult& total) { return total.all_finished() - total.finished[ok]; }));
  metrics.push_back(rate_of(name, "served_per_s", &ClientSummary::served_per_s,
                            [](const EndpointResult& total) { return total.finished[ok]; }));
  metrics.push_back(rate_of(name, "goodput_per_s", &ClientSummary::goodput_per_s,
                            [](const EndpointResult& total) { return total.in_time; }));
  metrics.push_back(per_request(name, "attempts_per_request", Kind::number,
                                &ClientSummary::attempts_per_request,
                                [](const EndpointResult& total) { return total.attempts; }));
}

/// A figure of a service by name, whose value in one run `of` tells.
Metric of_service(const std::string& name, const std::string& key, Kind kind, bool less_is_better,
                  std::function<Figure(const ServiceSummary&)> figure,
                  std::function<std::optional<double>(const RunResult&, const ServiceResult&)> of) {
  return {"services." + name + "." + key,
          kind,
          less_is_better,
          false,
          [=](const Design& design) { return figure(*service_of(design.summary, name)); },
          [=](const ScenarioPlan&, const RunResult& run) -> std::optional<double> {
            for (const ServiceResult& service : run.services)
              if (service.name == name) return of(run, service);
            return std::nullopt;
          }};
}

/// How far behind its workers are, and what became of its messages.
void add_broker(std::vector<Metric>& metrics, const std::string& name) {
  using S = ServiceSummary;
  using Result = SubscriptionResult;
  const auto add = [&](const std::string& key, Kind kind, bool of_latency,
                       std::function<Figure(const SubscriptionSummary&)> figure,
                       std::function<std::optional<double>(const RunResult&, const Result&)> of) {
    metrics.push_back(of_service(
        name, key, kind, true, [figure](const S& service) { return figure(service.broker->total); },
        [of](const RunResult& run, const ServiceResult& service) {
          return of(run, together(service.broker->groups));
        }));
    metrics.back().of_latency = of_latency;
  };
  using Total = SubscriptionSummary;
  add(
      "lag", Kind::number, true, [](const Total& total) { return total.lag; },
      [](const RunResult& run, const Result& all) {
        return static_cast<double>(all.lag_area) * 1e-9 / run.measured_s();
      });
  add(
      "lag_s.mean", Kind::time, true, [](const Total& total) { return total.lag_s.mean; },
      [](const RunResult&, const Result& all) {
        return ratio(static_cast<double>(all.lag.sum()) * 1e-9,
                     static_cast<double>(all.lag.count()));
      });
  const auto add_percentile = [&](const std::string& key, double percent,
                                  TimeSummary Total::*summary, sim::Histogram Result::*times) {
    Metric metric;
    metric.name = fmt::format("services.{}.{}.p{:g}", name, key, percent);
    metric.of_latency = true;
    metric.figure = [=](const Design& design) {
      return (service_of(design.summary, name)->broker->total.*summary).percentile(percent);
    };
    metric.times = [=](const ScenarioPlan&, const RunResult& run) -> sim::Histogram {
      for (const ServiceResult& service : run.services)
        if (service.name == name) return together(service.broker->groups).*times;
      return {};
    };
    metric.percent = percent;
    metrics.push_back(std::move(metric));
  };
  add_percentile("lag_s", 50, &Total::lag_s, &Result::lag);
  add_percentile("lag_s", 99, &Total::lag_s, &Result::lag);
  add_percentile("done_s", 99, &Total::done_s, &Result::sojourn);
  add(
      "lost", Kind::number, false, [](const Total& total) { return total.lost; },
      [](const RunResult&, const Result& all) { return static_cast<double>(all.all_lost()); });
  add(
      "duplicates", Kind::number, false, [](const Total& total) { return total.duplicates; },
      [](const RunResult&, const Result& all) { return static_cast<double>(all.duplicates); });
}

/// What a service is asked about that it alone has, as an SLO would.
Metric by_slo(const std::string& name, const std::string& key, Requirement::Metric asked,
              bool less_is_better, Figure (*figure)(const ServiceSummary&)) {
  SloPlan slo;
  slo.service = ServiceRef{name};
  slo.require.metric = asked;
  return {
      "services." + name + "." + key,
      Kind::share,
      less_is_better,
      false,
      [=](const Design& design) { return figure(*service_of(design.summary, name)); },
      [=](const ScenarioPlan& plan, const RunResult& run) { return measured_in(plan, run, slo); }};
}

void add_service(std::vector<Metric>& metrics, const std::string& name, const auto& all_have) {
  metrics.push_back(utilization_of(name));
  using S = ServiceSummary;
  if (all_have([](const S& s) { return s.broker.has_value(); })) add_broker(metrics, name);
  if (all_have([](const S& s) { return s.cache.has_value(); })) {
    metrics.push_back(by_slo(name, "hit_ratio", Requirement::Metric::hit_ratio, false,
                             [](const S& s) { return s.cache->hit_ratio; }));
    metrics.push_back(by_slo(name, "stale_read_ratio", Requirement::Metric::stale_reads, true,
                             [](const S& s) { return s.cache->stale_read_ratio; }));
  }
  if (all_have([](const S& s) { return s.store.has_value(); }))
    metrics.push_back(by_slo(name, "stale_read_ratio", Requirement::Metric::stale_reads, true,
                             [](const S& s) { return s.store->stale_read_ratio; }));
}

Metric total_cost() {
  return {"cost_per_h",
          Kind::number,
          true,
          false,
          [](const Design& design) { return design.summary.cost_per_h; },
          [](const ScenarioPlan& plan, const RunResult& run) {
            return cost_per_h(plan, Runs(&run, 1)).value;
          }};
}

/// Whether what an SLO asks about is among the metrics of workloads and services anyway.
bool is_usual(const SloPlan& slo) {
  using Asked = Requirement::Metric;
  constexpr std::array usual{50.0, 90.0, 95.0, 99.0, 99.9};
  if (!slo.workload || slo.endpoint || slo.during) return false;
  switch (slo.require.metric) {
    case Asked::percentile:
      return std::find(usual.begin(), usual.end(), slo.require.percentile) != usual.end();
    case Asked::mean:
    case Asked::error_rate:
    case Asked::availability:
    case Asked::throughput:
    case Asked::goodput:
      return true;
    default:
      return false;
  }
}

Kind kind_of(const Requirement& require, bool of_time) {
  using Asked = Requirement::Metric;
  if (of_time) return Kind::time;
  switch (require.metric) {
    case Asked::throughput:
    case Asked::goodput:
      return Kind::rate;
    case Asked::cost:
    case Asked::lag:
    case Asked::lost:
      return Kind::number;
    default:
      return Kind::share;
  }
}

const SloSummary* slo_of(const Summary& summary, const std::string& name) {
  for (const SloSummary& slo : summary.slos)
    if (slo.name == name) return &slo;
  return nullptr;
}

/// Each design is asked about what its own SLO of that name says.
void add_slos(std::vector<Metric>& metrics, const std::vector<Design>& designs) {
  const Design& first = designs.front();
  for (const auto& [name, slo] : first.plan.slos) {
    const SloSummary* summary = slo_of(first.summary, name);
    const bool everywhere = std::all_of(
        designs.begin(), designs.end(), [&name = name, &slo = slo](const Design& design) {
          const SloPlan* same = design.plan.slos.find(name);
          return same && slo_of(design.summary, name) &&
                 same->require.metric == slo.require.metric &&
                 same->require.percentile == slo.require.percentile &&
                 same->shard.has_value() == slo.shard.has_value();
        });
    if (!summary || !everywhere || is_usual(slo)) continue;
    Metric metric;
    metric.name = "slos." + name;
    metric.kind = kind_of(slo.require, summary->of_time);
    metric.less_is_better = slo.require.at_most;
    metric.of_latency = summary->of_time;
    metric.figure = [name = name](const Design& design) {
      return slo_of(design.summary, name)->measured;
    };
    if (is_of_pooled_times(slo)) {
      metric.times = [name = name](const ScenarioPlan& plan, const RunResult& run) {
        return times_of(plan, run, *plan.slos.find(name));
      };
      metric.percent = slo.require.percentile;
    } else {
      metric.of_run = [name = name](const ScenarioPlan& plan, const RunResult& run) {
        return measured_in(plan, run, *plan.slos.find(name));
      };
    }
    metrics.push_back(std::move(metric));
  }
}

}  // namespace

std::vector<Metric> common_metrics(const std::vector<Design>& designs) {
  std::vector<Metric> metrics;
  const auto everywhere = [&](auto find, const std::string& name) {
    return std::all_of(designs.begin(), designs.end(),
                       [&](const Design& design) { return find(design.summary, name) != nullptr; });
  };
  for (const auto& workload : designs.front().summary.workloads) {
    if (everywhere(workload_of, workload.name)) add_workload(metrics, workload.name);
  }
  for (const auto& service : designs.front().summary.services) {
    if (!everywhere(service_of, service.name)) continue;
    add_service(metrics, service.name, [&](auto has) {
      return std::all_of(designs.begin(), designs.end(), [&](const Design& design) {
        return has(*service_of(design.summary, service.name));
      });
    });
  }
  if (std::all_of(designs.begin(), designs.end(),
                  [](const Design& design) { return design.summary.cost_per_h.value; }))
    metrics.push_back(total_cost());
  add_slos(metrics, designs);
  return metrics;
}

}  // namespace headroom
