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
  const auto ratio = ratio_of(errors, finished);
  const Interval mean = student_interval(std::vector<double>{0.01, 0.04, 0.02, 0.08, 0.05});
  REQUIRE(ratio);
  CHECK(ratio->value == Approx(mean.mean));
  CHECK(ratio->error * student_quantile(0.975, 4) == Approx(mean.half_width()));
  // Deviations -3, 0, -2, 4, 1: the sum of cubes is 30, that of squares 30.
  CHECK(ratio->skewness == Approx(5.0 / (4 * 3) * 30 / std::pow(30.0 / 4, 1.5)));
}

TEST_CASE("ratio interval: Student's t without skewness, longer to the right with it") {
  const double t = student_quantile(0.975, 4);
  // Residuals -2, -1, 0, 1, 2 about 1000: no skewness, hardly any variation.
  const auto even =
      ratio_interval(std::vector<double>{998, 999, 1000, 1001, 1002}, std::vector<double>(5, 1))
          .value();
  CHECK(even.high - even.mean == Approx(t * std::sqrt(0.5)).epsilon(0.002));
  CHECK(even.mean - even.low == Approx(t * std::sqrt(0.5)).epsilon(0.002));
  // The ends solve Hall's equation in t, whose a is the skewness over the root of n.
  const std::vector<double> bursts{0, 1, 0, 9, 2};
  const std::vector<double> requests{90, 100, 110, 100, 95};
  const Ratio ratio = ratio_of(bursts, requests).value();
  const Interval found = ratio_interval(bursts, requests).value();
  REQUIRE(ratio.skewness > std::sqrt(5.0) * ratio.error / ratio.value);
  const double a = ratio.skewness / std::sqrt(5.0);
  const auto hall = [&](double truth) {
    const double z = (ratio.value - truth) / ratio.error;
    return z + a * z * z / 3 + a * a * z * z * z / 27 + a / 6;
  };
  CHECK(hall(found.low) == Approx(t));
  CHECK(hall(found.high) == Approx(-t));
  CHECK(found.high - found.mean > 2 * (found.mean - found.low));
  // Replications that happen to lean to the left are taken as compound Poisson with equal bursts.
  const std::vector<double> left{0, 5, 5, 5, 5};
  const std::vector<double> same(5, 10.0);
  CHECK(ratio_of(left, same)->skewness < 0);
  const Interval leaning = ratio_interval(left, same).value();
  CHECK(leaning.high - leaning.mean > leaning.mean - leaning.low);
}

TEST_CASE("ratio interval: holds the truth of totals that come in bursts") {
  // Bursts at random, of exponential size, one in each replication in the mean: its skewness is
  // 1.5 times its coefficient of variation. Source: compound Poisson, moments by hand.
  TestNumbers random{4};
  Coverage skewed, student;
  std::vector<double> totals(10);
  const std::vector<double> lengths(10, 1.0);
  for (int experiment = 0; experiment < 20'000; ++experiment) {
    for (double& total : totals) {
      total = 0;
      for (double at = random.exponential(); at < 1; at += random.exponential())
        total += random.exponential();
    }
    if (ratio_of(totals, lengths)->value == 0) continue;
    skewed.add(ratio_interval(totals, lengths).value(), 1);
    student.add(student_interval(totals), 1);
  }
  CHECK(skewed.held > 0.94 * skewed.experiments);
  CHECK(skewed.held < 0.97 * skewed.experiments);
  CHECK(student.held < 0.90 * student.experiments);
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
    coverage.add(ratio_interval(y, x).value(), 0.1);
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
    CHECK(ratio_of(y, x)->error == Approx(jackknife).epsilon(0.05));
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

TEST_CASE("quantile interval: the values that the shares beyond do not tell from it") {
  // Shares beyond 900 in three replications: 8, 10 and 12 %, spread evenly up to 1000. Beyond any
  // value above that they are in the same proportions, so the share of all of them at the upper end
  // is the one whose interval ends at 10 %.
  std::vector<Histogram> runs(3);
  Histogram pooled;
  std::vector<const Histogram*> pointers;
  for (int run = 0; run < 3; ++run) {
    const int below = 9'200 - 200 * run;
    for (int i = 0; i < 10'000; ++i)
      runs[static_cast<std::size_t>(run)].record(i < below ? i % 900 : 900 + i % 100);
    pooled.merge(runs[static_cast<std::size_t>(run)]);
    pointers.push_back(&runs[static_cast<std::size_t>(run)]);
  }
  const auto found = quantile_interval(pooled, pointers, 0.9).value();
  CHECK(found.mean == Approx(900).epsilon(0.01));
  const std::vector<double> tenths{8, 10, 12}, counts(3, 100.0);
  const double ten = ratio_interval(tenths, counts)->high;
  CHECK(found.high == Approx(1000 - 100 * 0.1 / ten).epsilon(0.002));
  // Both ends by the definition itself.
  CHECK(share_above(pointers, found.high)->high == Approx(0.1).epsilon(0.01));
  CHECK(share_above(pointers, found.low)->low == Approx(0.1).epsilon(0.01));
  CHECK(quantile_interval(pooled, pointers, 0.9, 0.6)->half_width() < found.half_width());
}

TEST_CASE("quantile interval: one replication with all that lies beyond has no bounds") {
  std::vector<Histogram> runs(3);
  Histogram pooled;
  std::vector<const Histogram*> pointers;
  for (Histogram& run : runs) {
    for (int i = 0; i < 10'000; ++i)
      run.record(i % 100 + (&run == &runs[1] && i % 20 == 0 ? 1'000 : 0));
    pooled.merge(run);
    pointers.push_back(&run);
  }
  const auto found = quantile_interval(pooled, pointers, 0.99).value();
  CHECK(found.mean > 1'000);
  CHECK_FALSE(found.bounded());
  CHECK(quantile_interval(pooled, pointers, 0.9).value().bounded());
}

TEST_CASE("pseudo-values of a quantile: their spread is that of the pooled one") {
  // Bursts: all samples of a replication are as many times longer, by chance.
  TestNumbers random{5};
  double squares = 0, squares_by_pseudo = 0;
  constexpr int experiments = 400;
  std::vector<double> pooled_values;
  for (int experiment = 0; experiment < experiments; ++experiment) {
    std::vector<Histogram> runs(10);
    std::vector<const Histogram*> pointers;
    Histogram pooled;
    for (Histogram& run : runs) {
      const double slow = 1e6 * (1 + random.uniform());
      for (int i = 0; i < 200; ++i)
        run.record(std::llround(slow * random.exponential()));
      pooled.merge(run);
      pointers.push_back(&run);
    }
    const std::vector<double> values = quantile_pseudo_values(pointers, 0.9);
    REQUIRE(values.size() == 10);
    const double half = student_interval(values).half_width() / student_quantile(0.975, 9);
    squares_by_pseudo += half * half / experiments;
    pooled_values.push_back(pooled.quantile(0.9));
  }
  double mean = 0;
  for (const double value : pooled_values)
    mean += value / experiments;
  for (const double value : pooled_values)
    squares += (value - mean) * (value - mean) / (experiments - 1);
  // A variance of 400 values is known to 7 %: four times that.
  CHECK(squares_by_pseudo == Approx(squares).epsilon(0.28));
  // Replications that are all the same all say the same.
  Histogram one;
  for (int i = 0; i < 1'000; ++i)
    one.record(i);
  const std::vector<const Histogram*> same(4, &one);
  for (const double value : quantile_pseudo_values(same, 0.9))
    CHECK(value == Approx(900).epsilon(0.01));
}
