#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "app/study/test_runs.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {
namespace {

/// One run in which so many came to the service and so many more came than left.
RunResult grown(std::uint64_t came, std::int64_t more) {
  RunResult run = made_run();
  ServiceResult& app = run.services[0];
  app.arrivals = came;
  app.in_system_at_start = 5000;
  app.in_system_at_end = static_cast<std::uint64_t>(5000 + more);
  return run;
}

TEST_CASE("Four standard deviations of a random walk, and one, are not yet growth") {
  CHECK_FALSE(growth({}));
  // 5,000 that came and as many that left are 10,000 steps: a standard deviation of 100.
  CHECK_FALSE(growth(std::vector{grown(5000, 401)}));
  CHECK(growth(std::vector{grown(5000, 402)}));
  CHECK_FALSE(growth(std::vector{grown(5000, -5000)}));
  CHECK_FALSE(growth(std::vector{grown(0, 0)}));
  CHECK_FALSE(growth(std::vector{grown(0, 1)}));
  // Four runs together: 40,000 steps.
  CHECK_FALSE(
      growth(std::vector{grown(5000, 201), grown(5000, 200), grown(5000, 200), grown(5000, 200)}));
  CHECK(
      growth(std::vector{grown(5000, 201), grown(5000, 201), grown(5000, 200), grown(5000, 200)}));
}

TEST_CASE("A queue at its limit, a walk without drift, does not grow; one with drift does") {
  constexpr std::uint64_t steps = 20'000;
  const auto walk = [](std::uint32_t replication, double up) {
    sim::Stream stream(7, replication, "walk");
    std::int64_t level = 0;
    std::uint64_t came = 0;
    for (std::uint64_t i = 0; i < steps; ++i) {
      const bool arrival = stream.uniform() < up;
      came += arrival;
      level += arrival ? 1 : -1;
    }
    return grown(came, std::max<std::int64_t>(level, -5000));
  };
  for (std::uint32_t replication = 0; replication < 200; ++replication) {
    CHECK_FALSE(growth(std::vector{walk(replication, 0.5)}));
    // 10 % more come than leave: 4.76 % of 20,000 steps on average, seven standard deviations.
    CHECK(growth(std::vector{walk(replication, 0.525)}));
  }
}

TEST_CASE("A link for which more and more waits grows, also where no service does") {
  // Messages of 1 kB; what waits for the link at the end counts by how many of them that is.
  const auto carried = [](std::uint64_t messages, double more_bytes) {
    RunResult run = grown(5000, 0);
    LinkReport link{"a -> b", 1e6, {}, more_bytes};
    link.counts.messages = messages;
    link.counts.bytes = 1000 * static_cast<double>(messages) - more_bytes;
    run.links.push_back(link);
    return run;
  };
  CHECK_FALSE(growth(std::vector{carried(5000, 401e3)}));
  const auto found = growth(std::vector{carried(5000, 402e3)});
  REQUIRE(found);
  CHECK(found->because.find("link a -> b") == 0);
  CHECK_FALSE(growth(std::vector{carried(5000, -402e3)}));
  CHECK_FALSE(growth(std::vector{carried(0, 0)}));
}

TEST_CASE("A link on which more and more transfers are under way grows") {
  const auto carried = [](std::uint64_t transfers, std::int64_t more) {
    RunResult run = grown(5000, 0);
    LinkReport link{.name = "a -> b", .bytes_per_s = 1e6};
    link.counts.bytes = 1e6;
    link.transfers = transfers;
    link.more_transfers = more;
    run.links.push_back(link);
    return run;
  };
  CHECK_FALSE(growth(std::vector{carried(5000, 401)}));
  const auto found = growth(std::vector{carried(5000, 402)});
  REQUIRE(found);
  CHECK(found->because == "link a -> b: 500/s came, 459.8/s left");
  CHECK_FALSE(growth(std::vector{carried(5000, -402)}));
  CHECK_FALSE(growth(std::vector{carried(1, 1)}));  // One long copy.
}

TEST_CASE("What grew is named with the rates of what came and what left") {
  auto run = grown(5000, 1000);
  ServiceResult still = run.services[0];
  still.name = "db";
  still.in_system_at_end = still.in_system_at_start;
  run.services.push_back(still);
  const auto found = growth(std::vector{run, run});
  REQUIRE(found);
  CHECK(found->services == std::vector<bool>{true, false});
  CHECK(found->because == "service app: 500/s came, 400/s left");
}

TEST_CASE("Requests of a workload that pile up are growth, over all its endpoints") {
  auto run = grown(0, 0);
  reads(run).issued = 3000;
  writes(run).issued = 2000;
  reads(run).in_flight_at_end = 300;
  writes(run).in_flight_at_end = 101;
  CHECK_FALSE(growth(std::vector{run}));
  writes(run).in_flight_at_end = 1700;
  const auto found = growth(std::vector{run});
  REQUIRE(found);
  CHECK(found->because == "workload users: 500/s came, 300/s left");
  CHECK(found->services == std::vector<bool>{false});
  reads(run).in_flight_at_start = 1990;
  CHECK_FALSE(growth(std::vector{run}));
}

StudyResult study_of(const RunResult& run) {
  StudyResult study;
  study.warmup = sim::Duration::seconds(5);
  study.runs = {run, run, run};
  return study;
}

TEST_CASE("Where runs grew, no time is a number and no limit is met") {
  ScenarioPlan plan = made_plan();
  plan.slos.add("is fast", slo_of_users(Requirement::Metric::mean, true, 1));
  plan.slos.add("serves", slo_of_users(Requirement::Metric::throughput, false, 50));
  auto run = grown(5000, 0);
  finish(reads(run), 1000, 0);
  answer_in_ms(reads(run), 20, 1000);

  const Summary steady = summarize(plan, study_of(run));
  CHECK(steady.settled == true);
  CHECK(steady.verdict == Verdict::met);
  CHECK(*steady.workloads[0].latency_s.mean.value == 0.020);

  run.services[0].in_system_at_end += 3000;
  const Summary growing = summarize(plan, study_of(run));
  CHECK(growing.settled == false);
  CHECK(growing.unsettled_because == "service app: 500/s came, 200/s left");
  CHECK(growing.verdict == Verdict::undecided);
  CHECK(growing.slos[0].verdict == Verdict::undecided);
  CHECK(growing.slos[1].verdict == Verdict::undecided);
  CHECK_FALSE(growing.slos[0].measured.value);
  CHECK_FALSE(growing.workloads[0].latency_s.mean.value);
  CHECK(growing.workloads[0].latency_s.mean.why.find("unstable") == 0);
  CHECK_FALSE(growing.workloads[0].latency_s.percentile(99).value);
  CHECK_FALSE(growing.workloads[0].endpoints[0].latency_s.max.value);
  CHECK_FALSE(growing.services[0].sojourn_s.mean.value);
  CHECK_FALSE(growing.services[0].in_system.value);
  CHECK(*growing.workloads[0].served_per_s.value == 100);

  // What is missed stays missed.
  plan.slos.add("serves more", slo_of_users(Requirement::Metric::throughput, false, 200));
  CHECK(summarize(plan, study_of(run)).verdict == Verdict::missed);
  // Load that changes in time, or a failure, has no steady state to settle in.
  FailurePlan kill;
  kill.at = sim::Duration::seconds(1);
  kill.verb = KillPlan{};
  plan.failures.push_back(kill);
  const Summary timeline = summarize(plan, study_of(run));
  CHECK_FALSE(timeline.settled);
  CHECK(*timeline.workloads[0].latency_s.mean.value == 0.020);
}

TEST_CASE("A warm-up whose end the pilots did not show leaves the figures and decides nothing") {
  ScenarioPlan plan = made_plan();
  plan.slos.add("serves", slo_of_users(Requirement::Metric::throughput, false, 50));
  auto run = grown(5000, 0);
  finish(reads(run), 1000, 0);
  StudyResult study = study_of(run);
  study.warmup_settled = false;
  const Summary summary = summarize(plan, study);
  CHECK(summary.settled == false);
  CHECK(summary.verdict == Verdict::undecided);
  CHECK(*summary.workloads[0].served_per_s.value == 100);
  CHECK(summary.unsettled_because.find("pilot") != std::string::npos);
}

}  // namespace
}  // namespace headroom
