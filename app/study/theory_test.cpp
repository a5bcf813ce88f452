#include <catch2/catch.hpp>

#include "app/study/summary.hpp"
#include "app/study/test_runs.hpp"
#include "app/study/theories.hpp"

namespace headroom {
namespace {

/// One service of exponential times of 10 ms, as many slots, Poisson arrivals.
ScenarioPlan station(std::int64_t slots, double per_s) {
  ScenarioPlan plan = made_plan();
  auto& app = std::get<ServerPlan>(plan.services.entries[0].second.kind);
  app.replicas = 1;
  app.concurrency = Limit{slots};
  app.service_time->kind = Distribution::Kind::exponential;
  app.service_time->a = 10e6;
  plan.workloads.entries[0].second.arrivals.process = PoissonPlan{Rate{per_s}};
  plan.run.duration = sim::Duration::seconds(200);
  plan.run.replications = 6;
  return plan;
}
ServerPlan& app_of(ScenarioPlan& plan) {
  return std::get<ServerPlan>(plan.services.entries[0].second.kind);
}

/// Whether there is a closed form of the mean sojourn at its one server.
bool has_form(const ScenarioPlan& plan) {
  const auto found = theories(plan);
  REQUIRE(found.size() == 1);
  return !found[0].model.empty() && found[0].sojourn_mean_s;
}

TEST_CASE("where a closed form is known, the run agrees with it") {
  for (const std::int64_t slots : {1, 4}) {
    const ScenarioPlan plan = station(slots, 70.0 * static_cast<double>(slots));
    const Summary summary = summarize(plan, run_study(plan, {}));
    REQUIRE(summary.theory.size() == 1);
    CHECK(summary.theory[0].model == "M/M/" + std::to_string(slots));
    CHECK(summary.theory[0].agrees == true);
  }
  ScenarioPlan plan = station(1, 70);
  app_of(plan).service_time->kind = Distribution::Kind::constant;
  const StudyResult study = run_study(plan, {});
  Summary summary = summarize(plan, study);
  REQUIRE(summary.theory.size() == 1);
  CHECK(summary.theory[0].model == "M/G/1");
  CHECK(summary.theory[0].agrees == true);
  // The form of another station disagrees with this run.
  app_of(plan).service_time->kind = Distribution::Kind::exponential;
  CHECK(summarize(plan, study).theory.at(0).agrees == false);
}

TEST_CASE("a closed form is given for what it is of, and for nothing else") {
  CHECK(has_form(station(3, 100)));
  CHECK(has_form(station(1, 95)));
  // Where 98 wait on average, the limit of 1,000 makes itself felt.
  CHECK_FALSE(has_form(station(1, 99)));
  ScenarioPlan endless = station(1, 99);
  app_of(endless).queue_limit = Limit::unlimited();
  CHECK(has_form(endless));
  CHECK_FALSE(has_form(station(1, 100)));
  ScenarioPlan plan = station(3, 100);
  plan.run.load = 4;
  CHECK_FALSE(has_form(plan));
  const auto without = [](auto change) {
    ScenarioPlan spoilt = station(3, 100);
    change(spoilt, app_of(spoilt), spoilt.workloads.entries[0].second);
    return !has_form(spoilt);
  };
  CHECK(without([](auto&, auto& app, auto&) { app.replicas = 2; }));
  CHECK(without([](auto&, auto& app, auto&) { app.cores = 1; }));
  CHECK(without([](auto&, auto& app, auto&) { app.concurrency = Limit::unlimited(); }));
  CHECK(without([](auto&, auto& app, auto&) { app.discipline = Discipline::shortest_first; }));
  CHECK(without([](auto&, auto& app, auto&) { app.service_time->kind = {}; }));
  CHECK(without([](auto&, auto&, auto& users) { users.arrivals.process = ConstantPlan{Rate{9}}; }));
  CHECK(without([](auto&, auto&, auto& users) { users.client.timeout = sim::Duration::ms(9); }));
  CHECK(without([](auto&, auto&, auto& users) { users.patience = Distribution(); }));
  CHECK(without([](auto& all, auto&, auto&) { all.network.emplace(); }));
  CHECK(without([](auto& all, auto&, auto&) { all.failures.emplace_back(); }));
  CHECK(without([](auto& all, auto&, auto& users) {
    BalancerPlan balancer;
    balancer.to = ServiceRef{"app"};
    users.target.service = "lb";
    all.services.add("lb", ServicePlan{balancer});
  }));
}

TEST_CASE("instances cost for as long as they are up") {
  ScenarioPlan plan = station(4, 100);
  plan.run.duration = sim::Duration::seconds(10);
  CHECK(summarize(plan, run_study(plan, {})).cost_per_h.why == "no service has a \"cost\"");
  app_of(plan).replicas = 3;
  plan.services.entries[0].second.cost = 2.0;
  FailurePlan kill;
  kill.at = sim::Duration::seconds(5);
  kill.verb = KillPlan{target_of("app")};
  plan.failures = {kill};
  plan.slos.add("cheap", slo_of_app(Requirement::Metric::cost, true, 3));
  const Summary summary = summarize(plan, run_study(plan, {}));
  CHECK(*summary.cost_per_h.value == Approx(3 * 2.0 / 2));
  CHECK(*summary.cost_per_h.low == Approx(3));
  CHECK(summary.slos[0].verdict == Verdict::met);
}

}  // namespace
}  // namespace headroom
