#pragma once

#include <span>

#include "sim/stats/intervals.hpp"

namespace headroom::sim {

/// The spread of single values and how far it leans: their variance and third central moment,
/// without bias from the few they are. Those of independent values add. Source: Fisher 1930.
struct Spread {
  double variance = 0, third = 0;

  double skewness() const;
};
/// Two or more values; the third moment is 0 with two.
Spread spread_of(std::span<const double> values);

/// How many standard errors the truth is below an estimate, for the quantile t of Student and
/// a = skewness / sqrt(n): the z at which z + a z^2 / 3 + a^2 z^3 / 27 + a / 6 is t.
/// Source: Hall 1992 (removal of skewness by transformation).
double skewed_factor(double t, double a);

/// The mean of n >= 2 values of that spread, about another centre. Each side is the further one of
/// Student's, too near on the long side of what leans, and of Hall's, too near where few values
/// seem to lean and do not. A difference of two tails, each of them long to the right, is of the
/// one or the other kind.
Interval leaning_interval(double centre, const Spread& spread, std::uint64_t n,
                          double confidence = default_confidence);

}  // namespace headroom::sim
