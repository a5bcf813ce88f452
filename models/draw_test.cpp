#include "models/draw.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>
#include <catch2/catch.hpp>

#include "models/test_goodness_of_fit.hpp"

namespace headroom {

namespace {

using Kind = Distribution::Kind;
using Cdf = std::function<double(double)>;

Distribution plain(Kind kind, double a, double b = 0) {
  Distribution d;
  d.kind = kind;
  d.a = a;
  d.b = b;
  return d;
}

Distribution of_parts(Kind kind, std::vector<double> weights, std::vector<Distribution> parts) {
  Distribution d;
  d.kind = kind;
  d.weights = std::move(weights);
  d.parts = std::move(parts);
  return d;
}

double exponential_cdf(double x, double mean) {
  return -std::expm1(-x / mean);
}

/// One case per continuous kind: its parameters, its distribution function, its two moments.
struct Case {
  std::string name;
  Distribution law;
  Cdf cdf;
  double mean, variance;
};

std::vector<Case> cases() {
  const auto exponential = [](double mean) { return plain(Kind::exponential, mean); };
  auto shifted = of_parts(Kind::shifted, {}, {exponential(3)});
  shifted.a = 5;
  const double g = std::tgamma(1.5);
  return {
      {"exp", exponential(6e6), [](double x) { return exponential_cdf(x, 6e6); }, 6e6, 36e12},
      {"uniform", plain(Kind::uniform, 1, 3), [](double x) { return (x - 1) / 2; }, 2, 1.0 / 3},
      {"lognormal", plain(Kind::lognormal, 2, 0.5),
       [](double x) { return std::erfc(-(std::log(x) - 2) / 0.5 / std::sqrt(2)) / 2; },
       std::exp(2.125), (std::exp(0.25) - 1) * std::exp(4.25)},
      {"gamma below 1", plain(Kind::gamma, 4, 0.5),
       [](double x) { return boost::math::gamma_p(0.5, x / 8); }, 4, 32},
      {"gamma above 1", plain(Kind::gamma, 4, 2.5),
       [](double x) { return boost::math::gamma_p(2.5, x / 1.6); }, 4, 6.4},
      {"erlang", plain(Kind::erlang, 12, 4),
       [](double x) { return boost::math::gamma_p(4., x / 3); }, 12, 36},
      {"erlang of many", plain(Kind::erlang, 20, 20),
       [](double x) { return boost::math::gamma_p(20., x); }, 20, 20},
      {"weibull", plain(Kind::weibull, 7, 2), [](double x) { return -std::expm1(-x * x / 49); },
       7 * g, 49 * (1 - g * g)},
      {"pareto", plain(Kind::pareto, 2, 5), [](double x) { return 1 - std::pow(x / 2, -5); }, 2.5,
       4 * 5 / (16. * 3)},
      {"hyperexp", of_parts(Kind::hyperexponential, {0.9, 0.1}, {exponential(1), exponential(50)}),
       [](double x) { return 0.9 * exponential_cdf(x, 1) + 0.1 * exponential_cdf(x, 50); }, 5.9,
       2 * (0.9 + 250) - 5.9 * 5.9},
      {"mixture", of_parts(Kind::mixture, {0.3, 0.7}, {plain(Kind::uniform, 0, 1), exponential(2)}),
       [](double x) { return 0.3 * std::min(x, 1.0) + 0.7 * exponential_cdf(x, 2); }, 1.55,
       0.3 / 3 + 0.7 * 8 - 1.55 * 1.55},
      {"shifted", shifted, [](double x) { return exponential_cdf(x - 5, 3); }, 8, 9},
  };
}

template <class Bits>
std::vector<double> drawn(const Distribution& law, std::size_t count, Bits bits) {
  std::vector<double> samples;
  for (std::size_t i = 0; i < count; ++i)
    samples.push_back(draw(law, bits));
  return samples;
}

}  // namespace

TEST_CASE("draws follow the law of their distribution") {
  for (const Case& each : cases()) {
    CAPTURE(each.name);
    CHECK(mean(each.law) == Approx(each.mean).epsilon(1e-12));
    CHECK(variance(each.law) == Approx(each.variance).epsilon(1e-12));
    CHECK(squared_cv(each.law) == Approx(each.variance / each.mean / each.mean).epsilon(1e-12));
    const auto samples = drawn(each.law, 40'000, sim::Stream(11, 0, each.name));
    CHECK(kolmogorov_smirnov(samples, each.cdf) < 1.95);
    check_mean(samples, each.mean);
    std::vector<double> squares;
    for (const double x : samples)
      squares.push_back((x - each.mean) * (x - each.mean));
    check_mean(squares, each.variance);
  }
}

TEST_CASE("draws that each have their own key follow the same law") {
  for (const Case& each : cases()) {
    CAPTURE(each.name);
    std::vector<double> samples;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
      sim::Keyed bits(sim::mix(sim::hash_name(each.name), i));
      samples.push_back(draw(each.law, bits));
    }
    CHECK(kolmogorov_smirnov(samples, each.cdf) < 1.95);
  }
}

TEST_CASE("the same key gives the same value") {
  for (const Case& each : cases()) {
    CHECK(drawn(each.law, 100, sim::Keyed(77)) == drawn(each.law, 100, sim::Keyed(77)));
    CHECK(drawn(each.law, 100, sim::Keyed(77)) != drawn(each.law, 100, sim::Keyed(78)));
  }
}

TEST_CASE("a constant takes no randomness") {
  sim::Stream bits(1), untouched(1);
  CHECK(draw(plain(Kind::constant, 2.5), bits) == 2.5);
  CHECK(bits() == untouched());
  CHECK(mean(plain(Kind::constant, 2.5)) == 2.5);
  CHECK(squared_cv(plain(Kind::constant, 2.5)) == 0);
  CHECK(squared_cv(plain(Kind::constant, 0)) == 0);
}

TEST_CASE("empirical values come as they are, as often as their weights say") {
  Distribution law = plain(Kind::empirical, 0);
  law.values = {1, 4, 10};
  law.weights = {0.5, 0.8, 1.0};
  CHECK(mean(law) == Approx(0.5 + 1.2 + 2));
  CHECK(variance(law) == Approx(0.5 + 0.3 * 16 + 20 - 3.7 * 3.7));
  sim::Stream bits(5);
  std::vector<double> ones, fours, tens;
  for (int i = 0; i < 30'000; ++i) {
    const double x = draw(law, bits);
    REQUIRE((x == 1 || x == 4 || x == 10));
    ones.push_back(x == 1);
    fours.push_back(x == 4);
    tens.push_back(x == 10);
  }
  check_mean(ones, 0.5);
  check_mean(fours, 0.3);
  check_mean(tens, 0.2);
  law.weights = {0.5, 0.8, 0.9999999};  // rounding of the last must not run off the end
  CHECK(drawn(law, 1000, sim::Stream(6)).size() == 1000);
}

TEST_CASE("heavy tails have the moments they have") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(mean(plain(Kind::pareto, 3, 1.5)) == Approx(9));
  CHECK(squared_cv(plain(Kind::pareto, 3, 1.5)) == infinity);
  const auto mixture =
      of_parts(Kind::mixture, {0.5, 0.5}, {plain(Kind::pareto, 3, 2), plain(Kind::constant, 1)});
  CHECK(squared_cv(mixture) == infinity);
}

TEST_CASE("durations and counts are rounded once and saturate") {
  sim::Stream bits(3);
  CHECK(draw_duration(plain(Kind::constant, 2.5), bits) == sim::Duration::ns(3));
  CHECK(draw_duration(plain(Kind::constant, 1e30), bits) == sim::Duration::forever());
  CHECK(draw_count(plain(Kind::constant, 2.4), bits) == 2);
  CHECK(draw_count(plain(Kind::constant, 1e30), bits) == INT64_MAX);
  std::vector<double> samples;
  const auto law = plain(Kind::exponential, 1000);
  for (int i = 0; i < 20'000; ++i) {
    samples.push_back(static_cast<double>(draw_duration(law, bits).count_ns()));
  }
  check_mean(samples, 1000);
}

}  // namespace headroom
