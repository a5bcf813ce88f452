#include "app/study/comparison.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "app/study/test_runs.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {
namespace {

/// A design whose n-th replication answered so many requests, each after so many milliseconds.
Design made_design(const std::vector<std::int64_t>& ms) {
  Design design;
  design.plan = made_plan();
  for (const std::int64_t each : ms) {
    RunResult run = made_run();
    run.replication = static_cast<std::uint32_t>(design.result.runs.size());
    finish(reads(run), 10000, 0);
    answer_in_ms(reads(run), each, 10000);
    design.result.runs.push_back(std::move(run));
  }
  design.summary = summarize(design.plan, design.result);
  return design;
}

Difference of_latency(const std::string& key, const Design& a, const Design& b) {
  for (const Metric& metric : common_metrics({a, b})) {
    if (metric.name == "workloads.users.latency_s." + key) return difference_of(metric, a, b, 0.95);
  }
  FAIL("no " << key << " to compare");
  return {};
}

Difference of_mean(const Design& a, const Design& b) {
  return of_latency("mean", a, b);
}

TEST_CASE("Differences are taken replication by replication") {
  // The replications differ by far more than the designs: only pairs show it.
  const Design a = made_design({100, 200, 300, 400});
  const Design b = made_design({90, 189, 291, 390});
  const Difference difference = of_mean(a, b);
  CHECK(*difference.difference.value == Approx(-0.010).epsilon(1e-9));
  // Differences -10, -11, -9, -10 ms: s = 0.8165 ms, t(3) = 3.18245.
  const double half = 3.1824463 * 0.8164966e-3 / 2;
  CHECK(*difference.half_width == Approx(half).epsilon(1e-6));
  CHECK(difference.verdict == Better::b);
  CHECK(*difference.unpaired_half_width > 50 * *difference.half_width);
  CHECK(of_mean(b, a).verdict == Better::a);
}

TEST_CASE("What may be chance cannot be told, nor can a design be told from itself") {
  const Design a = made_design({100, 200, 300, 400});
  CHECK(of_mean(a, made_design({90, 215, 288, 412})).verdict == Better::cannot_tell);
  const Comparison same = compare({a, a});
  for (const Difference& each : same.pairs.front().differences) {
    INFO(each.metric);
    CHECK(each.verdict == Better::cannot_tell);
  }
}

TEST_CASE("Percentiles that differ by less than a histogram resolves cannot be told apart") {
  const Design a = made_design({100, 100, 100, 100});
  // 100 ms lies in a bucket from 99.6 to 100.1 ms, 101 ms in another.
  Design shifted = made_design({100, 100, 100, 100});
  for (RunResult& run : shifted.result.runs)
    answer_in_ms(reads(run), 99, 1);
  shifted.summary = summarize(shifted.plan, shifted.result);
  const Difference within = of_latency("p99", a, shifted);
  CHECK(*within.difference.value != 0);
  CHECK(within.verdict == Better::cannot_tell);
  CHECK(*within.half_width == Approx(0.5e-3).margin(0.1e-3));
  CHECK(of_latency("p99", a, made_design({101, 101, 101, 101})).verdict == Better::a);
}

TEST_CASE("One replication gives a difference and no verdict") {
  const Difference difference = of_mean(made_design({100}), made_design({50}));
  CHECK(*difference.difference.value == Approx(-0.050));
  CHECK_FALSE(difference.difference.low.has_value());
  CHECK(difference.verdict == Better::cannot_tell);
}

TEST_CASE("What grows without end is worse than what does not") {
  const Design a = made_design({100, 110});
  Design b = made_design({50, 60});
  b.summary.grows = true;
  CHECK(of_mean(a, b).verdict == Better::a);
  CHECK(of_mean(b, a).verdict == Better::b);
  CHECK_FALSE(of_mean(a, b).difference.value.has_value());
  CHECK(of_mean(b, b).verdict == Better::cannot_tell);
}

TEST_CASE("Of several designs those that chance may have put behind the best are named") {
  const std::vector<Design> designs{made_design({300, 310, 320, 330}),
                                    made_design({100, 110, 120, 131}),
                                    made_design({101, 109, 121, 130})};
  const Comparison comparison = compare(designs);
  REQUIRE(comparison.pairs.size() == 2);
  CHECK(comparison.confidence == Approx(0.975));
  REQUIRE(comparison.ranking.size() == 3);
  CHECK(comparison.ranking[0].with_the_best);
  CHECK(comparison.ranking[1].with_the_best);
  CHECK(comparison.ranking[2].design == 0);
  CHECK_FALSE(comparison.ranking[2].with_the_best);
}

TEST_CASE("Designs that do not differ are told apart no more often than stated") {
  int told = 0;
  constexpr int experiments = 1000;
  sim::Stream stream(11, 0, "noise");
  for (int i = 0; i < experiments; ++i) {
    std::vector<std::int64_t> of_a, of_b;
    for (int run = 0; run < 10; ++run) {
      of_a.push_back(100 + static_cast<std::int64_t>(stream.below(150)));
      of_b.push_back(100 + static_cast<std::int64_t>(stream.below(150)));
    }
    told += of_mean(made_design(of_a), made_design(of_b)).verdict != Better::cannot_tell;
  }
  const double share = static_cast<double>(told) / experiments;
  CHECK(share == Approx(0.05).margin(4 * std::sqrt(0.05 * 0.95 / experiments)));
}

}  // namespace
}  // namespace headroom
