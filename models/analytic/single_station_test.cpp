#include "models/analytic/single_station.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace headroom {

TEST_CASE("Erlang's C of tables, and its ends") {
  CHECK(erlang_c(1, 0.8) == Approx(0.8));
  // Two servers: 2 rho^2 / (1 + rho).
  CHECK(erlang_c(2, 1.2) == Approx(2 * 0.36 / 1.6));
  CHECK(erlang_c(10, 8) == Approx(0.40918015).epsilon(1e-7));
  CHECK(erlang_c(5, 0) == 0);
  CHECK(erlang_c(1'000'000, 500'000) < 1e-100);
}

TEST_CASE("Erlang's C by its sum is that by recursion") {
  for (const std::uint64_t c : {1, 3, 20}) {
    for (const double share : {0.1, 0.7, 0.99}) {
      const double offered = share * static_cast<double>(c);
      double term = 1, sum = 0;
      for (std::uint64_t k = 0; k < c; ++k) {
        sum += term;
        term *= offered / static_cast<double>(k + 1);
      }
      const double waits = term / (1 - share);
      CHECK(erlang_c(c, offered) == Approx(waits / (sum + waits)).epsilon(1e-12));
    }
  }
}

TEST_CASE("M/M/1 is M/M/c with one server and M/G/1 with exponential times") {
  CHECK(mmc_sojourn(80, 0.01, 1) == Approx(0.05));
  CHECK(mg1_sojourn(80, 0.01, 1) == Approx(0.05));
  CHECK(mg1_sojourn(80, 0.01, 0) == Approx(0.03));  // constant times wait half as long
  CHECK(mmc_sojourn(1e-9, 0.01, 7) == Approx(0.01));
}

}  // namespace headroom
