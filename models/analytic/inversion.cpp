#include "models/analytic/inversion.hpp"

#include <cmath>
#include <numbers>

namespace headroom {

namespace {

using Complex = std::complex<double>;

}  // namespace

double inverse_laplace(const std::function<Complex(Complex)>& transform, double t) {
  constexpr double discretisation = 18.4;  // an error of exp(-18.4), 1e-8
  constexpr int terms = 24, averaged = 12;
  const double scale = std::exp(discretisation / 2) / t;
  const auto term = [&](int k) {
    const Complex at(discretisation / (2 * t), k * std::numbers::pi / t);
    return (k % 2 == 0 ? 1 : -1) * transform(at).real();
  };
  double sum = term(0) / 2;
  for (int k = 1; k <= terms; ++k)
    sum += term(k);
  // Euler's summation: the partial sums that follow, in binomial weights.
  double result = 0, weight = std::pow(2.0, -averaged);
  for (int k = 0; k <= averaged; ++k) {
    result += weight * sum;
    sum += term(terms + k + 1);
    weight *= static_cast<double>(averaged - k) / (k + 1);
  }
  return scale * result;
}

double mg1_gamma_sojourn_quantile(double rate, double service, double squared_cv, double p) {
  const double shape = 1 / squared_cv, scale = service * squared_cv;
  const auto beyond = [&](double t) {
    return inverse_laplace(
        [&](Complex s) {
          const Complex served = std::pow(1.0 + scale * s, -shape);
          const Complex sojourn = (1 - rate * service) * s * served / (s - rate + rate * served);
          return (1.0 - sojourn) / s;
        },
        t);
  };
  double low = 0, high = service;
  while (beyond(high) > 1 - p)
    high *= 2;
  for (int halved = 0; halved < 60; ++halved) {
    const double middle = (low + high) / 2;
    (beyond(middle) > 1 - p ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace headroom
