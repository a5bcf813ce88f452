#include "models/popularity.hpp"

#include "sim/kernel/check.hpp"

namespace headroom {

Popularity::Popularity(std::uint64_t items, double exponent)
    : items_(items), exponent_(exponent), last_(static_cast<double>(items)) {
  HEADROOM_CHECK(items >= 1 && items <= std::uint64_t{1} << 52);
  HEADROOM_CHECK(exponent >= 0 && exponent <= 20);
  first_area_ = area_to(1.5) - 1;
  last_area_ = area_to(last_ + 0.5);
  sure_ = 2 - inverse_area(area_to(2.5) - weight(2));
}

double Popularity::area_to(double x) const {
  const double log_x = std::log(x);
  const double power = (1 - exponent_) * log_x;
  return power == 0 ? log_x : std::expm1(power) / power * log_x;
}

double Popularity::inverse_area(double area) const {
  // An area may be a rounding error beyond where the integral ends, which rank 1 is far from.
  const double power = std::fmax((1 - exponent_) * area, -1);
  return std::exp(power == 0 ? area : std::log1p(power) / power * area);
}

std::vector<double> zipf_probabilities(std::uint64_t items, double exponent) {
  std::vector<double> probabilities(items);
  double sum = 0;
  for (std::uint64_t i = items; i-- > 0;)  // The smallest first: their sum loses least.
    sum += probabilities[i] = std::pow(static_cast<double>(i + 1), -exponent);
  for (double& probability : probabilities)
    probability /= sum;
  return probabilities;
}

}  // namespace headroom
