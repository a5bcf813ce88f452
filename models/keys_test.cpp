#include "models/keys.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "models/item_table.hpp"
#include "models/versions.hpp"

using namespace headroom;

namespace {

Request from(std::uint64_t origin, std::uint64_t number = 0) {
  Request request;
  request.origin = sim::mix(origin);
  request.number = number;
  return request;
}

std::vector<double> shares(const KeySpace& space, int draws) {
  std::vector<double> found(space.items());
  for (int i = 0; i < draws; ++i)
    found[space.item_for(from(static_cast<std::uint64_t>(i)))] += 1.0 / draws;
  return found;
}

}  // namespace

TEST_CASE("items come in proportion to 1 / rank^zipf", "[keys]") {
  constexpr int draws = 200'000;
  for (const double zipf : {0.0, 0.5, 0.999999999, 1.0, 1.3, 5.0}) {
    KeySpacePlan plan;
    plan.count = 50;
    plan.zipf = zipf;
    const auto found = shares(KeySpace(plan, 1, "item"), draws);
    double sum = 0;
    for (int rank = 1; rank <= 50; ++rank)
      sum += std::pow(rank, -zipf);
    double chi_squared = 0;
    for (int rank = 1; rank <= 50; ++rank) {
      const double expected = std::pow(rank, -zipf) / sum;
      const double off = found[static_cast<std::size_t>(rank - 1)] - expected;
      if (expected * draws > 5) chi_squared += draws * off * off / expected;
    }
    INFO("zipf " << zipf);
    CHECK(chi_squared < 49 + 4 * std::sqrt(2 * 49.0));
  }
}

TEST_CASE("a large space is drawn from in the same way", "[keys]") {
  KeySpacePlan plan;
  plan.count = 1'000'000'000'000;
  plan.zipf = 0.9;
  const KeySpace space(plan, 1, "item");
  // Half of the requests go to the ranks below r where r^0.1 is about half of n^0.1.
  int below = 0;
  constexpr int draws = 100'000;
  const double n = 1e12, r = n / 1024;
  const auto area = [](double x) { return (std::pow(x, 0.1) - 1) / 0.1; };
  for (int i = 0; i < draws; ++i)
    below += static_cast<double>(space.item_for(from(static_cast<std::uint64_t>(i)))) < r;
  const double zeta = 0.577;  // of the sum over the integral, nearly: Euler's constant
  const double expected = (area(r) + zeta) / (area(n) + zeta);
  CHECK(below / static_cast<double>(draws) == Approx(expected).margin(0.008));
}

TEST_CASE("hot items share what is theirs evenly", "[keys]") {
  KeySpacePlan plan;
  plan.count = 100;
  plan.hot = HotKeys{Ratio{0.2}, 4};
  constexpr int draws = 100'000;
  const auto found = shares(KeySpace(plan, 1, "item"), draws);
  for (std::size_t item = 0; item < 4; ++item)
    CHECK(found[item] == Approx(0.05).margin(4 * std::sqrt(0.05 * 0.95 / draws)));
  for (std::size_t item = 4; item < 100; ++item)
    CHECK(found[item] == Approx(0.8 / 96).margin(4.5 * std::sqrt(0.8 / 96 / draws)));
}

TEST_CASE("the same request asks for the same item, another space for another", "[keys]") {
  KeySpacePlan plan;
  plan.count = 1000;
  const KeySpace item(plan, 1, "item"), user(plan, 2, "user");
  int same = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    Request request = from(i);
    Request again = request;
    again.draw_key = 99;
    again.attempt = 3;
    CHECK(item.item_for(request) == item.item_for(again));
    same += item.item_for(request) == user.item_for(request);
  }
  CHECK(same < 10);
}

TEST_CASE("a replay gives request n the n-th key, from the start again at its end", "[keys]") {
  KeySpacePlan plan;
  plan.replay = "keys.csv";
  plan.replayed = {0, 1, 0, 2};
  plan.replayed_sizes = {10, 20, 10, 30};
  plan.replayed_count = 3;
  const KeySpace space(plan, 1, "item");
  for (std::uint64_t number = 0; number < 10; ++number) {
    Request request = from(5, number);
    space.give_key(request);
    CHECK(request.key == plan.replayed[number % 4]);
    CHECK(space.value_size(request) == plan.replayed_sizes[number % 4]);
  }
}

TEST_CASE("a key has one size", "[keys]") {
  KeySpacePlan plan;
  plan.count = 1000;
  plan.value_size.emplace();
  plan.value_size->kind = Distribution::Kind::exponential;
  plan.value_size->a = 2000;
  const KeySpace space(plan, 1, "item");
  double sum = 0;
  for (std::uint64_t key = 0; key < 1000; ++key) {
    Request one = from(1), two = from(2);
    one.key = two.key = key;
    CHECK(space.value_size(one) == space.value_size(two));
    sum += static_cast<double>(space.value_size(one));
  }
  CHECK(sum / 1000 == Approx(2000).margin(4 * 2000 / std::sqrt(1000)));
}

TEST_CASE("a table of items holds what a plain array would", "[keys]") {
  ItemTable<int> table;
  std::vector<int> plain(300, -1);
  sim::Stream stream(7);
  for (int step = 0; step < 100'000; ++step) {
    const auto item = stream.below(300);
    const auto what = stream.below(3);
    if (what == 0) {
      CHECK(table.erase(item) == (plain[item] >= 0));
      plain[item] = -1;
    } else if (what == 1) {
      plain[item] = step;
      table.at(item) = step;
    }
    const int* found = table.find(item);
    CHECK((found ? *found : -1) == plain[item]);
  }
  std::size_t held = 0;
  for (const int value : plain)
    held += value >= 0;
  CHECK(table.size() == held);
}

TEST_CASE("a version is superseded by the commit that follows it", "[keys]") {
  sim::Simulation simulation;
  Versions versions(simulation);
  for (int ms = 1; ms <= 6; ++ms) {
    simulation.run_until(sim::Time() + sim::Duration::ms(ms));
    CHECK(versions.commit(42) == static_cast<std::uint32_t>(ms));
  }
  CHECK(versions.current(42) == 6);
  CHECK(versions.current(43) == 0);
  CHECK(versions.superseded_at(42, 5).count_ns() == 6'000'000);
  CHECK(versions.superseded_at(42, 2).count_ns() == 3'000'000);
  CHECK(versions.superseded_at(42, 0).count_ns() == 3'000'000);  // no longer known: the fourth last
}
