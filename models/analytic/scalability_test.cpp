#include "models/analytic/scalability.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

namespace headroom {
namespace {

TEST_CASE("SPEC SDM91: the published fit") {
  const std::vector<ScalabilityPoint> points{{1, 64.9},     {18, 995.9}, {36, 1652.4}, {72, 1853.2},
                                             {108, 1828.9}, {144, 1775}, {216, 1702.2}};
  const auto law = fit_scalability(points);
  REQUIRE(law);
  CHECK(law->contention == Approx(.0277285).epsilon(1e-3));
  CHECK(law->coherency == Approx(1.044e-4).epsilon(1e-3));
  CHECK(law->single == Approx(89.9952).epsilon(1e-3));
  CHECK(*law->peak() == Approx(96.52).epsilon(1e-3));
  CHECK(law->throughput(*law->peak()) == Approx(1884).epsilon(1e-3));
}

TEST_CASE("A ray tracer: no cost of pairs, which is a bound that is met") {
  std::vector<ScalabilityPoint> points{{1, 20}, {4, 78}};
  const double measured[] = {130, 170, 190, 200, 210, 230, 260, 280, 310};
  const double sizes[] = {8, 12, 16, 20, 24, 28, 32, 48, 64};
  for (int i = 0; i < 9; ++i)
    points.push_back({sizes[i], measured[i]});
  const auto law = fit_scalability(points);
  REQUIRE(law);
  CHECK(law->contention == Approx(.057771).epsilon(1e-2));
  CHECK(law->coherency == 0);
  CHECK(law->single == Approx(21.849).epsilon(1e-2));
  CHECK_FALSE(law->peak());
}

TEST_CASE("Made-up curves are found again, and too few points are refused") {
  for (const Scalability& truth : {Scalability{.05, 1e-3, 100}, Scalability{.3, 0, 7},
                                   Scalability{0, 2e-4, 1e6}, Scalability{0, 0, 3}}) {
    std::vector<ScalabilityPoint> points;
    for (double n = 1; n < 60; n *= 1.7)
      points.push_back({n, truth.throughput(n)});
    const auto law = fit_scalability(points);
    REQUIRE(law);
    CHECK(law->contention == Approx(truth.contention).margin(1e-7));
    CHECK(law->coherency == Approx(truth.coherency).margin(1e-9));
    CHECK(law->single == Approx(truth.single).epsilon(1e-6));
  }
  CHECK_FALSE(fit_scalability(std::vector<ScalabilityPoint>{{1, 2}, {2, 3}, {2, 3.1}}));
  CHECK_FALSE(fit_scalability(std::vector<ScalabilityPoint>{{1, 0}, {2, 3}, {3, 3.1}}));
}

}  // namespace
}  // namespace headroom
