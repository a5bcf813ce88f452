#include "models/draw.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <boost/random/gamma_distribution.hpp>
#include <boost/random/normal_distribution.hpp>

namespace headroom::detail {

namespace {

// Chosen: below this many phases a sum of ziggurat exponentials is cheaper than a gamma variate.
constexpr double phases_summed = 8;

template <class Bits>
double draw_gamma(double mean, double shape, Bits& bits) {
  return boost::random::gamma_distribution<double>(shape, mean / shape)(bits);
}

template <class Bits>
double draw_erlang(double mean, double phases, Bits& bits) {
  if (phases > phases_summed) return draw_gamma(mean, phases, bits);
  double sum = 0;
  for (double i = 0; i < phases; ++i)
    sum += draw_exponential(bits);
  return sum * (mean / phases);
}

// The last part takes what rounding leaves of the weights.
template <class Bits>
double draw_part(const Distribution& mixture, Bits& bits) {
  double left = bits.uniform();
  std::size_t chosen = 0;
  while (chosen + 1 < mixture.parts.size() && left >= mixture.weights[chosen]) {
    left -= mixture.weights[chosen++];
  }
  return draw(mixture.parts[chosen], bits);
}

template <class Bits>
double draw_value(const Distribution& empirical, Bits& bits) {
  const auto& up_to = empirical.weights;
  const double rank = bits.uniform();
  const auto found = std::upper_bound(up_to.begin(), up_to.end() - 1, rank);
  return empirical.values[static_cast<std::size_t>(found - up_to.begin())];
}

}  // namespace

template <class Bits>
double draw_any(const Distribution& d, Bits& bits) {
  using Kind = Distribution::Kind;
  switch (d.kind) {
    case Kind::constant:
    case Kind::exponential:
      return draw(d, bits);
    case Kind::uniform:
      return d.a + (d.b - d.a) * bits.uniform();
    case Kind::lognormal:
      return std::exp(d.a + d.b * boost::random::normal_distribution<double>()(bits));
    case Kind::gamma:
      return draw_gamma(d.a, d.b, bits);
    case Kind::erlang:
      return draw_erlang(d.a, d.b, bits);
    // A Weibull is a power of an exponential, the logarithm of a Pareto is one.
    case Kind::weibull:
      return d.a * std::pow(draw_exponential(bits), 1 / d.b);
    case Kind::pareto:
      return d.a * std::exp(draw_exponential(bits) / d.b);
    case Kind::hyperexponential:
    case Kind::mixture:
      return draw_part(d, bits);
    case Kind::shifted: {
      const double value = draw(d.parts.front(), bits);
      return d.a + value;
    }
    case Kind::empirical:
      return draw_value(d, bits);
  }
  return 0;
}

template double draw_any(const Distribution&, sim::Stream&);
template double draw_any(const Distribution&, sim::Keyed&);

}  // namespace headroom::detail
