#include "sim/stats/effective.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "sim/stats/test_numbers.hpp"

using namespace headroom::sim;

namespace {

/// Ten replications of `count` exponential latencies; each value comes `times` in a row, so that
/// only one in so many is new.
std::vector<Histogram> replications(TestNumbers& numbers, int count, int times) {
  std::vector<Histogram> made(10);
  for (Histogram& each : made) {
    for (int i = 0; i < count / times; ++i) {
      const auto value = static_cast<std::int64_t>(1e6 * numbers.exponential());
      for (int again = 0; again < times; ++again)
        each.record(value);
    }
  }
  return made;
}

std::vector<const Histogram*> pointers(const std::vector<Histogram>& histograms) {
  std::vector<const Histogram*> all;
  for (const Histogram& each : histograms)
    all.push_back(&each);
  return all;
}

}  // namespace

TEST_CASE("samples that repeat count once, those that are independent all") {
  for (const int times : {1, 4, 25}) {
    TestNumbers numbers(static_cast<std::uint64_t>(times));
    // A variance of ten replications is rough: the mean of many such is held against the truth.
    constexpr int experiments = 200, count = 2000;
    double of_mean = 0, of_p90 = 0, squares = 0;
    for (int i = 0; i < experiments; ++i) {
      const auto made = replications(numbers, count, times);
      const auto runs = pointers(made);
      const double alike = 10.0 * count / *effective_samples_of_mean(runs);
      of_mean += alike / experiments;
      squares += alike * alike / experiments;
      of_p90 += 10.0 * count / *effective_samples_beyond(runs, 1e6 * std::log(10)) / experiments;
    }
    const double error = std::sqrt((squares - of_mean * of_mean) / experiments);
    CHECK(std::abs(of_mean - times) < 4 * error);
    CHECK(std::abs(of_p90 - times) < 4 * error);
  }
}

TEST_CASE("without two replications that differ nothing is known") {
  TestNumbers numbers(1);
  const auto made = replications(numbers, 100, 1);
  const std::vector<const Histogram*> one{&made[0]}, same{&made[0], &made[0]},
      two{&made[0], &made[1]};
  CHECK_FALSE(effective_samples_of_mean(one));
  CHECK_FALSE(effective_samples_of_mean(same));
  CHECK(effective_samples_of_mean(two));
  CHECK_FALSE(effective_samples_beyond(two, 1e12));
  CHECK_FALSE(effective_samples_beyond(two, -1));
  const Histogram empty;
  const std::vector<const Histogram*> none{&empty, &empty};
  CHECK_FALSE(effective_samples_of_mean(none));
}
