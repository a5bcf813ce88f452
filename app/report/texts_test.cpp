#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "app/report/bandwidth_text.hpp"
#include "app/report/numbers.hpp"
#include "app/report/sweep.hpp"
#include "app/report/sweep_text.hpp"
#include "app/report/text_table.hpp"
#include "app/report/theory_text.hpp"
#include "app/scenario/sources.hpp"

namespace headroom {

TEST_CASE("Numbers have three digits, a unit and their interval") {
  CHECK(number_text(0.2264, Measure::seconds) == "226 ms");
  CHECK(number_text(0.9999, Measure::seconds) == "1.00 s");
  CHECK(number_text(1.5e-6, Measure::seconds) == "1.50 us");
  CHECK(number_text(12345.6, Measure::per_s) == "12,346 /s");
  CHECK(number_text(0.01234, Measure::share) == "1.23 %");
  CHECK(number_text(0, Measure::number) == "0");
  CHECK(figure_text({0.226, 0.220, 0.232, 10, {}}, Measure::seconds) == "226 ±6 ms");
  CHECK(figure_text({0.226, 0.2259, 0.2261, 10, {}}, Measure::seconds) == "226 ±0.1 ms");
  CHECK(figure_text({0.02, 0.01, 0.05, 10, {}}, Measure::share) == "2.00 [1.00, 5.00] %");
  CHECK(figure_text({0.330, 0.010, 0.670, 10, {}}, Measure::number) == "0.330 [0.010, 0.670]");
  CHECK(figure_text({1e-10, 1e-10 - 8e-6, 1e-10 + 8e-6, 10, {}}, Measure::seconds) ==
        "0.00 ±8.00 us");
  CHECK(figure_text(Figure::plain(0.226, 1), Measure::seconds) == "226 ±? ms");
  CHECK(figure_text(Figure::none("no samples"), Measure::seconds) == "-");
  CHECK(figure_text({0.2, 0.2, 0.2, 10, {}}, Measure::share) == "20.0 ±0.0 %");
  CHECK(figure_text({0.2, 0.2 - 3e-17, 0.2 + 3e-17, 10, {}}, Measure::share) == "20.0 ±0.0 %");
  CHECK(figure_text({0.2, 0.2 - 3e-17, 0.2, 10, {}}, Measure::share) == "20.0 ±0.0 %");
  CHECK(count_text(1234567) == "1,234,567");
  CHECK(count_text(123) == "123");
  CHECK(length_text(600) == "10 min");
  CHECK(length_text(200) == "200 s");
  CHECK(length_text(0.0123) == "12.3 ms");
  CHECK(length_text(20'000 * 86'400.0) == "20,000 d");
  CHECK(number_text(1e-6, Measure::per_s) == "0.00000100 /s");
  CHECK(figure_text({1.3e-9, 1.2e-9, 1.4e-9, 10, {}}, Measure::share) ==
        "0.000000130 ±0.000000010 %");
}

TEST_CASE("Tables are aligned by characters, colours aside, and fit the width") {
  TextTable table;
  table.column("NAME");
  table.column("value");
  table.row({"a", "1 ±2"});
  table.row({"bcd", {"10 ±20", &Paint::red}});
  CHECK(table.text(Paint(false)) == "NAME   value\na       1 ±2\nbcd   10 ±20\n");
  CHECK(table.text(Paint(true)).find("\x1b[31m10 ±20\x1b[0m") != std::string::npos);

  TextTable wide;
  wide.column("n");
  for (int column = 0; column < 12; ++column)
    wide.column("a long heading");
  wide.row({"x"});
  const std::string text = wide.text(Paint(false));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    CHECK(count_characters(std::string_view(text).substr(at, end - at)) <= text_width);
    at = end + 1;
  }
}

TEST_CASE("Services without a closed form are told by the reason that they share") {
  std::vector<HeldTheory> held;
  for (int service = 0; service < 40; ++service)
    held.push_back({{fmt::format("svc-{:02}", service), "", "a network that takes time"}, {}});
  held.push_back({{"db", "", "several replicas"}, {}});
  const std::string text = further_theory_text(held);
  const std::string why = "network";
  CHECK(text.find(why) != std::string::npos);
  CHECK(text.find(why) == text.rfind(why));
  CHECK(text.find("svc-00, svc-01") != std::string::npos);
  CHECK(text.find("and 32 more") != std::string::npos);
  CHECK(text.find("db (several replicas)") != std::string::npos);
}

