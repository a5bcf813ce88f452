#include <catch2/catch.hpp>

#include "app/study/availability.hpp"
#include "app/study/summary.hpp"
#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

/// Two servers of mean 1 ms at three quarters of their rate, behind a balancer that takes turns.
ScenarioPlan two_servers() {
  ScenarioPlan plan = made_plan();
  plan.run.warmup = sim::Duration::seconds(1);
  plan.run.duration = sim::Duration::seconds(60);
  plan.run.replications = 5;
  auto& users = *const_cast<WorkloadPlan*>(plan.workloads.find("users"));
  users.target.service = "lb";
  users.arrivals.process = PoissonPlan{Rate{1500}};
  auto& app = std::get<ServerPlan>(const_cast<ServicePlan*>(plan.services.find("app"))->kind);
  app.replicas = 2;
  app.queue_limit = Limit::unlimited();
  app.service_time->kind = Distribution::Kind::exponential;
  app.service_time->a = 1e6;
  BalancerPlan lb;
  lb.to.name = "app";
  lb.policy = "round_robin";
  plan.services.add("lb", ServicePlan{lb});
  return plan;
}

TEST_CASE("Tied copies at every server of a tier make one queue of all its queues") {
  // A copy at each of two servers, of which the first to be served counts, is M/M/2: with load 3/4
  // the mean sojourn is 1 / (1 - (3/4)^2) ms. Work is done once, so the load stays what it is.
  ScenarioPlan plan = two_servers();
  auto& users = *const_cast<WorkloadPlan*>(plan.workloads.find("users"));
  users.client.hedge = HedgePlan{sim::Duration::ns(1), 1, false, true};
  const Summary tied = summarize(plan, run_study(plan, {}));
  const ClientSummary& seen = tied.workloads.front();
  CHECK(*seen.latency_s.mean.value == Approx(0.001 / (1 - 0.5625)).epsilon(0.03));
  CHECK(*tied.services.front().utilization.value == Approx(0.75).epsilon(0.01));
  CHECK(seen.finished[index_of(Outcome::ok)] > 440'000);
  // Only those that find the first server busy are sent twice.
  CHECK(*seen.attempts_per_request.value < 1.9);
  CHECK(*seen.attempts_per_request.value > 1.5);
}

TEST_CASE("Failures with a common cause are fewer, but leave no spare") {
  ScenarioPlan plan = made_plan();
  plan.run.duration = sim::Duration::seconds(4000);
  auto& users = *const_cast<WorkloadPlan*>(plan.workloads.find("users"));
  users.arrivals.process = PoissonPlan{Rate{1}};
  auto& app = std::get<ServerPlan>(const_cast<ServicePlan*>(plan.services.find("app"))->kind);
  app.replicas = 4;
  FailurePlan failure;
  failure.verb = KillPlan{target_of("app")};
  failure.every.emplace();
  failure.every->kind = Distribution::Kind::exponential;
  failure.every->a = 10e9;
  failure.repair.emplace();
  failure.repair->a = 1e6;
  failure.common_cause = Ratio{0.25};
  plan.failures = {failure};
  const RunResult run = simulate(plan, 0, measurement_of(plan, {}, 10), nullptr);
  // 4 x 4000 x 0.75 / 10 of one server, 4000 x 0.25 / 10 of all four; 4 standard deviations.
  CHECK(static_cast<double>(run.failures.size()) == Approx(1300).margin(4 * 36));

  const auto parts = failing_parts(plan);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].targets.size() == 4);
  CHECK(parts[0].up_s == Approx(10 / 0.75));
  CHECK(parts[1].targets == std::vector<std::string>{"app"});
  CHECK(parts[1].up_s == Approx(40));
}

}  // namespace
}  // namespace headroom
