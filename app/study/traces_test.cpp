#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "app/report/client_tables.hpp"
#include "app/study/job.hpp"
#include "app/study/run_bytes.hpp"
#include "app/study/summary.hpp"
#include "app/study/test_runs.hpp"
#include "models/test_distributions.hpp"

namespace headroom {
namespace {

/// One server of mean 1 ms at 80 % of its rate, all requests traced.
ScenarioPlan busy_plan() {
  ScenarioPlan plan = made_plan();
  plan.run.warmup = sim::Duration::seconds(2);
  plan.run.duration = sim::Duration::seconds(60);
  plan.run.replications = 6;
  plan.run.trace = Ratio{1};
  auto& users = *const_cast<WorkloadPlan*>(plan.workloads.find("users"));
  users.arrivals.process = PoissonPlan{Rate{800}};
  auto& app = std::get<ServerPlan>(const_cast<ServicePlan*>(plan.services.find("app"))->kind);
  app.replicas = 1;
  app.queue_limit = Limit{std::numeric_limits<std::int64_t>::max()};
  app.service_time = exponential_ms(1);
  return plan;
}

double spent(const GroupSummary& group, TimeCause cause) {
  return group.by_cause_s[static_cast<std::size_t>(cause)].value.value_or(0);
}

TEST_CASE("Where the slow requests of an M/M/1 spend their time is known in closed form") {
  // With W and S independent, the work of a request that took t is (1 - exp(-l t)) / l in the mean,
  // l the arrival rate: that of the slowest is 1 / l, however long they took. The sojourn is
  // exponential of rate m - l.
  const ScenarioPlan plan = busy_plan();
  const Summary summary = summarize(plan, run_study(plan, {}));
  const auto& spent_on = summary.workloads.front().time_spent;
  REQUIRE(spent_on);
  const double l = 800, rate = 200;
  const double p99 = std::log(100) / rate, p50 = std::log(2) / rate;
  CHECK(spent(spent_on->slowest, TimeCause::work) == Approx(1 / l).epsilon(0.05));
  CHECK(*spent_on->slowest.latency_s.value == Approx(p99 + 1 / rate).epsilon(0.12));
  CHECK(spent(spent_on->median, TimeCause::work) ==
        Approx((1 - std::exp(-l * p50)) / l).epsilon(0.03));
  CHECK(*spent_on->median.latency_s.value == Approx(p50).epsilon(0.05));
  for (const GroupSummary* group : {&spent_on->slowest, &spent_on->median}) {
    CHECK(spent(*group, TimeCause::work) + spent(*group, TimeCause::queue) ==
          Approx(*group->latency_s.value).epsilon(1e-9));
  }
}

TEST_CASE("Tracing changes nothing of what happens") {
  ScenarioPlan plan = busy_plan();
  plan.run.duration = sim::Duration::seconds(5);
  const Measurement measurement = measurement_of(plan, sim::Duration::seconds(2), 10);
  const RunResult all = simulate(plan, 0, measurement, nullptr);
  CHECK(all.workloads.front().time_spent.traced > 3000);
  CHECK(all.traces.size() >= 100);
  plan.run.trace = Ratio{0};
  const RunResult none = simulate(plan, 0, measurement, nullptr);
  CHECK(none.workloads.front().time_spent.traced == 0);
  CHECK(none.traces.empty());
  CHECK(none.digest == all.digest);
  CHECK(none.events == all.events);
  plan.run.trace = Ratio{0.1};
  const RunResult some = simulate(plan, 0, measurement, nullptr);
  const auto traced = static_cast<double>(some.workloads.front().time_spent.traced);
  const auto expected = 0.1 * static_cast<double>(all.workloads.front().time_spent.traced);
  CHECK(std::abs(traced - expected) < 4 * std::sqrt(expected));

  SECTION("traces come back from another process as they were") {
    const auto copy = run_of_bytes(run_bytes(all));
    REQUIRE(copy);
    REQUIRE(copy->traces.size() == all.traces.size());
    CHECK(copy->traces.back().spans.size() == all.traces.back().spans.size());
    CHECK(copy->traces.back().ns == all.traces.back().ns);
    CHECK(run_bytes(*copy) == run_bytes(all));
  }
}

TEST_CASE("Requests for which there is no room to be traced are counted") {
  ScenarioPlan plan = busy_plan();
  plan.run.duration = sim::Duration::seconds(300);
  plan.run.replications = 1;
  const auto study = run_study(plan, {});
  const TimeSpent& spent = study.runs.front().workloads.front().time_spent;
  CHECK(spent.left_out > 10'000);
  CHECK(static_cast<double>(spent.traced + spent.left_out) == Approx(240'000).epsilon(0.02));
  const Summary summary = summarize(plan, study);
  CHECK(time_table(summary, Paint(false)).find("found no room") != std::string::npos);
}

TEST_CASE("A request picked by its rank is the one of that latency") {
  ScenarioPlan plan = busy_plan();
  plan.run.duration = sim::Duration::seconds(5);
  const Measurement measurement = measurement_of(plan, sim::Duration::seconds(2), 10);
  const auto picked = [&](std::optional<double> quantile, std::uint64_t number) {
    plan.run.trace = TracePick{"users", quantile, number, "one"};
    return run_within({}, plan, 0, measurement, nullptr);
  };
  const auto latency_ns = [](const RunResult& run) {
    REQUIRE(run.traces.size() == 1);
    const TracedSpan& root = run.traces.front().spans.front();
    CHECK(std::accumulate(run.traces.front().ns.begin(), run.traces.front().ns.end(),
                          std::int64_t{0}) == root.end_ns - root.begin_ns);
    return root.end_ns - root.begin_ns;
  };
  const RunResult slowest = picked(1, 0);
  const sim::Histogram& all = slowest.workloads.front().endpoints.front().latency;
  CHECK(latency_ns(slowest) == all.max());
  REQUIRE(slowest.picked);
  // Those that were sent before the measurement began are not among them.
  const std::uint64_t before = slowest.workloads.front().endpoints.front().in_flight_at_start;
  CHECK(slowest.picked->rank <= all.count());
  CHECK(slowest.picked->rank + before >= all.count());
  const RunResult p90 = picked(0.9, 0);
  CHECK(static_cast<double>(latency_ns(p90)) == Approx(all.quantile(0.9)).epsilon(0.006));
  CHECK(p90.digest == slowest.digest);
  const RunResult same = picked(std::nullopt, p90.picked->number);
  CHECK(latency_ns(same) == latency_ns(p90));
}

TEST_CASE("The golden signals of all windows add up to the figures of the run") {
  ScenarioPlan plan = busy_plan();
  plan.run.duration = sim::Duration::seconds(5);
  auto& app = std::get<ServerPlan>(const_cast<ServicePlan*>(plan.services.find("app"))->kind);
  app.queue_limit = Limit{3};
  const Measurement measurement = measurement_of(plan, sim::Duration::seconds(2), 10);
  const RunResult run = simulate(plan, 0, measurement, nullptr);
  const ServiceResult& service = run.services.front();
  REQUIRE(service.signals.size() == 10);
  ServiceCounts sum;
  for (const ServiceCounts& window : service.signals) {
    sum.arrivals += window.arrivals;
    sum.answers += window.answers;
    sum.errors += window.errors;
    sum.sojourn_ns += window.sojourn_ns;
    sum.used += window.used;
    CHECK(window.used.busy <= window.used.available);
  }
  std::uint64_t dropped = 0;
  for (const auto count : service.drops)
    dropped += count;
  CHECK(dropped > 0);
  CHECK(sum.arrivals == service.arrivals);
  CHECK(sum.answers == service.completions);
  CHECK(sum.errors == service.failures + dropped);
  CHECK(sum.sojourn_ns == static_cast<__int128>(service.sojourn.sum()));
  // The last nanosecond is in no window.
  CHECK(static_cast<double>(sum.used.busy) ==
        Approx(static_cast<double>(service.replicas.front().used.busy)).epsilon(1e-6));
}

}  // namespace
}  // namespace headroom
