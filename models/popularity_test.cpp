#include "models/popularity.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "sim/kernel/random.hpp"

namespace headroom {

namespace {

constexpr int draws = 200'000;

/// Pearson's statistic, standardised: under the law it is about normal (Wilson, Hilferty 1931).
/// Items that fewer than 10 draws are expected of are taken together.
double standardised_chi_square(const std::vector<double>& expected,
                               const std::vector<std::uint64_t>& counted, double n) {
  double sum = 0, rest_expected = 0, rest_counted = 0;
  int cells = 0;
  const auto add = [&](double expected_here, double counted_here) {
    sum += (counted_here - expected_here) * (counted_here - expected_here) / expected_here;
    ++cells;
  };
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (n * expected[i] >= 10) {
      add(n * expected[i], static_cast<double>(counted[i]));
    } else {
      rest_expected += n * expected[i];
      rest_counted += static_cast<double>(counted[i]);
    }
  }
  if (rest_expected > 0) add(rest_expected, rest_counted);
  const double freedom = cells - 1;
  if (freedom == 0) return 0;
  return (std::cbrt(sum / freedom) - (1 - 2 / (9 * freedom))) / std::sqrt(2 / (9 * freedom));
}

template <class Bits>
double distance(const Popularity& popularity, Bits bits) {
  std::vector<std::uint64_t> counted(popularity.items());
  for (int i = 0; i < draws; ++i)
    ++counted.at(popularity.draw(bits));
  return standardised_chi_square(zipf_probabilities(popularity.items(), popularity.exponent()),
                                 counted, draws);
}

/// The sum of f(r) r^-exponent over the ranks: term by term up to 10,000, then by Euler and
/// Maclaurin's formula with the integral by Simpson's rule in log r.
template <class F>
double sum_over_ranks(double items, double exponent, F f) {
  const auto term = [&](double rank) { return f(rank) * std::pow(rank, -exponent); };
  double sum = 0;
  const double head = std::min(items, 10'000.0);
  for (double rank = 1; rank <= head; ++rank)
    sum += term(rank);
  if (items <= head) return sum;
  constexpr int steps = 20'000;
  const double width = std::log(items / head) / steps;
  const auto in_log = [&](int i) {
    const double rank = head * std::exp(i * width);
    return term(rank) * rank;
  };
  double integral = in_log(0) + in_log(steps);
  for (int i = 1; i < steps; ++i)
    integral += in_log(i) * (i % 2 == 1 ? 4 : 2);
  return sum + integral * width / 3 + (term(items) - term(head)) / 2;
}

}  // namespace

TEST_CASE("Zipf draws follow the law, for few items") {
  for (const double exponent : {0.0, 0.3, 0.8, 0.999999, 1.0, 1.000001, 1.5, 2.0, 3.0, 20.0}) {
    for (const std::uint64_t items : {1u, 2u, 3u, 10u, 1000u}) {
      INFO("exponent " << exponent << ", " << items << " items");
      const Popularity popularity(items, exponent);
      CHECK(std::abs(distance(popularity, sim::Stream(1, 0, "keys"))) < 4);
      CHECK(std::abs(distance(popularity, sim::Keyed(1))) < 4);
    }
  }
}

TEST_CASE("the distance of a wrong law is noticed") {
  std::vector<std::uint64_t> counted(100);
  const Popularity popularity(100, 0.95);
  sim::Stream bits(1, 0, "keys");
  for (int i = 0; i < draws; ++i)
    ++counted[popularity.draw(bits)];
  CHECK(standardised_chi_square(zipf_probabilities(100, 0.9), counted, draws) > 8);
}

TEST_CASE("Zipf draws of very many items have the moments of the law") {
  for (const double items : {1e6, 1e9, 1e12}) {
    for (const double exponent : {0.0, 0.6, 0.9, 1.0, 1.1, 1.5, 3.0}) {
      INFO("exponent " << exponent << ", " << items << " items");
      const Popularity popularity(static_cast<std::uint64_t>(items), exponent);
      const double total = sum_over_ranks(items, exponent, [](double) { return 1; });
      const auto log_of = [](double rank) { return std::log(rank); };
      const double mean_log = sum_over_ranks(items, exponent, log_of) / total;
      const double square =
          sum_over_ranks(items, exponent, [](double r) { return std::log(r) * std::log(r); }) /
          total;
      sim::Stream bits(3, 0, "keys");
      double sum = 0, sum_of_squares = 0;
      for (int i = 0; i < draws; ++i) {
        const std::uint64_t item = popularity.draw(bits);
        REQUIRE(static_cast<double>(item) < items);
        const double value = std::log(static_cast<double>(item + 1));
        sum += value;
        sum_of_squares += value * value;
      }
      const double sigma = std::sqrt(square - mean_log * mean_log);
      CHECK(std::abs(sum / draws - mean_log) < 4 * sigma / std::sqrt(draws));
      const double spread = std::sqrt(sum_of_squares / draws - (sum / draws) * (sum / draws));
      CHECK(spread == Approx(sigma).epsilon(0.03));
    }
  }
}

TEST_CASE("shares of the most popular items") {
  // Harmonic sums, 6 digits.
  const std::vector<double> probabilities = zipf_probabilities(10'000, 0.99);
  double ten = 0;
  for (int i = 0; i < 10; ++i)
    ten += probabilities[i];
  CHECK(probabilities[0] == Approx(0.097806).margin(1e-6));
  CHECK(ten == Approx(0.289124).margin(1e-6));
}

}  // namespace headroom
