#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <catch2/catch.hpp>

namespace headroom {

/// For tests: the largest distance between the empirical distribution function of the samples and
/// `cdf`, times sqrt(n). Under the law of `cdf`, if continuous, it exceeds 1.95 once in 1,000
/// times. Source: Kolmogorov 1933; Smirnov 1948.
template <class Cdf>
double kolmogorov_smirnov(std::vector<double> samples, Cdf cdf) {
  std::sort(samples.begin(), samples.end());
  const auto n = static_cast<double>(samples.size());
  double largest = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double expected = cdf(samples[i]);
    largest = std::max({largest, static_cast<double>(i + 1) / n - expected,
                        expected - static_cast<double>(i) / n});
  }
  return largest * std::sqrt(n);
}

/// For tests: the mean of the samples is `expected` to within 4 standard errors.
inline void check_mean(const std::vector<double>& samples, double expected) {
  const auto n = static_cast<double>(samples.size());
  double sum = 0, squares = 0;
  for (const double sample : samples)
    sum += sample;
  for (const double sample : samples)
    squares += (sample - sum / n) * (sample - sum / n);
  CHECK(sum / n == Approx(expected).margin(4 * std::sqrt(squares / (n - 1) / n) + 1e-12));
}

}  // namespace headroom
