#include <catch2/catch.hpp>

#include <cmath>

#include "models/analytic/closed_network.hpp"
#include "models/analytic/single_station.hpp"
#include "models/analytic/traffic.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {
namespace {

struct ClosedCase {
  std::uint64_t users;
  double throughput, response;
};

TEST_CASE("Mean value analysis: the example of Lazowska and others") {
  const std::vector<ClosedStation> stations{{.605}, {2.1}, {1.35}};
  for (const auto& [users, throughput, response] :
       {ClosedCase{1, .052480, 4.055}, ClosedCase{3, .151516, 4.799825},
        ClosedCase{5, .240466, 5.793}, ClosedCase{10, .400205, 9.987218},
        ClosedCase{20, .474516, 27.148181}, ClosedCase{50, .476190, 90.0}}) {
    for (const auto& solve : {mean_value_analysis, closed_network}) {
      const ClosedSolution solved = solve(stations, 15, users);
      CHECK(solved.throughput == Approx(throughput).margin(5.1e-7));
      CHECK(solved.response == Approx(response).margin(5.1e-7));
    }
    const ClosedBounds bounds = closed_bounds(stations, 15, users);
    CHECK(throughput <= bounds.most_throughput + 5e-7);
    CHECK(throughput >= bounds.least_throughput);
    CHECK(bounds.saturation_users == Approx(19.055 / 2.1));
  }
}

TEST_CASE("Mean value analysis: a fast network that fills up") {
  const std::vector<ClosedStation> stations{{.010}, {.020}, {.005}};
  for (const auto& [users, response] :
       {std::pair{10, .040240}, std::pair{25, .054380}, std::pair{50, .134058},
        std::pair{75, .500661}, std::pair{100, 1.0}, std::pair{200, 3.0}}) {
    CHECK(mean_value_analysis(stations, 1, users).response == Approx(response).margin(6e-7));
    CHECK(closed_network(stations, 1, users).response == Approx(response).margin(6e-7));
  }
  const ClosedSolution fifty = mean_value_analysis(stations, 1, 50);
  CHECK(fifty.throughput * .020 == Approx(.8818).margin(5e-5));
  CHECK(fifty.queue[1] == Approx(4.8561).margin(5e-5));
}

TEST_CASE("Two ways to solve a closed network agree, and several servers lie between bounds") {
  sim::Stream draws(7, 0, "closed networks");
  for (int turn = 0; turn < 40; ++turn) {
    std::vector<ClosedStation> single, several, none;
    const std::size_t count = 1 + draws.below(5);
    for (std::size_t i = 0; i < count; ++i) {
      const double demand = 0.01 + draws.uniform();
      single.push_back(
          {demand, draws.below(4) == 0 ? std::nullopt : std::optional<std::uint64_t>(1)});
      several.push_back({demand, 3});
      none.push_back({demand, std::nullopt});
    }
    const double think = draws.uniform() * 5;
    const std::uint64_t users = 1 + draws.below(60);
    const auto one = mean_value_analysis(single, think, users);
    const auto other = closed_network(single, think, users);
    CHECK(one.throughput == Approx(other.throughput).epsilon(1e-10));
    for (std::size_t i = 0; i < count; ++i)
      CHECK(one.queue[i] == Approx(other.queue[i]).epsilon(1e-8));
    // Little's law for the whole, and three servers are better than one and worse than any number.
    CHECK(other.throughput * (think + other.response) == Approx(users).epsilon(1e-10));
    for (auto& station : single)
      station.servers = 1;
    const auto three = closed_network(several, think, users);
    CHECK(three.throughput >= mean_value_analysis(single, think, users).throughput * (1 - 1e-10));
    CHECK(three.throughput <= closed_network(none, think, users).throughput * (1 + 1e-10));
    const ClosedBounds bounds = closed_bounds(several, think, users);
    CHECK(three.throughput <= bounds.most_throughput * (1 + 1e-10));
    CHECK(three.throughput >= bounds.least_throughput * (1 - 1e-10));
    // So many times as many users come as close to the most as one wishes.
    CHECK(closed_bounds(several, think, 1000).most_throughput ==
          Approx(closed_network(several, think, 1000).throughput).epsilon(0.02));
    if (users <= 3)
      CHECK(three.throughput ==
            Approx(closed_network(none, think, users).throughput).epsilon(1e-10));
  }
}

TEST_CASE("The machine repairman is a closed network of one station of two servers") {
  // Ten machines fail at 0.1, two repairmen repair at 1: 1.03863782 are down.
  const auto solved = closed_network({{1, 2}}, 10, 10);
  CHECK(solved.queue[0] == Approx(1.03863782).margin(5e-9));
  CHECK(solved.residence[0] == Approx(1.159018).margin(5e-7));
  const auto one = closed_network({{1, 1}}, 10, 5);
  CHECK(one.queue[0] == Approx(.63952177).margin(5e-9));
  CHECK(one.throughput == Approx(.43604782).margin(5e-9));
}

TEST_CASE("Jackson: a tandem and a station that feeds itself") {
  const auto rates = solve_traffic({.8, 0, 0}, {{0, 1, 1}, {1, 2, 1}});
  REQUIRE(rates);
  double sojourn = 0, in_system = 0;
  const double services[] = {1 / 1.25, 1 / 2.0, 1};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK((*rates)[i] == Approx(.8));
    sojourn += mmc_sojourn((*rates)[i], services[i], 1);
    in_system += (*rates)[i] * mmc_sojourn((*rates)[i], services[i], 1);
  }
  CHECK(sojourn == Approx(8.055556).margin(5e-7));
  CHECK(in_system == Approx(6.444444).margin(5e-7));
  const auto again = solve_traffic({.5}, {{0, 0, .3}});
  REQUIRE(again);
  CHECK((*again)[0] / .5 * mmc_sojourn((*again)[0], 1, 1) == Approx(5.0));
}

TEST_CASE("Traffic that causes itself without end has no rates") {
  CHECK_FALSE(solve_traffic({1}, {{0, 0, 1}}));
  CHECK_FALSE(solve_traffic({1, 0}, {{0, 1, 2}, {1, 0, .6}}));
  CHECK(solve_traffic({}, {})->empty());
  const auto rates = solve_traffic({1, 2}, {{0, 1, .5}, {1, 0, .5}});
  REQUIRE(rates);
  // What comes in is what leaves.
  CHECK((*rates)[0] == Approx(1 + .5 * (*rates)[1]));
  CHECK((*rates)[1] == Approx(2 + .5 * (*rates)[0]));
}

}  // namespace
}  // namespace headroom
