#include "models/analytic/inversion.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/analytic/single_station.hpp"

namespace headroom {

TEST_CASE("transforms are inverted: exponential, its integral, gamma") {
  for (const double t : {0.1, 1.0, 3.0, 10.0}) {
    CHECK(inverse_laplace([](auto s) { return 1.0 / (s + 1.0); }, t) ==
          Approx(std::exp(-t)).margin(2e-8));
    CHECK(inverse_laplace([](auto s) { return 1.0 / (s * (s + 1.0)); }, t) ==
          Approx(1 - std::exp(-t)).margin(2e-8));
    CHECK(inverse_laplace([](auto s) { return 1.0 / ((s + 1.0) * (s + 1.0) * (s + 1.0)); }, t) ==
          Approx(t * t / 2 * std::exp(-t)).margin(2e-8));
  }
}

TEST_CASE(
    "percentiles of the sojourn in M/G/1: exponential work, and Little's mean by integration") {
  for (const double load : {0.1, 0.5, 0.9})
    for (const double p : {0.5, 0.9, 0.99})
      CHECK(mg1_gamma_sojourn_quantile(load, 1, 1, p) ==
            Approx(mmc_sojourn_quantile(load, 1, 1, p)).epsilon(1e-5));
  // The mean is the integral of the quantile over p.
  for (const double squared_cv : {0.25, 4.0}) {
    double mean = 0;
    constexpr int steps = 4000;
    for (int step = 0; step < steps; ++step)
      mean += mg1_gamma_sojourn_quantile(0.7, 1, squared_cv, (step + 0.5) / steps) / steps;
    CHECK(mean == Approx(mg1_sojourn(0.7, 1, squared_cv)).epsilon(0.005));
  }
}

}  // namespace headroom
