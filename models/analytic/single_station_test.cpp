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

TEST_CASE("M/M/c: the exact figures, quantiles too") {
  CHECK(mmc_sojourn(.95, 1, 1) == Approx(20));
  CHECK(mmc_sojourn_quantile(.95, 1, 1, .99) == Approx(92.1034).margin(5.1e-5));
  CHECK(mmc_sojourn_quantile(.8, 1, 1, .999) == Approx(34.5388).margin(5.1e-5));
  struct Row {
    std::uint64_t c;
    double rate, waits, wait, p99;
  };
  for (const auto& row :
       {Row{2, 1.6, .711111, 1.777778, 11.9374}, Row{4, 3.6, .787753, 1.969383, 12.1932},
        Row{10, 8, .409180, .204590, 4.9461}, Row{16, 14, .508482, .254241, 5.0140},
        Row{100, 95, .506457, .101291, 4.7244}}) {
    CHECK(erlang_c(row.c, row.rate) == Approx(row.waits).margin(5.1e-7));
    CHECK(mmc_sojourn(row.rate, 1, row.c) - 1 == Approx(row.wait).margin(5.1e-7));
    CHECK(mmc_sojourn_quantile(row.rate, 1, row.c, .99) == Approx(row.p99).margin(5.1e-5));
  }
  CHECK(mmc_sojourn_quantile(8, 1, 10, .95) == Approx(3.3283).margin(5.1e-5));
  CHECK(mmc_wait_quantile(8, 1, 10, .99) == Approx(1.8558).margin(5.1e-5));
  CHECK(mmc_wait_quantile(14, 1, 16, .99) == Approx(1.9644).margin(5.1e-5));
  CHECK(mmc_wait_quantile(8, 1, 10, .5) == 0);
  // c mu - rate equal to mu: the two exponentials fall together.
  CHECK(mmc_sojourn_quantile(1, 1, 2, .9) ==
        Approx(mmc_sojourn_quantile(1 + 1e-7, 1, 2, .9)).epsilon(1e-6));
}

TEST_CASE("M/G/1: the exact figures") {
  const double lognormal = std::exp(1.0) - 1;
  CHECK(mg1_sojourn(.5, 1, 0) - 1 == Approx(.5));
  CHECK(mg1_sojourn(.5, 1, .5) - 1 == Approx(.75));
  CHECK(mg1_sojourn(.5, 1, 1. / 3) - 1 == Approx(.666667).margin(5.1e-7));
  CHECK(mg1_sojourn(.5, 1, lognormal) - 1 == Approx(1.359141).margin(5.1e-7));
  CHECK(mg1_sojourn(.8, 1, .25) - 1 == Approx(2.5));
  CHECK(mg1_sojourn(.8, 1, 4) - 1 == Approx(10));
  CHECK(mg1_sojourn(.9, 1, 0) - 1 == Approx(4.5));
}

TEST_CASE("Priorities: the exact figures, and nothing is gained by order alone") {
  using Classes = std::vector<PriorityClass>;
  const auto two = priority_sojourns(Classes{{.3, 1, 1}, {.5, 1, 1}});
  CHECK(two[0] - 1 == Approx(1.142857).margin(5.1e-7));
  CHECK(two[1] - 1 == Approx(5.714286).margin(5.1e-7));
  const auto three = priority_sojourns(Classes{{.2, 1, 1}, {.3, 1, 1}, {.4, 1, 1}});
  CHECK(three[0] - 1 == Approx(1.125));
  CHECK(three[1] - 1 == Approx(2.25));
  CHECK(three[2] - 1 == Approx(18));
  const auto interrupted = preemptive_sojourns(Classes{{.3, 1, 1}, {.5, 1, 1}});
  CHECK(interrupted[0] == Approx(1.428571).margin(5.1e-7));
  CHECK(interrupted[1] == Approx(7.142857).margin(5.1e-7));
  const auto of_three = preemptive_sojourns(Classes{{.2, 1, 1}, {.3, 1, 1}, {.4, 1, 1}});
  CHECK(of_three[0] == Approx(1.25));
  CHECK(of_three[1] == Approx(2.5));
  CHECK(of_three[2] == Approx(20));
  // Equal service, whatever its law: the mean over all is that of M/G/1 (conservation).
  const auto constant = priority_sojourns(Classes{{.3, 1, .3}, {.5, 1, .3}});
  CHECK((.3 * constant[0] + .5 * constant[1]) / .8 == Approx(mg1_sojourn(.8, 1, .3)));
}

TEST_CASE("Sharing evenly: five times the service at 80 %") {
  CHECK(sharing_sojourn(.8, 1, 1) == Approx(5));
}

}  // namespace headroom
