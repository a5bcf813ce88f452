#include "sim/stats/leaning.hpp"

#include <algorithm>
#include <cmath>

#include "sim/kernel/check.hpp"

namespace headroom::sim {

double Spread::skewness() const {
  return variance > 0 ? third / std::pow(variance, 1.5) : 0;
}

Spread spread_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  HEADROOM_CHECK(values.size() >= 2);
  double mean = 0;
  for (const double value : values)
    mean += value / n;
  Spread spread;
  for (const double value : values) {
    spread.variance += std::pow(value - mean, 2) / (n - 1);
    if (values.size() > 2) spread.third += std::pow(value - mean, 3) * n / (n - 1) / (n - 2);
  }
  return spread;
}

double skewed_factor(double t, double a) {
  if (std::abs(a) < 1e-6) return t;  // the root would cost digits
  return 3 / a * (std::cbrt(1 + a * (t - a / 6)) - 1);
}

Interval leaning_interval(double centre, const Spread& spread, std::uint64_t n, double confidence) {
  HEADROOM_CHECK(n >= 2 && confidence > 0 && confidence < 1);
  const double root = std::sqrt(static_cast<double>(n));
  const double error = std::sqrt(spread.variance) / root;
  const double a = spread.skewness() / root;
  const double t = student_quantile(0.5 + confidence / 2, n - 1);
  return {centre, centre - std::max(t, skewed_factor(t, a)) * error,
          centre + std::max(t, -skewed_factor(-t, a)) * error};
}

}  // namespace headroom::sim
