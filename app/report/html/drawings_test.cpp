#include "app/report/html/drawings.hpp"

#include <catch2/catch.hpp>

namespace headroom::html {

namespace {

/// The number of an attribute after the first `before`.
double number_after(const std::string& svg, const std::string& before, const std::string& name) {
  const std::size_t element = svg.find(before);
  REQUIRE(element != std::string::npos);
  const std::size_t at = svg.find(" " + name + "=\"", element);
  REQUIRE(at != std::string::npos);
  return std::stod(svg.substr(at + name.size() + 3));
}

constexpr auto interval = "class=\"interval\"", limit = "class=\"limit\"", dot = "class=\"dot";

}  // namespace

TEST_CASE("The interval lies on the side of the limit on which it is") {
  const std::string met = interval_drawing({0.1, 0.09, 0.11, 10, {}}, 0.25, true, Verdict::met);
  const double end = number_after(met, interval, "x") + number_after(met, interval, "width");
  CHECK(end < number_after(met, limit, "x1"));
  CHECK(number_after(met, dot, "cx") > number_after(met, interval, "x"));
  CHECK(number_after(met, dot, "cx") < end);

  const Figure straddles{0.25, 0.2, 0.3, 10, {}};
  const std::string undecided = interval_drawing(straddles, 0.26, true, Verdict::undecided);
  CHECK(number_after(undecided, interval, "x") < number_after(undecided, limit, "x1"));
  CHECK(undecided.find("dot open") != std::string::npos);

  // A lozenge, so that the colour is not needed.
  const std::string missed = interval_drawing({0.5, 0.4, 0.6, 10, {}}, 0.1, true, Verdict::missed);
  CHECK(missed.find("<path class=\"dot\"") != std::string::npos);
  CHECK(missed.find("<circle") == std::string::npos);
}

TEST_CASE("The forbidden side is that which the requirement forbids") {
  const Figure figure{0.5, 0.4, 0.6, 10, {}};
  const std::string at_most = interval_drawing(figure, 0.55, true, Verdict::undecided);
  const std::string at_least = interval_drawing(figure, 0.55, false, Verdict::undecided);
  CHECK(number_after(at_most, "class=\"forbidden\"", "x") == number_after(at_most, limit, "x1"));
  CHECK(number_after(at_least, "class=\"forbidden\"", "x") == 0);
}

TEST_CASE("Drawings below each other share their scale") {
  const Figure small{0.01, {}, {}, 10, {}};
  const Figure large{0.9, {}, {}, 10, {}};
  const std::vector<Figure> both{small, large};
  const std::string one = interval_drawing(small, 0.25, true, Verdict::met, both);
  const std::string other = interval_drawing(large, 0.25, true, Verdict::missed, both);
  CHECK(number_after(one, limit, "x1") == number_after(other, limit, "x1"));
  CHECK(one.find(interval) == std::string::npos);
}

TEST_CASE("A share has a tick for each replica, and none where there is one") {
  const auto ticks = [](const std::string& svg) {
    std::size_t count = 0;
    for (std::size_t at = svg.find("\"tick\""); at != std::string::npos;
         at = svg.find("\"tick\"", at + 1))
      ++count;
    return count;
  };
  const Figure half{0.5, 0.45, 0.55, 10, {}};
  CHECK(ticks(share_drawing(half, {half, half, half})) == 3);
  CHECK(ticks(share_drawing(half, {half})) == 0);
  CHECK(ticks(share_drawing(half, std::vector<Figure>(60, half))) == 2);
  CHECK(share_drawing(Figure::none("unlimited"), {}).empty());
}

}  // namespace headroom::html