TEST_CASE("Bytes a second are told as links are") {
  CHECK(bandwidth_text({12.5e6, 12.2e6, 12.8e6, 10, {}}) == "12.5 ±0.3 MB/s");
  CHECK(bandwidth_text(Figure::none("no samples")) == "-");
}

TEST_CASE("Prose keeps units with their numbers") {
  CHECK(wrapped("it takes 400 /s.", 2, 13) == "it takes\n  400 /s.");
}

namespace {

SweepPoint point(double x, double p99, Verdict verdict = Verdict::met) {
  SweepPoint made;
  made.x = x;
  made.at = {{"run.load", std::to_string(x)}};
  ClientSummary client;
  client.latency_s.percentiles = {{50, Figure::plain(p99 / 2, 10)}, {99, Figure::plain(p99, 10)}};
  made.summary.workloads.push_back(client);
  made.summary.slos.push_back({"fast", "p99 < 1s", {}, verdict});
  return made;
}

}  // namespace

TEST_CASE("The knee of 1 / (1 - load) is where its slope is that of the whole") {
  std::vector<SweepPoint> points;
  for (int i = 0; i <= 90; ++i)
    points.push_back(point(i / 100.0, 1 / (1 - i / 100.0)));
  // Furthest below the chord from (0, 1) to (0.9, 10): slope 1 / (1 - x)^2 = 10, x = 1 -
  // 1/sqrt(10).
  REQUIRE(knee(points));
  CHECK(*points[*knee(points)].x == Approx(0.684).margin(0.006));

  std::vector<SweepPoint> straight;
  for (int i = 0; i <= 10; ++i)
    straight.push_back(point(i, 1 + i));
  CHECK_FALSE(knee(straight));
  straight.resize(3);
  CHECK_FALSE(knee(straight));
}

TEST_CASE("The first SLO to break is between the last point that meets it and the next") {
  std::vector<SweepPoint> points{point(1, 1), point(2, 2), point(3, 3, Verdict::missed)};
  const auto first = first_to_break(points);
  REQUIRE(first);
  CHECK(first->point == 2);
  CHECK(first->last_met == 1);
  points.pop_back();
  CHECK_FALSE(first_to_break(points));
}

TEST_CASE("In whatever order values are given, a sweep is looked at from the lowest") {
  std::vector<SweepPoint> points{point(3, 3, Verdict::missed), point(1, 1), point(4, 9),
                                 point(2, 2)};
  CHECK(ascending(points) == std::vector<std::size_t>{1, 3, 0, 2});
  const auto first = first_to_break(points);
  REQUIRE(first);
  CHECK(first->point == 0);
  CHECK(first->last_met == 3);
  CHECK(&telling_point(points) == &points[0]);
  points.erase(points.begin());
  CHECK_FALSE(first_to_break(points));
  CHECK(&telling_point(points) == &points[1]);
  // The same bend, whichever way the values go.
  std::vector<SweepPoint> rising;
  for (int i = 0; i <= 90; ++i)
    rising.push_back(point(i / 100.0, 1 / (1 - i / 100.0)));
  const std::vector<SweepPoint> falling(rising.rbegin(), rising.rend());
  CHECK(falling[*knee(falling)].x == rising[*knee(rising)].x);
}

TEST_CASE("How the points of a sweep were run is said of all of them") {
  std::vector<SweepPoint> points{point(1, 1), point(2, 2)};
  for (SweepPoint& each : points) {
    each.summary.replications = 10;
    each.summary.duration_s = 120;
    each.summary.seed = 1;
  }
  const auto footer = [&] {
    const std::string text = sweep_text("s", {"run.load"}, points, Paint(false));
    return text.substr(text.find("Each point"));
  };
  CHECK(footer().find("10 replications of 2 min;") != std::string::npos);
  CHECK(footer().find("seed 1 at every") != std::string::npos);
  points[1].summary.replications = 4;
  points[1].summary.duration_s = 240;
  points[1].summary.seed = 2;
  CHECK(footer().find("4 to 10 replications of 2 min to 4 min;") != std::string::npos);
  CHECK(footer().find("seed 1") == std::string::npos);
}

}  // namespace headroom
