#include <catch2/catch.hpp>

#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

/// A run whose goodput in each second is given; nothing else happens in it.
RunResult run_with(const std::vector<std::uint32_t>& in_time, double begin_s, double end_s) {
  RunResult run = made_run(static_cast<std::int64_t>(in_time.size()));
  for (const auto count : in_time)
    run.workloads[0].by_second.push_back({count, 0, count});
  run.failures.push_back({0, measured_at(begin_s), measured_at(end_s)});
  return run;
}

ScenarioPlan plan_with_kill() {
  ScenarioPlan plan = made_plan();
  FailurePlan kill;
  kill.at = sim::Duration::seconds(3);
  kill.length = sim::Duration::seconds(2);
  kill.verb = KillPlan{};
  std::get<KillPlan>(kill.verb).target.written = "app[0]";
  plan.failures.push_back(kill);
  return plan;
}

FailureSummary summary_of(const std::vector<RunResult>& runs) {
  return failure_summaries(plan_with_kill(), runs).at(0);
}
Figure recovery(const std::vector<RunResult>& runs) {
  return summary_of(runs).recovered_after_s;
}

TEST_CASE("Recovered is the first whole second with 95 % of the goodput before") {
  CHECK(*recovery({run_with({100, 100, 100, 0, 0, 50, 94, 95, 100}, 3, 5)}).value == 2);
  CHECK(*recovery({run_with({100, 100, 100, 0, 0, 50, 94, 94, 96}, 3, 5)}).value == 3);
  CHECK(*recovery({run_with({100, 100, 100, 0, 0, 95, 0, 0, 0}, 3, 5)}).value == 0);
  CHECK(*recovery({run_with({100, 100, 100, 99, 99, 100}, 3, 5)}).value == 0);
  // The mean before: 80, so that 76 is enough.
  CHECK(*recovery({run_with({60, 80, 100, 0, 0, 75, 76, 100}, 3, 5)}).value == 1);
}

TEST_CASE("Only whole seconds before and after the failure count") {
  // From 2.5 s to 4.25 s: the mean of two seconds, and the first window begins at 5 s.
  const auto figure = recovery({run_with({100, 100, 10, 0, 100, 100, 100}, 2.5, 4.25)});
  CHECK(*figure.value == Approx(0.75).epsilon(1e-9));
}

TEST_CASE("All workloads together recover") {
  RunResult run = run_with({50, 50, 50, 0, 0, 50, 50, 50}, 3, 5);
  run.workloads.push_back({"robots", {}, WorkloadSeries(run.measurement.windows), {}});
  for (const std::uint32_t count : {50, 50, 50, 0, 0, 0, 44, 45})
    run.workloads[1].by_second.push_back({count, 0, count});
  CHECK(*recovery({run}).value == 2);
}

TEST_CASE("Goodput counts answers in time, not answers") {
  RunResult run = run_with({100, 100, 100, 0, 0, 100, 100, 100}, 3, 5);
  run.workloads[0].by_second[5].in_time = 20;
  run.workloads[0].by_second[6].in_time = 94;
  CHECK(*recovery({run}).value == 2);
}

TEST_CASE("Over replications: the mean and its interval, where all of them recovered") {
  const RunResult quick = run_with({100, 100, 100, 0, 0, 0, 100, 100, 100, 100, 100}, 3, 5);
  const RunResult slow = run_with({100, 100, 100, 0, 0, 0, 0, 0, 100, 100, 100}, 3, 5);
  const Figure both = recovery({quick, slow});
  CHECK(*both.value == 2);
  CHECK(*both.low == 0);  // 2 - 12.7, but no time is negative
  CHECK(*both.high == Approx(2 + 12.7062047).epsilon(1e-7));
  CHECK(both.samples == 2);
  CHECK_FALSE(recovery({quick}).low);

  const RunResult never = run_with({100, 100, 100, 0, 0, 0, 94, 94, 94}, 3, 5);
  const Figure some = recovery({quick, never, quick});
  CHECK_FALSE(some.value);
  CHECK(some.samples == 2);
  CHECK(some.why.find("2 of 3 replications") != std::string::npos);
}

