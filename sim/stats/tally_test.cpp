#include "sim/stats/tally.hpp"
#include "sim/stats/test_numbers.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using headroom::sim::Tally;
using headroom::sim::TestNumbers;

namespace {

// Two passes in long double: the definition.
double two_pass_variance(const std::vector<double>& values) {
  long double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  const long double mean = sum / static_cast<long double>(values.size());
  long double squares = 0;
  for (const double value : values) {
    squares += (value - mean) * (value - mean);
  }
  return static_cast<double>(squares / static_cast<long double>(values.size() - 1));
}

}  // namespace

TEST_CASE("tally: mean and variance of 1..n have closed forms") {
  Tally tally;
  for (int i = 1; i <= 1000; ++i) {
    tally.add(i);
  }
  CHECK(tally.count() == 1000);
  CHECK(tally.mean() == Approx(500.5).epsilon(1e-14));
  CHECK(tally.variance() == Approx(1000.0 * 1001 / 12).epsilon(1e-13));
  CHECK(tally.min() == 1);
  CHECK(tally.max() == 1000);
}

TEST_CASE("tally: a small variance beside a large mean survives") {
  TestNumbers random{1};
  std::vector<double> values;
  Tally tally;
  for (int i = 0; i < 10'000; ++i) {
    values.push_back(1e9 + random.uniform());
    tally.add(values.back());
  }
  CHECK(tally.variance() == Approx(two_pass_variance(values)).epsilon(1e-6));
  CHECK(tally.variance() == Approx(1.0 / 12).epsilon(0.05));
}

TEST_CASE("tally: merged parts equal the whole") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    TestNumbers random{seed};
    std::vector<double> values;
    std::vector<Tally> parts(5);  // The last one stays empty.
    for (int i = 0; i < 300; ++i) {
      const std::size_t part = random.next() % 4;
      values.push_back(std::log(random.uniform()) + 3.0 * static_cast<double>(part));
      parts[part].add(values.back());
    }
    Tally forward;
    Tally backward;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      forward.merge(parts[i]);
      backward.merge(parts[parts.size() - 1 - i]);
    }
    CHECK(forward.count() == 300);
    CHECK(forward.variance() == Approx(two_pass_variance(values)).epsilon(1e-12));
    CHECK(forward.variance() == Approx(backward.variance()).epsilon(1e-12));
    CHECK(forward.mean() == Approx(backward.mean()).epsilon(1e-12));
    CHECK(forward.min() == *std::min_element(values.begin(), values.end()));
    CHECK(forward.max() == *std::max_element(values.begin(), values.end()));
  }
}

TEST_CASE("tally: few and equal values") {
  Tally tally;
  CHECK(tally.count() == 0);
  CHECK(tally.variance() == 0);
  tally.add(-0.1);
  CHECK(tally.variance() == 0);
  CHECK(tally.max() == -0.1);
  tally.add(-0.1);
  tally.add(-0.1);
  CHECK(tally.variance() == 0);
  CHECK(tally.standard_deviation() == 0);
  CHECK(tally.mean() == -0.1);
}
