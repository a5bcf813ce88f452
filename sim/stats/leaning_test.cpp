#include "sim/stats/leaning.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "sim/kernel/random.hpp"

namespace headroom::sim {
namespace {

TEST_CASE("The spread of values: by hand, and of a sum", "[leaning]") {
  // 0, 0, 3: mean 1, squares 1 + 1 + 4, cubes -1 - 1 + 8 times 3 / 2 / 1.
  const Spread spread = spread_of(std::vector<double>{0, 0, 3});
  CHECK(spread.variance == Approx(3));
  CHECK(spread.third == Approx(9));
  CHECK(spread.skewness() == Approx(9 / std::pow(3, 1.5)));
  CHECK(spread_of(std::vector<double>{1, 5}).third == 0);
  CHECK(spread_of(std::vector<double>{2, 2, 2}).skewness() == 0);
}

TEST_CASE("What does not lean has Student's interval, what leans reaches further that way",
          "[leaning]") {
  const std::vector<double> even{1, 2, 3, 4, 5};
  const Interval student = student_interval(even);
  const Interval same = leaning_interval(3, spread_of(even), 5);
  CHECK(same.low == Approx(student.low));
  CHECK(same.high == Approx(student.high));
  const std::vector<double> right{1, 1, 1, 1, 6}, left{-1, -1, -1, -1, -6};
  const Interval up = leaning_interval(2, spread_of(right), 5);
  CHECK(up.low == Approx(student_interval(right).low));
  CHECK(up.high > student_interval(right).high + 1);
  const Interval down = leaning_interval(-2, spread_of(left), 5);
  CHECK(down.low == Approx(-up.high));
  CHECK(down.high == Approx(-up.low));
  const Interval none = leaning_interval(2, spread_of(std::vector<double>{2, 2}), 2);
  CHECK(none.half_width() == 0);
}

TEST_CASE("The factor is a root of Hall's cubic", "[leaning]") {
  for (const double a : {-0.9, -0.2, 0.0, 0.3, 0.8}) {
    for (const double t : {-2.3, 0.0, 1.9}) {
      const double z = skewed_factor(t, a);
      CHECK(z + a * z * z / 3 + a * a * z * z * z / 27 + a / 6 == Approx(t).margin(1e-9));
    }
  }
}

TEST_CASE("Means of exponential values and differences of them are held as often as stated",
          "[leaning]") {
  Stream random(5, 0, "lean");
  const auto exponential = [&] { return -std::log1p(-random.uniform()); };
  constexpr int experiments = 4000, n = 10;
  int held = 0, by_student = 0, alike = 0;
  for (int i = 0; i < experiments; ++i) {
    std::vector<double> values, differences;
    double mean = 0, difference = 0;
    for (int k = 0; k < n; ++k) {
      values.push_back(exponential());
      differences.push_back(exponential() - exponential());
      mean += values.back() / n;
      difference += differences.back() / n;
    }
    const auto holds = [](const Interval& interval, double truth) {
      return interval.low <= truth && truth <= interval.high;
    };
    held += holds(leaning_interval(mean, spread_of(values), n), 1);
    by_student += holds(student_interval(values), 1);
    alike += holds(leaning_interval(difference, spread_of(differences), n), 0);
  }
  const double error = std::sqrt(0.05 * 0.95 / experiments);
  CHECK(1.0 * by_student / experiments < 0.92);
  CHECK(1.0 * held / experiments == Approx(0.95).margin(4 * error));
  CHECK(1.0 * alike / experiments > 0.95);
}

}  // namespace
}  // namespace headroom::sim
