#pragma once

#include <complex>
#include <functional>

namespace headroom {

/// The value at `t` > 0 of the function with this Laplace transform, smooth there: within about
/// 1e-8 for functions of the order of 1. Source: Abate, Whitt 1995, "Numerical inversion of Laplace
/// transforms of probability distributions" (algorithm Euler).
double inverse_laplace(const std::function<std::complex<double>(std::complex<double>)>& transform,
                       double t);

/// The time that no more than a share 1 - p of the sojourns in M/G/1 exceeds, first come first
/// served, where service times follow a gamma law of this mean and squared coefficient of variation
/// (above 0); rate x service < 1, 0 < p < 1. Source: Pollaczek-Khinchine transform, Takagi 1991.
double mg1_gamma_sojourn_quantile(double rate, double service, double squared_cv, double p);

}  // namespace headroom
