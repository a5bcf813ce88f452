#include "models/moments.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace headroom {

namespace {

// Probability of value or part `i`. Those of an empirical distribution are given cumulated.
double weight_of(const Distribution& d, std::size_t i) {
  const bool cumulated = d.kind == Distribution::Kind::empirical && i > 0;
  return d.weights[i] - (cumulated ? d.weights[i - 1] : 0);
}

double mean_of(const Distribution& d, std::size_t i) {
  return d.kind == Distribution::Kind::empirical ? d.values[i] : mean(d.parts[i]);
}

double variance_of(const Distribution& d, std::size_t i) {
  return d.kind == Distribution::Kind::empirical ? 0 : variance(d.parts[i]);
}

double mixed_mean(const Distribution& d) {
  double sum = 0;
  for (std::size_t i = 0; i < d.weights.size(); ++i)
    sum += weight_of(d, i) * mean_of(d, i);
  return sum;
}

// The law of total variance, which does not cancel where the variance is small.
double mixed_variance(const Distribution& d) {
  const double centre = mixed_mean(d);
  double sum = 0;
  for (std::size_t i = 0; i < d.weights.size(); ++i) {
    const double weight = weight_of(d, i);
    if (weight <= 0) continue;  // of an infinite variance, say
    const double off = mean_of(d, i) - centre;
    sum += weight * (variance_of(d, i) + off * off);
  }
  return sum;
}

double weibull_variance(double scale, double shape) {
  const double first = std::tgamma(1 + 1 / shape);
  return scale * scale * (std::tgamma(1 + 2 / shape) - first * first);
}

double pareto_variance(double least, double shape) {
  if (shape <= 2) return std::numeric_limits<double>::infinity();
  return least * least * shape / ((shape - 1) * (shape - 1) * (shape - 2));
}

}  // namespace

double mean(const Distribution& d) {
  using Kind = Distribution::Kind;
  switch (d.kind) {
    case Kind::constant:
    case Kind::exponential:
    case Kind::gamma:
    case Kind::erlang:
      return d.a;
    case Kind::uniform:
      return (d.a + d.b) / 2;
    case Kind::lognormal:
      return std::exp(d.a + d.b * d.b / 2);
    case Kind::weibull:
      return d.a * std::tgamma(1 + 1 / d.b);
    case Kind::pareto:
      return d.b > 1 ? d.a * d.b / (d.b - 1) : std::numeric_limits<double>::infinity();
    case Kind::hyperexponential:
    case Kind::mixture:
    case Kind::empirical:
      return mixed_mean(d);
    case Kind::shifted:
      return d.a + mean(d.parts.front());
  }
  return 0;
}

double variance(const Distribution& d) {
  using Kind = Distribution::Kind;
  switch (d.kind) {
    case Kind::constant:
      return 0;
    case Kind::exponential:
      return d.a * d.a;
    case Kind::gamma:
    case Kind::erlang:
      return d.a * d.a / d.b;
    case Kind::uniform:
      return (d.b - d.a) * (d.b - d.a) / 12;
    case Kind::lognormal:
      return std::expm1(d.b * d.b) * std::exp(2 * d.a + d.b * d.b);
    case Kind::weibull:
      return weibull_variance(d.a, d.b);
    case Kind::pareto:
      return pareto_variance(d.a, d.b);
    case Kind::hyperexponential:
    case Kind::mixture:
    case Kind::empirical:
      return mixed_variance(d);
    case Kind::shifted:
      return variance(d.parts.front());
  }
  return 0;
}

double squared_cv(const Distribution& distribution) {
  const double centre = mean(distribution);
  if (centre <= 0) return 0;
  return variance(distribution) / centre / centre;
}

double least(const Distribution& d) {
  using Kind = Distribution::Kind;
  double smallest = std::numeric_limits<double>::infinity();
  switch (d.kind) {
    case Kind::constant:
    case Kind::uniform:
    case Kind::pareto:
      return d.a;
    case Kind::shifted:
      return d.a + least(d.parts[0]);
    case Kind::mixture:
      for (std::size_t i = 0; i < d.parts.size(); ++i)
        if (d.weights[i] > 0) smallest = std::min(smallest, least(d.parts[i]));
      return smallest;
    case Kind::empirical:
      for (const double value : d.values)
        smallest = std::min(smallest, value);
      return smallest;
    default:
      return 0;
  }
}

}  // namespace headroom
