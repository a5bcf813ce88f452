#include "sim/stats/intervals.hpp"
#include "sim/stats/test_numbers.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace headroom::sim;

namespace {

// How often an experiment's interval holds the truth, and how far that may be from 95 %.
struct Coverage {
  int experiments = 0;
  int held = 0;
  void add(const Interval& interval, double truth) {
    ++experiments;
    held += interval.low <= truth && truth <= interval.high ? 1 : 0;
  }
  void check_is(double confidence) const {
    const double n = experiments;
    CHECK(std::abs(held / n - confidence) <= 4 * std::sqrt(confidence * (1 - confidence) / n));
  }
};

}  // namespace

TEST_CASE("student quantiles: tables and closed forms") {
  CHECK(student_quantile(0.975, 9) == Approx(2.262157).margin(1e-6));
  CHECK(student_quantile(0.975, 1) == Approx(12.706205).margin(1e-6));
  CHECK(student_quantile(0.995, 4) == Approx(4.604095).margin(1e-6));
  CHECK(student_quantile(0.975, 30) == Approx(2.042272).margin(1e-6));
  CHECK(student_quantile(0.5, 7) == Approx(0).margin(1e-12));
  CHECK(student_quantile(0.975, 1'000'000'000) == Approx(1.959964).margin(1e-6));
  CHECK(normal_quantile(0.975) == Approx(1.959964).margin(1e-6));
  for (const double p : {0.001, 0.05, 0.3, 0.9, 0.9995}) {
    CHECK(student_quantile(p, 1) == Approx(std::tan(3.141592653589793 * (p - 0.5))));
    CHECK(student_quantile(p, 2) == Approx((2 * p - 1) / std::sqrt(2 * p * (1 - p))));
    for (const std::uint64_t degrees : {3, 4, 5, 8, 29, 100, 5'000}) {
      CHECK(student_quantile(p, degrees) == Approx(-student_quantile(1 - p, degrees)));
    }
  }
}

TEST_CASE("student interval: by hand") {
  // Mean 3, s^2 = 2.5, t(0.975, 4) = 2.776445.
  const Interval five = student_interval(std::vector<double>{1, 2, 3, 4, 5});
  CHECK(five.mean == Approx(3));
  CHECK(five.half_width() == Approx(2.776445 * std::sqrt(0.5)).epsilon(1e-6));
  CHECK(five.high - five.mean == Approx(five.mean - five.low));
  CHECK(student_interval(std::vector<double>{1, 2, 3, 4, 5}, 0.99).half_width() ==
        Approx(4.604095 * std::sqrt(0.5)).epsilon(1e-6));
  const Interval one = student_interval(std::vector<double>{7});
  CHECK(one.mean == 7);
  CHECK_FALSE(one.bounded());
  CHECK(one.low < -1e300);
  CHECK(one.high > 1e300);
  CHECK(student_interval(std::vector<double>(10, 0.1)) == Interval{0.1, 0.1, 0.1});
  CHECK(student_interval(std::vector<double>(10, 0.0)).bounded());
}

TEST_CASE("student interval: holds the truth as often as it says") {
  TestNumbers random{1};
  Coverage normal;
  Coverage normal_80;
  Coverage two;
  std::vector<double> values(10);
  for (int experiment = 0; experiment < 20'000; ++experiment) {
    for (double& value : values) {
      value = 5 + 3 * random.normal();
    }
    normal.add(student_interval(values), 5);
    normal_80.add(student_interval(values, 0.8), 5);
    two.add(student_interval(std::span(values).first(2)), 5);
  }
  normal.check_is(0.95);
  normal_80.check_is(0.8);
  two.check_is(0.95);
  // Replications that are means of exponential samples, as a mean latency is.
  Coverage exponential;
  for (int experiment = 0; experiment < 5'000; ++experiment) {
    for (double& value : values) {
      value = 0;
      for (int i = 0; i < 200; ++i) {
        value += random.exponential() / 200;
      }
    }
    exponential.add(student_interval(values), 1);
  }
  exponential.check_is(0.95);
}

TEST_CASE("interval around a pooled value: same width, other centre") {
  const std::vector<double> values{1, 2, 3, 4, 5};
  const Interval moved = interval_around(3.5, values);
  CHECK(moved.mean == 3.5);
  CHECK(moved.half_width() == Approx(student_interval(values).half_width()));
  CHECK_FALSE(interval_around(3.5, {}).bounded());
}

TEST_CASE("pointwise intervals: one per window") {
  const std::vector<std::vector<double>> runs{{1, 10}, {2, 10}, {3, 10}};
  const auto intervals = pointwise_intervals(runs);
  REQUIRE(intervals.size() == 2);
  CHECK(intervals[0] == student_interval(std::vector<double>{1, 2, 3}));
  CHECK(intervals[1] == Interval{10, 10, 10});
}

TEST_CASE("ratio interval: equal denominators make it the mean of ratios") {
  const std::vector<double> errors{1, 4, 2, 8, 5};
  const std::vector<double> finished(5, 100);
  const auto ratio = ratio_interval(errors, finished);
  const Interval mean = student_interval(std::vector<double>{0.01, 0.04, 0.02, 0.08, 0.05});
  REQUIRE(ratio);
  CHECK(ratio->mean == Approx(mean.mean));
  CHECK(ratio->low == Approx(mean.low));
  CHECK(ratio->high == Approx(mean.high));
}

TEST_CASE("ratio interval: agrees with the jackknife and holds the truth") {
  TestNumbers random{2};
  Coverage coverage;
  const std::size_t n = 10;
  std::vector<double> y(n);
  std::vector<double> x(n);
  for (int experiment = 0; experiment < 5'000; ++experiment) {
    double sum_y = 0;
    double sum_x = 0;
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = 900 + 200 * random.uniform();
      y[i] = 0.1 * x[i] + std::sqrt(0.09 * x[i]) * random.normal();
      sum_y += y[i];
      sum_x += x[i];
    }
    const Interval found = ratio_interval(y, x).value();
    coverage.add(found, 0.1);
    if (experiment >= 100) continue;
    double mean_left_out = 0;
    std::vector<double> left_out(n);
    for (std::size_t i = 0; i < n; ++i) {
      left_out[i] = (sum_y - y[i]) / (sum_x - x[i]);
      mean_left_out += left_out[i] / n;
    }
    double squares = 0;
    for (const double value : left_out) {
      squares += (value - mean_left_out) * (value - mean_left_out);
    }
    const double jackknife = std::sqrt(squares * (n - 1) / n);
    CHECK(found.half_width() == Approx(2.262157 * jackknife).epsilon(0.05));
  }
  coverage.check_is(0.95);
}

TEST_CASE("ratio interval: nothing, one, none wrong") {
  const std::vector<double> zeros(3, 0.0);
  const std::vector<double> tens(3, 10.0);
  CHECK_FALSE(ratio_interval(zeros, zeros));
  CHECK_FALSE(ratio_interval({}, {}));
  CHECK(ratio_interval(zeros, tens) == Interval{0, 0, 0});
  const auto one = ratio_interval(std::vector<double>{1}, std::vector<double>{4});
  REQUIRE(one);
  CHECK(one->mean == 0.25);
  CHECK_FALSE(one->bounded());
  // A replication in which nothing finished weighs nothing and does no harm.
  const auto idle = ratio_interval(std::vector<double>{1, 2, 0}, std::vector<double>{10, 10, 0});
  REQUIRE(idle);
  CHECK(idle->mean == Approx(0.15));
  CHECK(std::isfinite(idle->low));
}

TEST_CASE("wilson interval: solves its equation, known values") {
  const double z = 1.9599639845400545;
  for (const auto& [successes, trials] :
       std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, 10}, {5, 10}, {7, 1'000}, {3, 4}}) {
    const Interval found = wilson_interval(successes, trials).value();
    const double share = static_cast<double>(successes) / static_cast<double>(trials);
    CHECK(found.mean == share);
    for (const double p : {found.low, found.high}) {
      CHECK(std::abs(share - p) ==
            Approx(z * std::sqrt(p * (1 - p) / static_cast<double>(trials))));
    }
  }
  const Interval none = wilson_interval(0, 10).value();
  CHECK(none.low == 0);
  CHECK(none.high == Approx(0.2775).margin(5e-5));
  const Interval all = wilson_interval(10, 10).value();
  CHECK(all.high == 1);
  CHECK(all.low == Approx(0.7225).margin(5e-5));
  CHECK_FALSE(wilson_interval(0, 0));
}

TEST_CASE("quantile interval: pooled value, spread over replications, holds the truth") {
  TestNumbers random{3};
  Coverage coverage;
  for (int experiment = 0; experiment < 1'000; ++experiment) {
    std::vector<Histogram> runs(10);
    std::vector<const Histogram*> pointers;
    Histogram pooled;
    for (Histogram& run : runs) {
      for (int i = 0; i < 1'000; ++i) {
        run.record(std::llround(1e6 * random.exponential()));
      }
      pooled.merge(run);
      pointers.push_back(&run);
    }
    const auto found = quantile_interval(pooled, pointers, 0.95);
    REQUIRE(found);
    CHECK(found->mean == pooled.quantile(0.95));
    coverage.add(*found, -1e6 * std::log(0.05));
    CHECK(quantile_interval(pooled, pointers, 0.99));
    CHECK_FALSE(quantile_interval(pooled, pointers, 0.991));  // 90 samples beyond.
  }
  coverage.check_is(0.95);
}

TEST_CASE("quantile interval: no bounds from one replication or from one that cannot tell") {
  Histogram large;
  for (int i = 0; i < 100'000; ++i) {
    large.record(i);
  }
  Histogram small;
  small.record(5);
  Histogram pooled = large;
  pooled.merge(small);
  const std::vector<const Histogram*> one{&large};
  const std::vector<const Histogram*> both{&large, &small};
  const std::vector<const Histogram*> equal{&large, &large};
  CHECK_FALSE(quantile_interval(large, one, 0.99).value().bounded());
  CHECK_FALSE(quantile_interval(pooled, both, 0.99).value().bounded());
  CHECK(quantile_interval(large, equal, 0.99).value().half_width() < 0.005 * 99'000);
}

TEST_CASE("quantile interval: a share beyond turned back into quantiles, by hand") {
  // Shares beyond 900 in two replications: 8 % and 12 %. Mean 10 %, half-width t(0.975, 1) x 2 %,
  // which is more than there is beyond: no upper end. With 60 % confidence t is 1.3764.
  Histogram few, many, pooled;
  for (int i = 0; i < 10'000; ++i) {
    few.record(i < 9'200 ? i % 900 : 900 + i % 100);
    many.record(i < 8'800 ? i % 900 : 900 + i % 100);
  }
  pooled.merge(few);
  pooled.merge(many);
  const std::vector<const Histogram*> both{&few, &many};
  CHECK_FALSE(quantile_interval(pooled, both, 0.9).value().bounded());
  const auto found = quantile_interval(pooled, both, 0.9, 0.6).value();
  const double half = 1.3763819 * 0.02;
  CHECK(found.mean == Approx(900).epsilon(0.01));
  CHECK(found.low == Approx(900 * (0.9 - half) / 0.9).epsilon(0.01));
  CHECK(found.high == Approx(900 + 100 * half / 0.1).epsilon(0.01));
}