TEST_CASE("Without an end, or without a second before, there is no recovery") {
  const Figure lasts = recovery({run_with({100, 100, 100, 0, 0, 100}, 3, 6)});
  CHECK_FALSE(lasts.value);
  CHECK(lasts.why == "it lasts to the end of the run");
  const Figure never = recovery({run_with({100, 100, 100, 100}, 6, 8)});
  CHECK_FALSE(never.value);
  CHECK(never.why == "it begins after the end of the run");
  CHECK(recovery({run_with({100, 100, 100, 100}, 4, 8)}).why == never.why);
  CHECK_FALSE(recovery({run_with({100, 100, 0, 100}, 0, 2)}).value);
  CHECK_FALSE(recovery({run_with({0, 0, 0, 0, 0, 100}, 3, 5)}).value);
}

TEST_CASE("The error rate is that of the requests that were meant to be sent while it lasted") {
  RunResult run = run_with({100, 100, 100, 100, 100, 100, 100, 100}, 3.5, 5.5);
  run.workloads[0].by_failure = {{900, 600}};
  const Figure rate = summary_of({run, run}).error_rate;
  CHECK(*rate.value == Approx(600.0 / 900).epsilon(1e-12));
  CHECK(rate.samples == 1800);
  // All workloads together; another failure is another matter.
  run.workloads.push_back(run.workloads[0]);
  run.workloads[1].by_failure = {{100, 0}, {1000, 1000}};
  CHECK(*summary_of({run, run}).error_rate.value == Approx(600.0 / 1000).epsilon(1e-12));
}

TEST_CASE("No error while it lasted is bounded; no request at all is no rate") {
  RunResult run = run_with({100, 100, 100, 100, 100, 100}, 3, 5);
  run.workloads[0].by_failure = {{200, 0}};
  const Figure rate = summary_of({run, run}).error_rate;
  CHECK(*rate.value == 0);
  CHECK(*rate.high == Approx(3.8414588 / (400 + 3.8414588)).epsilon(1e-6));  // Wilson
  run.workloads[0].by_failure = {{0, 0}};
  CHECK(summary_of({run, run}).error_rate.why ==
        "no request that was sent while it lasted finished");
}

TEST_CASE("What fails again and again recovers each time, from what goodput is in between") {
  ScenarioPlan plan = plan_with_kill();
  plan.failures[0].at.reset();
  plan.failures[0].every = Distribution();
  const auto recovered = [&](const std::vector<RunResult>& runs) {
    return failure_summaries(plan, runs).at(0).recovered_after_s;
  };
  // Calm are the seconds 0, 1, 4 to 7 and 9 to 11: 100 in the mean. After 2 and 0 s.
  RunResult run = run_with({110, 110, 0, 0, 80, 90, 110, 100, 0, 100, 100, 100}, 2, 4);
  run.failures.push_back({0, measured_at(8), measured_at(9)});
  CHECK(*recovered({run}).value == 1);
  CHECK(recovered({run}).samples == 2);
  // Another failure is no calm either, and goodput that comes back during it has come back.
  RunResult other = run;
  other.failures.push_back({1, measured_at(4), measured_at(7)});
  CHECK(*recovered({other}).value == 1);
  // The second time it does not come back.
  RunResult stays = run_with({100, 100, 0, 0, 100, 100, 100, 0, 0, 50, 50}, 2, 4);
  stays.failures.push_back({0, measured_at(7), measured_at(9)});
  CHECK(recovered({stays}).why.find("after 1 of 2") != std::string::npos);
  CHECK(recovered({run_with({0, 0, 0, 100}, 0, 3.5)}).why.find("all the time") !=
        std::string::npos);
  CHECK(recovered({run_with({100, 100, 0, 0}, 2, 4)}).why == "it never ends within a run");
}

TEST_CASE("A failure is described as it is written") {
  const auto summary = summary_of({run_with({100, 100, 100, 0, 0, 100}, 3, 5)});
  CHECK(summary.verb == "kill");
  CHECK(summary.target == "app[0]");
  CHECK(summary.at_s == 3.0);
  CHECK(summary.for_s == 2.0);

  ScenarioPlan plan = plan_with_kill();
  plan.failures[0].at.reset();
  plan.failures[0].every = Distribution();
  const std::vector<RunResult> runs{run_with({100, 100, 100, 0, 0, 100}, 3, 5)};
  CHECK_FALSE(failure_summaries(plan, runs).at(0).at_s);

  PartitionPlan partition;
  partition.groups = {{target_of("a"), target_of("b")}, {target_of("c")}};
  plan.failures[0].verb = partition;
  CHECK(failure_summaries(plan, runs).at(0).target == "a, b | c");
  partition.one_way = true;
  plan.failures[0].verb = partition;
  CHECK(failure_summaries(plan, runs).at(0).target == "a, b -> c");
}

}  // namespace
}  // namespace headroom
