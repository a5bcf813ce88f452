#include "sim/stats/warmup.hpp"
#include "sim/stats/test_numbers.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using headroom::sim::mser5;
using headroom::sim::pointwise_mean;
using headroom::sim::TestNumbers;
using headroom::sim::Truncation;

namespace {

// The definition, in O(n^2) and two passes.
Truncation naive_mser5(const std::vector<double>& x) {
  std::vector<double> z;
  for (std::size_t i = 0; i + 5 <= x.size(); i += 5) {
    z.push_back((x[i] + x[i + 1] + x[i + 2] + x[i + 3] + x[i + 4]) / 5);
  }
  double least = INFINITY;
  std::size_t best = 0;
  for (std::size_t d = 0; d <= z.size() / 2; ++d) {
    const auto n = static_cast<double>(z.size() - d);
    double mean = 0;
    for (std::size_t i = d; i < z.size(); ++i) {
      mean += z[i] / n;
    }
    double squares = 0;
    for (std::size_t i = d; i < z.size(); ++i) {
      squares += (z[i] - mean) * (z[i] - mean);
    }
    if (squares / (n * n) < least) {
      least = squares / (n * n);
      best = d;
    }
  }
  return {5 * best, best < z.size() / 2};
}

// An autoregressive process of mean 0 and standard deviation about 2.3, which starts `bias` too
// high and forgets that as exp(-t / time_constant).
std::vector<double> biased_series(std::uint64_t seed, std::size_t length, double bias,
                                  double time_constant) {
  TestNumbers random{seed};
  std::vector<double> series;
  double state = 0;
  for (std::size_t t = 0; t < length; ++t) {
    state = 0.9 * state + random.normal();
    series.push_back(state + bias * std::exp(-static_cast<double>(t) / time_constant));
  }
  return series;
}

double mean_from(const std::vector<double>& series, std::size_t first) {
  double sum = 0;
  for (std::size_t i = first; i < series.size(); ++i) {
    sum += series[i];
  }
  return sum / static_cast<double>(series.size() - first);
}

}  // namespace

TEST_CASE("mser-5: equals its definition") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const std::size_t length = 10 + 17 * seed;
    const auto series = biased_series(seed, length, seed % 3 == 0 ? 0 : 20, 5.0 * (seed % 20) + 1);
    const Truncation expected = naive_mser5(series);
    const Truncation found = mser5(series);
    CHECK(found.index == expected.index);
    CHECK(found.settled == expected.settled);
  }
}

TEST_CASE("mser-5: removes a known transient and little more") {
  // The expected error sum is v / n + B^2 (T/2) exp(-2 d/T) / n^2, with v the variance of the noise
  // and n what is kept: least, as long as d is small beside n, where the bias has sunk to the
  // standard deviation of the noise. Here v = 4.5 (a mean of five), so at d = 100 ln(30/2.1) = 265.
  const double bias = 30;
  const double time_constant = 100;
  const double noise = 2.1;
  double mean_index = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto series = biased_series(seed, 5'000, bias, time_constant);
    const Truncation found = mser5(series);
    CHECK(found.settled);
    const auto index = static_cast<double>(found.index);
    mean_index += index / 40;
    CHECK(bias * std::exp(-index / time_constant) <= 3 * noise);
    CHECK(index <= 2'000);
    // The mean of n of these has standard error 10 / sqrt(n), beside the bias that is left.
    const double kept = 5'000 - index;
    const double bias_left = bias * std::exp(-index / time_constant) * time_constant / kept;
    CHECK(std::abs(mean_from(series, found.index)) <= 4 * 10 / std::sqrt(kept) + bias_left);
    // Of the bias of the whole series, 30 * 100 / 5000, less than a quarter is left.
    CHECK(bias_left < 0.6 / 4);
  }
  CHECK(mean_index >= 200);
  CHECK(mean_index <= 400);
}

TEST_CASE("mser-5: a step is cut where it ends, a constant not at all") {
  std::vector<double> series(500, 3.25);
  CHECK(mser5(series).index == 0);
  CHECK(mser5(series).settled);
  for (std::size_t i = 0; i < 42; ++i) {
    series[i] = 100;
  }
  CHECK(mser5(series).index == 45);
  CHECK(mser5(series).settled);
}

TEST_CASE("mser-5: what never settles is said so") {
  std::vector<double> growing;
  for (int i = 0; i < 1'000; ++i) {
    growing.push_back(i);
  }
  CHECK_FALSE(mser5(growing).settled);
  CHECK(mser5(growing).index == 500);
  CHECK_FALSE(mser5({}).settled);
  CHECK_FALSE(mser5(std::vector<double>(9, 1.0)).settled);
  CHECK(mser5(std::vector<double>(10, 1.0)).settled);
}

TEST_CASE("welch: pilots are averaged point by point as far as the shortest goes") {
  const std::vector<std::vector<double>> pilots{{1, 2, 3, 4}, {3, 2, 1}, {2, 5, 2, 9, 9}};
  CHECK(pointwise_mean(pilots) == std::vector<double>{2, 3, 2});
  CHECK(pointwise_mean({}).empty());
  // A transient hidden in the noise of one run shows in the mean of many.
  std::vector<std::vector<double>> noisy;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    noisy.push_back(biased_series(seed, 2'000, 4, 100));
  }
  const Truncation found = mser5(pointwise_mean(noisy));
  CHECK(found.settled);
  CHECK(found.index >= 100);
  CHECK(found.index <= 800);
}
