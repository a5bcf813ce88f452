#include "app/cli/refine.hpp"

#include <catch2/catch.hpp>

using namespace headroom;

namespace {

MapPoint at(std::vector<double> x, Verdict verdict, double height = 1) {
  return {std::move(x), verdict, height};
}

}  // namespace

TEST_CASE("a map is refined where the verdict changes", "[refine]") {
  const std::vector<MapPoint> line{at({0}, Verdict::met), at({1}, Verdict::met, 9),
                                   at({2}, Verdict::missed, 9), at({4}, Verdict::missed, 9)};
  const auto gap = gap_to_divide(line, {});
  REQUIRE(gap);
  CHECK(gap->low == 1);
  CHECK(gap->high == 2);
  const auto next = gap_to_divide(line, {*gap});
  REQUIRE(next);
  CHECK(next->low == 0);  // No other change of verdict: where the height changes.
}

TEST_CASE("bisection closes in on a threshold", "[refine]") {
  const double threshold = 0.7371;
  const auto verdict = [&](double x) { return x < threshold ? Verdict::met : Verdict::missed; };
  std::vector<MapPoint> points{at({0}, verdict(0)), at({1}, verdict(1))};
  for (int i = 0; i < 12; ++i) {
    const auto gap = gap_to_divide(points, {});
    REQUIRE(gap);
    const double x = (points[gap->low].x[0] + points[gap->high].x[0]) / 2;
    points.push_back(at({x}, verdict(x)));
  }
  const auto gap = gap_to_divide(points, {});
  REQUIRE(gap);
  CHECK(points[gap->high].x[0] - points[gap->low].x[0] == Approx(1.0 / 4096));
  CHECK(points[gap->low].x[0] < threshold);
  CHECK(points[gap->high].x[0] >= threshold);
}

TEST_CASE("on a grid neighbours are those of one line", "[refine]") {
  const std::vector<MapPoint> grid{at({0, 0}, Verdict::met), at({0, 10}, Verdict::met),
                                   at({1, 0}, Verdict::met), at({1, 10}, Verdict::missed)};
  const auto gap = gap_to_divide(grid, {});
  REQUIRE(gap);
  CHECK(gap->high == 3);
  const auto other = gap_to_divide(grid, {*gap});
  REQUIRE(other);
  CHECK(other->high == 3);
  CHECK(other->axis != gap->axis);
  CHECK_FALSE(gap_to_divide({}, {}));
  CHECK_FALSE(gap_to_divide({at({1}, Verdict::met)}, {}));
}

TEST_CASE("a value between two keeps their unit", "[refine]") {
  CHECK(value_between("100/s", "200/s") == "150/s");
  CHECK(value_between("0.5", "2") == "1.25");
  CHECK(value_between("0.971429", "1.12857") == "1.05");
  CHECK_FALSE(value_between("100/s", "1k/s"));
  CHECK_FALSE(value_between("lru", "fifo"));
}
