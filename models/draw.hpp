#pragma once

#include <cstdint>

#include <boost/random/exponential_distribution.hpp>

#include "models/distribution.hpp"
#include "models/moments.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

namespace detail {
/// A standard exponential. Source: Marsaglia, Tsang 2000 (ziggurat), by Boost.Random.
template <class Bits>
double draw_exponential(Bits& bits) {
  return boost::random::exponential_distribution<double>()(bits);
}
/// Any kind. Compiled for sim::Stream and sim::Keyed.
template <class Bits>
double draw_any(const Distribution& distribution, Bits& bits);
extern template double draw_any(const Distribution&, sim::Stream&);
extern template double draw_any(const Distribution&, sim::Keyed&);
}  // namespace detail

/// A value of the distribution in its base unit (ns, bytes, 1); never negative, possibly infinite
/// where a heavy tail overflows. `Bits` is sim::Stream or sim::Keyed. How many bits it takes may
/// differ from draw to draw: give values that must not disturb one another each their own key.
template <class Bits>
double draw(const Distribution& distribution, Bits& bits) {
  using Kind = Distribution::Kind;
  if (distribution.kind == Kind::constant) return distribution.a;
  if (distribution.kind == Kind::exponential)
    return distribution.a * detail::draw_exponential(bits);
  return detail::draw_any(distribution, bits);
}

/// A time of a distribution in nanoseconds, rounded once; what does not fit becomes `forever()`.
template <class Bits>
sim::Duration draw_duration(const Distribution& distribution, Bits& bits) {
  return sim::Duration::rounded_ns(draw(distribution, bits));
}

/// A whole number (bytes, say), rounded to the nearest; what does not fit becomes INT64_MAX.
template <class Bits>
std::int64_t draw_count(const Distribution& distribution, Bits& bits) {
  return sim::Duration::rounded_ns(draw(distribution, bits)).count_ns();
}

}  // namespace headroom
