#include <catch2/catch.hpp>

#include "app/study/judge.hpp"
#include "app/study/summary.hpp"
#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

using Metric = Requirement::Metric;

/// 100 requests a second of 1 ms for 20 s; from 5 s to 10 s half of them fail at once, and from 8 s
/// to 12 s work takes ten times as long.
ScenarioPlan failing_plan() {
  ScenarioPlan plan = made_plan();
  plan.run.duration = sim::Duration::seconds(20);
  plan.run.replications = 4;
  FailurePlan errors;
  errors.at = sim::Duration::seconds(5);
  errors.length = sim::Duration::seconds(5);
  errors.verb = ErrorPlan{target_of("app"), Ratio{0.5}};
  FailurePlan slow;
  slow.at = sim::Duration::seconds(8);
  slow.length = sim::Duration::seconds(4);
  slow.verb = SlowPlan{target_of("app"), 10};
  plan.failures = {errors, slow};
  return plan;
}

SloPlan during(Metric metric, During when, double percentile = 0) {
  SloPlan slo = slo_of_users(metric, true, 0, percentile);
  slo.during = when;
  return slo;
}

struct Asked {
  ScenarioPlan plan = failing_plan();
  StudyResult study;

  explicit Asked(std::initializer_list<std::pair<const char*, SloPlan>> slos) {
    for (const auto& [name, slo] : slos)
      plan.slos.add(name, slo);
    study = run_study(plan, {});
  }
  Figure figure(const char* name) const {
    return judge_slo(plan, study.runs, name, *plan.slos.find(name)).measured;
  }
};

void check_holds(const Figure& figure, double value) {
  REQUIRE(figure.low);
  CHECK(*figure.low <= value);
  CHECK(value <= *figure.high);
}

TEST_CASE("an SLO during failures is about the requests that were sent then") {
  constexpr auto failures = DuringFailures::failures, outside = DuringFailures::outside;
  const Asked asked({{"all", slo_of_users(Metric::error_rate, true, 0)},
                     {"first", during(Metric::error_rate, 0u)},
                     {"second", during(Metric::error_rate, 1u)},
                     {"outside", during(Metric::error_rate, outside)},
                     {"served", during(Metric::throughput, outside)},
                     {"served then", during(Metric::throughput, 0u)},
                     {"late", during(Metric::percentile, 1u, 50)},
                     {"soon", during(Metric::percentile, outside, 50)},
                     {"available", during(Metric::availability, failures)}});
  check_holds(asked.figure("all"), 0.5 * 5 / 20);
  check_holds(asked.figure("first"), 0.5);
  check_holds(asked.figure("second"), 0.5 * 2 / 4);
  // What is told of the failures themselves is of the same requests.
  const auto failures_told = failure_summaries(asked.plan, asked.study.runs);
  CHECK(*failures_told[0].error_rate.value == *asked.figure("first").value);
  CHECK(*failures_told[1].error_rate.value == *asked.figure("second").value);
  CHECK(*asked.figure("outside").value == 0);
  CHECK(*asked.figure("outside").high < 0.001);  // Wilson's for some 5,200 requests
  check_holds(asked.figure("served"), 100);
  check_holds(asked.figure("served then"), 50);
  CHECK(*asked.figure("late").value > 0.0099);
  CHECK(*asked.figure("soon").value < 0.0011);
  check_holds(asked.figure("available"), 1 - 0.5 * 5 / 7);
}

TEST_CASE("what is sent during failures and outside of them is all that is sent") {
  const Asked asked({{"a", during(Metric::mean, DuringFailures::failures)},
                     {"b", during(Metric::mean, DuringFailures::outside)},
                     {"c", during(Metric::goodput, DuringFailures::outside)}});
  CHECK(asked.plan.parts_of("users").size() == 2);
  CHECK(asked.plan.parts_of("robots").empty());
  for (const RunResult& run : asked.study.runs) {
    const WorkloadResult& users = run.workloads.front();
    REQUIRE(users.parts.size() == 2);
    EndpointResult both;
    for (const PartResult& part : users.parts)
      add(both, part.endpoints.front());
    CHECK(both.finished == users.endpoints.front().finished);  // nothing was sent in a warm-up
    CHECK(both.in_time == users.endpoints.front().in_time);
    CHECK(both.attempts == users.endpoints.front().attempts);
    CHECK(both.latency.sum() == users.endpoints.front().latency.sum());
    CHECK(users.parts[0].length == sim::Duration::seconds(7));
    CHECK(users.parts[1].length == sim::Duration::seconds(13));
  }
}

TEST_CASE("where the time that an SLO asks about never comes, nothing is decided") {
  ScenarioPlan plan = failing_plan();
  FailurePlan rare;
  rare.every = Distribution();
  rare.every->a = 1e18;
  rare.repair = rare.every;
  rare.verb = KillPlan{target_of("app")};
  plan.failures = {rare};
  plan.slos.add("fast", during(Metric::percentile, 0u, 50));
  plan.slos.add("sound", during(Metric::error_rate, DuringFailures::failures));
  const Summary summary = summarize(plan, run_study(plan, {}));
  for (const SloSummary& slo : summary.slos) {
    CHECK(slo.verdict == Verdict::undecided);
    CHECK_FALSE(slo.measured.value);
    CHECK(slo.measured.why == "the time that it asks about never came");
  }
  CHECK(summary.slos[0].during == "0");
  CHECK(summary.slos[1].during == "failures");
}

}  // namespace
}  // namespace headroom
