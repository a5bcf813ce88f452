#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>
#include <string>

#include "models/balancer/policies/maglev_table.hpp"
#include "models/balancer/policy.hpp"
#include "models/hash_ring.hpp"

namespace headroom {
namespace {

BalancerPlan plan_of(std::string_view policy) {
  BalancerPlan plan;
  plan.policy = policy;
  return plan;
}

std::vector<std::uint32_t> first_members(std::uint32_t count) {
  std::vector<std::uint32_t> members(count);
  std::iota(members.begin(), members.end(), 0);
  return members;
}

std::vector<double> shares_of(std::size_t n, std::uint32_t points, int number) {
  return HashRing(n, points, "ring" + std::to_string(number)).shares(n);
}

/// The mean over rings of the largest share over the mean share.
double mean_peak(std::size_t n, std::uint32_t points, int rings) {
  double sum = 0;
  for (int ring = 0; ring < rings; ++ring) {
    const auto shares = shares_of(n, points, ring);
    sum += *std::max_element(shares.begin(), shares.end()) * static_cast<double>(n);
  }
  return sum / rings;
}

TEST_CASE("The spread of a ring is that of its Beta law and of the published table") {
  // Source: Lamping, Veach 2014, table 1, n = 1000: standard deviation of a share over the mean.
  const struct {
    std::uint32_t points;
    double published;
    int rings;
  } rows[] = {{1, .9979060, 60}, {10, .3151810, 20}, {100, .0996996, 6}, {1000, .0315723, 2}};
  for (const auto& row : rows) {
    constexpr std::size_t n = 1000;
    double squares = 0;
    for (int ring = 0; ring < row.rings; ++ring) {
      for (const double share : shares_of(n, row.points, ring))
        squares += (share * n - 1) * (share * n - 1);
    }
    const double deviation = std::sqrt(squares / static_cast<double>(n) / row.rings);
    const double v = row.points, others = v * (n - 1);
    const double exact =
        n * std::sqrt(v * others / ((v + others) * (v + others))) / std::sqrt(v + others + 1);
    INFO("points " << v);
    CHECK(exact == Approx(row.published).epsilon(0.004));  // measured, it says
    CHECK(deviation == Approx(exact).epsilon(0.03));
  }
}

TEST_CASE("The hottest member of a ring has the expected share") {
  CHECK(mean_peak(10, 1, 4000) == Approx(2.9272).epsilon(0.02));
  CHECK(mean_peak(10, 10, 2000) == Approx(1.5357).epsilon(0.02));
  CHECK(mean_peak(10, 100, 600) == Approx(1.1581).epsilon(0.02));
  CHECK(mean_peak(100, 10, 300) == Approx(1.9850).epsilon(0.02));
  CHECK(mean_peak(100, 100, 60) == Approx(1.2707).epsilon(0.02));
  CHECK(mean_peak(1000, 100, 12) == Approx(1.3593).epsilon(0.02));
}

TEST_CASE("A Maglev table gives everybody 65 or 66 of 65537 entries, and moves few of them") {
  const auto members = first_members(1000);
  const MaglevTable table(members);
  std::vector<int> entries(1000);
  for (const std::uint32_t owner : table.owners())
    ++entries[owner];
  CHECK(*std::min_element(entries.begin(), entries.end()) == 65);
  CHECK(*std::max_element(entries.begin(), entries.end()) == 66);

  // One of a hundred goes: its own entries must move, others hardly (sec. 5.3: a few percent).
  const auto hundred = first_members(100);
  const MaglevTable before(hundred);
  const MaglevTable after(std::span<const std::uint32_t>(hundred).first(99));
  int moved = 0;
  for (std::size_t i = 0; i < before.owners().size(); ++i) {
    if (before.owners()[i] != 99 && before.owners()[i] != after.owners()[i]) ++moved;
  }
  CHECK(moved > 0);
  CHECK(moved < 65537 * 0.03);
}

TEST_CASE("A table filled at random, as rendezvous hashing fills it, is as uneven as known") {
  double sum = 0;
  constexpr int tables = 8;
  for (std::uint64_t table = 0; table < tables; ++table) {
    std::vector<int> entries(1000);
    sim::Stream random(table, 0, "entries");
    for (int i = 0; i < 65537; ++i)
      ++entries[random.below(1000)];
    sum += *std::max_element(entries.begin(), entries.end()) / 65.537;
  }
  CHECK(sum / tables == Approx(1.4258).epsilon(0.02));
}

TEST_CASE("Bounded loads displace as many keys as known, and nobody is above the bound") {
  // One point each, 1000 keys on 100 members, the bound fixed beforehand.
  const struct {
    double epsilon, displaced, hops;
  } rows[] = {{.25, .3409, 1.2905}, {.1, .4258, 0}, {.5, .2727, 0}, {1, .1562, 0}};
  for (const auto& row : rows) {
    constexpr int rings = 250;
    const double bound = std::ceil((1 + row.epsilon) * 10);
    double displaced = 0, hops = 0;
    for (int number = 0; number < rings; ++number) {
      const HashRing ring(100, 1, "bounded" + std::to_string(number));
      std::vector<int> load(100);
      for (std::uint64_t key = 0; key < 1000; ++key) {
        int passed = 0;
        const auto owner = ring.owner(key, [&](std::size_t member) {
          const bool has_room = load[member] < bound;
          passed += has_room ? 0 : 1;
          return has_room;
        });
        ++load[owner];
        displaced += passed > 0 ? 1 : 0;
        hops += passed;
      }
      REQUIRE(*std::max_element(load.begin(), load.end()) <= bound);
    }
    CHECK(displaced / (1000.0 * rings) == Approx(row.displaced).epsilon(0.05));
    if (row.hops > 0) CHECK(hops / (1000.0 * rings) == Approx(row.hops).epsilon(0.05));
  }
}

TEST_CASE("consistent_hash with bounded_load never exceeds its bound") {
  BalancerPlan plan = plan_of("consistent_hash");
  plan.bounded_load = 1.25;
  plan.virtual_nodes = 1;
  Backends backends{std::vector<Backend>(10)};
  const auto policy = make_policy(plan, backends, sim::Stream(1, 0, "x"));
  for (int call = 0; call < 1000; ++call) {
    Request request;
    request.key = static_cast<std::uint64_t>(call % 3);  // a few hot keys
    const std::size_t chosen = policy->choose(request, backends);
    backends.start_call(chosen);
    policy->on_start(backends, chosen);
    CHECK(backends[chosen].outstanding <= std::ceil(1.25 * (call + 1) / 10.0));
  }
}

/// The share of keys whose owner changes when `more` replicas join `n`.
double moved_share(std::string_view policy, std::size_t n, std::size_t more) {
  const BalancerPlan plan = plan_of(policy);
  const Backends few{std::vector<Backend>(n)}, many{std::vector<Backend>(n + more)};
  const auto before = make_policy(plan, few, sim::Stream(1, 0, "x"));
  const auto after = make_policy(plan, many, sim::Stream(1, 0, "x"));
  constexpr int keys = 100'000;
  int moved = 0;
  for (int key = 0; key < keys; ++key) {
    Request request;
    request.key = static_cast<std::uint64_t>(key);
    const std::size_t was = before->choose(request, few), is = after->choose(request, many);
    if (was == is) continue;
    ++moved;
    if (policy != "maglev") REQUIRE(is >= n);  // it moves to a newcomer only
  }
  return moved / static_cast<double>(keys);
}

TEST_CASE("Newcomers take their share of the keys and nothing else moves") {
  CHECK(moved_share("rendezvous", 10, 1) == Approx(1 / 11.0).epsilon(0.02));
  CHECK(moved_share("rendezvous", 10, 2) == Approx(2 / 12.0).epsilon(0.02));
  // A ring of 100 points each is uneven by a tenth.
  CHECK(moved_share("consistent_hash", 10, 1) == Approx(1 / 11.0).epsilon(0.25));
  CHECK(moved_share("maglev", 10, 1) == Approx(1 / 11.0).epsilon(0.25));
}

}  // namespace
}  // namespace headroom
