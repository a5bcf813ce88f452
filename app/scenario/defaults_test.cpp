#include "app/scenario/defaults.hpp"

#include <catch2/catch.hpp>

#include "app/scenario/resolved.hpp"
#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

/// A balancer before a tier whose only step works and calls another; nothing is said but the least.
ScenarioPlan terse_plan() {
  ScenarioPlan plan = made_plan();
  plan.run.replications = 2;
  plan.network.emplace();
  plan.network->links.add("same zone", LinkPlan{});
  auto& app = std::get<ServerPlan>(plan.services.entries[0].second.kind);
  CpuStep work;
  work.work.a = 1e6;
  CallStep call;
  call.target = {"db", {}};
  ParallelStep both;
  both.branches = {{Step{call}}, {Step{call}}};
  app.endpoints.add("read", {Step{work}, Step{call}, Step{both}});
  app.service_time.reset();
  app.concurrency = Limit{8};
  ServerPlan db;
  db.concurrency = Limit::unlimited();
  db.service_time = app.service_time.emplace();
  app.service_time.reset();
  BalancerPlan balancer;
  balancer.to = ServiceRef{"app"};
  plan.services.add("lb", ServicePlan{balancer});
  plan.services.add("db", ServicePlan{db});
  plan.workloads.entries[0].second.target.service = "lb";
  return plan;
}

TEST_CASE("what stands for a value is written out") {
  const ScenarioPlan plan = terse_plan();
  const auto json = resolved(with_defaults(plan));
  CHECK(json["run"]["warmup"] == "auto");
  CHECK(json["run"]["max_events"] == 100'000'000'000);
  CHECK(json["run"]["max_memory"] == "16GB");
  CHECK(json["network"]["same zone"]["latency"] == "0s");
  CHECK(json["workloads"]["users"]["zone"] == "local");
  CHECK(json["workloads"]["users"]["size"] == "0B");
  CHECK(json["workloads"]["users"]["reply_size"] == "0B");
  CHECK(json["services"]["lb"]["zones"] == nlohmann::ordered_json{"local"});
  const auto& app = json["services"]["app"];
  CHECK(app["zones"] == nlohmann::ordered_json{"local"});
  CHECK(app["cores"] == 8);
  CHECK(app["endpoints"]["read"][1]["size"] == "0B");
  CHECK(app["endpoints"]["read"][2]["need"] == 2);
  CHECK(app["endpoints"]["read"][2]["parallel"][1][0]["reply_size"] == "0B");
  CHECK_FALSE(json["services"]["db"].contains("cores"));  // no end to them
  CHECK(resolved(with_defaults(with_defaults(plan))) == json);
  ScenarioPlan timeline = plan;
  timeline.failures.emplace_back().at = sim::Duration::seconds(1);
  CHECK(std::get<sim::Duration>(*with_defaults(timeline).run.warmup) == sim::Duration());
}

TEST_CASE("written out or not, it runs the same") {
  const ScenarioPlan plan = terse_plan();
  const auto terse = run_study(plan, {});
  const auto full = run_study(with_defaults(plan), {});
  REQUIRE(terse.runs.size() == full.runs.size());
  CHECK(terse.warmup == full.warmup);
  for (std::size_t run = 0; run < terse.runs.size(); ++run)
    CHECK(terse.runs[run].digest == full.runs[run].digest);
}

}  // namespace
}  // namespace headroom
