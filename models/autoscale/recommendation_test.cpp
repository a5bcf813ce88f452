#include "models/autoscale/recommendation.hpp"

#include <catch2/catch.hpp>

namespace headroom {
namespace {

TEST_CASE("The published rule, by hand") {
  const struct {
    std::uint32_t current, ready;
    double measured, target;
    std::uint32_t wanted;
  } rows[] = {
      {4, 4, 1.00, 0.50, 8},     // 4 x 2
      {4, 4, 0.30, 0.60, 2},     // 4 x 0.5
      {3, 3, 0.90, 0.60, 5},     // 4.5, up
      {10, 10, 0.65, 0.60, 10},  // 1.083: within a tenth
      {10, 10, 0.67, 0.60, 12},  // 11.17, up
      {10, 10, 0.55, 0.60, 10},  // 0.917: within a tenth
      {10, 10, 0.50, 0.60, 9},   // 8.33, up
      {5, 5, 0, 0.60, 0},        // limits are another matter
      {3, 3, 0.70, 0.70, 3},
      {8, 4, 1.00, 0.50, 8},  // 4 start already: with those idle the ratio is 1
      {6, 4, 1.00, 0.50, 8},  // 2 start, two more are needed
      {8, 4, 0.75, 0.50, 8},  // with those idle the ratio is 0.75: no shrinking on the way up
      {8, 4, 0.25, 0.50, 2},  // on the way down only the ready ones count
      {4, 0, 0, 0.50, 4},     // nothing is measured
  };
  for (const auto& row : rows) {
    INFO(row.current << " " << row.ready << " " << row.measured);
    CHECK(recommended({row.current, row.ready, row.measured}, row.target, 0.1) == row.wanted);
  }
}

TEST_CASE("A pool shrinks to the most that was wanted within the window, and grows at once") {
  Stabilization stabilization(sim::Duration::seconds(60));
  const auto at = [](std::int64_t s) { return sim::Time() + sim::Duration::seconds(s); };
  stabilization.begin(at(0), 4);
  CHECK(stabilization.steady(at(15), 4, 8) == 8);
  CHECK(stabilization.steady(at(30), 8, 3) == 8);
  CHECK(stabilization.steady(at(45), 8, 5) == 8);
  CHECK(stabilization.steady(at(75), 8, 2) == 8);  // the 8 of 15 s is 60 s old: still in it
  CHECK(stabilization.steady(at(90), 8, 2) == 5);
  CHECK(stabilization.steady(at(105), 5, 2) == 5);
  CHECK(stabilization.steady(at(120), 5, 2) == 2);
}

}  // namespace
}  // namespace headroom
