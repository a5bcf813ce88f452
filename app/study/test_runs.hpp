#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "app/study/judge.hpp"

namespace headroom {

// Runs made by hand: one workload "users" with endpoints "read" and "write", one service "app" of
// two replicas, measured from 5 s on.

inline constexpr std::size_t index_of(Outcome outcome) {
  return static_cast<std::size_t>(outcome);
}

inline sim::Time measured_at(double seconds) {
  return sim::Time() + sim::Duration::rounded_ns((5 + seconds) * 1e9);
}

inline RunResult made_run(std::int64_t length_s = 10) {
  RunResult run;
  run.measurement.start = measured_at(0);
  run.measurement.end = measured_at(static_cast<double>(length_s));
  run.measurement.windows = {run.measurement.start, sim::Duration::seconds(1),
                             static_cast<std::size_t>(length_s)};
  run.workloads.push_back({"users", {}, WorkloadSeries(run.measurement.windows), {}});
  for (const char* name : {"read", "write"}) {
    EndpointResult endpoint;
    endpoint.name = name;
    run.workloads[0].endpoints.push_back(endpoint);
  }
  ServiceResult service;
  service.name = "app";
  service.kind = "server";
  service.replicas.resize(2);
  run.services.push_back(service);
  return run;
}

inline EndpointResult& reads(RunResult& run) {
  return run.workloads[0].endpoints[0];
}
inline EndpointResult& writes(RunResult& run) {
  return run.workloads[0].endpoints[1];
}

inline void finish(EndpointResult& endpoint, std::uint64_t ok, std::uint64_t failed) {
  endpoint.finished[index_of(Outcome::ok)] = ok;
  endpoint.finished[index_of(Outcome::failed)] = failed;
}

inline void answer_in_ms(EndpointResult& endpoint, std::int64_t ms, std::uint64_t times) {
  for (std::uint64_t i = 0; i < times; ++i)
    endpoint.latency.record(ms * 1'000'000);
}

inline ScenarioPlan made_plan() {
  ScenarioPlan plan;
  plan.name = "made by hand";
  plan.run.duration = sim::Duration::seconds(10);
  WorkloadPlan users;
  users.target.service = "app";
  users.arrivals.process = PoissonPlan{Rate{100}};
  plan.workloads.add("users", users);
  ServerPlan app;
  app.replicas = 2;
  app.concurrency = Limit{1};
  app.service_time = Distribution();
  app.service_time->a = 1e6;
  plan.services.add("app", ServicePlan{app});
  return plan;
}

inline FaultTarget target_of(const char* text) {
  FaultTarget target;
  target.name = target.written = text;
  return target;
}

inline SloPlan slo_of_users(Requirement::Metric metric, bool at_most, double limit,
                            double percentile = 0) {
  SloPlan slo;
  slo.workload = WorkloadRef{"users"};
  slo.require = {metric, percentile, at_most, limit, "as written"};
  return slo;
}
inline SloPlan slo_of_app(Requirement::Metric metric, bool at_most, double limit,
                          double percentile = 0) {
  SloPlan slo = slo_of_users(metric, at_most, limit, percentile);
  slo.workload.reset();
  slo.service = ServiceRef{"app"};
  return slo;
}

}  // namespace headroom
