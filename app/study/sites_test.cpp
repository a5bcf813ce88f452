#include "app/study/sites.hpp"

#include <catch2/catch.hpp>

#include "app/study/summary.hpp"
#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

using Groups = std::vector<std::vector<std::uint16_t>>;

FaultTarget target(const std::string& text) {
  FaultTarget read;
  std::string why;
  REQUIRE(parse_target(text, read, why));
  return read;
}

FailurePlan partition(const std::vector<std::vector<std::string>>& groups) {
  PartitionPlan plan;
  plan.mode = PartitionMode::refuse;
  for (const auto& group : groups) {
    plan.groups.emplace_back();
    for (const std::string& each : group)
      plan.groups.back().push_back(target(each));
  }
  FailurePlan failure;
  failure.at = sim::Duration::seconds(2);
  failure.length = sim::Duration::seconds(6);
  failure.verb = plan;
  return failure;
}

/// Clients in zone "a" call the replicas of "app" in turn, which stand in "a", "b", "a", "b".
ScenarioPlan four_replicas() {
  ScenarioPlan plan = made_plan();
  plan.run.duration = sim::Duration::seconds(10);
  plan.run.replications = 2;
  plan.zones = {"a", "b"};
  plan.network.emplace();
  LinkPlan link;
  link.latency = Distribution();
  link.latency->a = 1e5;
  plan.network->links.add("same zone", link);
  plan.network->links.add("a <-> b", link);
  auto& app = std::get<ServerPlan>(plan.services.entries[0].second.kind);
  app.zones = {ZoneRef{"a"}, ZoneRef{"b"}};
  app.replicas = 4;
  return plan;
}

Groups groups_of(const ScenarioPlan& plan, std::size_t failure = 0) {
  return Sites(plan).groups_of(std::get<PartitionPlan>(plan.failures[failure].verb));
}

TEST_CASE("sites are the zones, and the replicas of a zone that the same partitions name") {
  ScenarioPlan plan = four_replicas();
  CHECK(Sites(plan).of("app") == std::vector<std::uint16_t>{0, 1, 0, 1});
  CHECK(Sites(plan).further().empty());
  plan.failures = {partition({{"a"}, {"zone b"}}), partition({{"app[0..1]"}}),
                   partition({{"app 25%"}, {"app[2]"}})};
  const Sites sites(plan);
  CHECK(sites.of("app") == std::vector<std::uint16_t>{2, 3, 4, 1});
  CHECK(sites.further() == std::vector<std::uint16_t>{0, 1, 0});
  CHECK(sites.zone_of(4) == 0);
  CHECK(groups_of(plan, 0) == Groups{{0, 2, 4}, {1, 3}});
  CHECK(groups_of(plan, 1) == Groups{{2, 3}});
  CHECK(groups_of(plan, 2) == Groups{{2}, {4}});
}

TEST_CASE("a replica that a partition names is on that side, whatever becomes of its zone") {
  ScenarioPlan plan = four_replicas();
  plan.failures = {partition({{"zone a"}, {"app[2]"}})};
  CHECK(groups_of(plan) == Groups{{0}, {2}});
}

TEST_CASE("calls to a replica that is cut off by name fail, calls to the others do not") {
  ScenarioPlan plan = four_replicas();
  plan.failures = {partition({{"app[2]"}})};
  SloPlan during = slo_of_users(Requirement::Metric::error_rate, true, 1);
  during.during = During(0u);
  plan.slos.add("cut", during);
  during.during = During(DuringFailures::outside);
  plan.slos.add("whole", during);
  const Summary summary = summarize(plan, run_study(plan, {}));
  CHECK(*summary.slos[0].measured.value == Approx(0.25).margin(0.005));  // in turn
  CHECK(*summary.slos[1].measured.value < 0.002);  // on their way when it began
  const auto& replicas = summary.services[0].replicas;
  CHECK(*replicas[2].second.value == Approx(25 * 0.4).epsilon(0.1));
  CHECK(*replicas[0].second.value == Approx(25).epsilon(0.1));
}

TEST_CASE("replicas cut off by name or with the zone that is theirs alone fare the same") {
  ScenarioPlan plan = four_replicas();
  plan.failures = {partition({{"a"}, {"b"}})};
  const auto by_zone = run_study(plan, {});
  plan.failures = {partition({{"a"}, {"app[1]", "app[3]"}})};
  const auto by_name = run_study(plan, {});
  for (std::size_t run = 0; run < by_zone.runs.size(); ++run) {
    CHECK(by_zone.runs[run].digest == by_name.runs[run].digest);
    const auto& zone = by_zone.runs[run].workloads[0].endpoints[0];
    const auto& name = by_name.runs[run].workloads[0].endpoints[0];
    CHECK(zone.finished == name.finished);
    CHECK(zone.finished[index_of(Outcome::failed)] > 0);
  }
}

TEST_CASE("a replica that a partition names still calls the balancer of its zone") {
  ScenarioPlan plan = four_replicas();
  auto& app = std::get<ServerPlan>(plan.services.entries[0].second.kind);
  app.zones = {ZoneRef{"a"}, ZoneRef{"a"}, ZoneRef{"b"}, ZoneRef{"a"}};
  CallStep call;
  call.target = {"lb", {}};
  app.service_time.reset();
  app.endpoints.add("call", {Step{call}});
  BalancerPlan balancer;
  balancer.to = ServiceRef{"db"};
  balancer.zones = {ZoneRef{"a"}, ZoneRef{"b"}};
  ServerPlan db;
  db.concurrency = Limit{100};
  db.service_time = Distribution();
  db.service_time->a = 1e6;
  plan.services.add("lb", ServicePlan{balancer});
  plan.services.add("db", ServicePlan{db});
  plan.workloads.entries[0].second.arrivals.process = ConstantPlan{Rate{100}};
  // It lasts for the first instant only.
  plan.failures = {partition({{"app[0..1]"}, {"app[2]"}})};
  plan.failures[0].at = sim::Duration();
  plan.failures[0].length = sim::Duration::ns(1);
  const Summary summary = summarize(plan, run_study(plan, {}));
  CHECK(*summary.services[1].replicas[0].second.value == Approx(75).margin(1));
  CHECK(*summary.services[1].replicas[1].second.value == Approx(25).margin(1));
}

}  // namespace
}  // namespace headroom
