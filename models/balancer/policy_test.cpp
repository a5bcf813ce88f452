#include "models/balancer/policy.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <deque>
#include <numeric>
#include <string>

namespace headroom {
namespace {

Backends backends_of(std::size_t n, const std::vector<double>& weights = {}) {
  std::vector<Backend> all(n);
  for (std::size_t i = 0; i < weights.size(); ++i)
    all[i].weight = weights[i];
  return Backends(all);
}

BalancerPlan plan_of(std::string_view policy) {
  BalancerPlan plan;
  plan.policy = policy;
  return plan;
}

/// A policy, the replicas it chooses from and the calls in progress, without a simulation.
struct Bench {
  Bench(const BalancerPlan& plan, Backends among, std::uint64_t seed = 1)
      : backends(std::move(among)),
        policy(make_policy(plan, backends, sim::Stream(seed, 0, "lb/policy"))) {}

  std::size_t choose(std::uint64_t key = 0) {
    Request request;
    request.key = key;
    return policy->choose(request, backends);
  }
  std::size_t start(std::uint64_t key = 0) {
    const std::size_t chosen = choose(key);
    if (chosen != Policy::nobody) start_on(chosen);
    return chosen;
  }
  void start_on(std::size_t backend) {
    backends.start_call(backend);
    policy->on_start(backends, backend);
  }
  void end(std::size_t backend, sim::Duration elapsed = sim::Duration::ms(1)) {
    backends.end_call(backend);
    policy->on_end(backends, backend, elapsed);
  }
  void set_healthy(std::size_t backend, bool healthy) {
    if (backends.set_out(backend, Out::unhealthy, !healthy)) policy->on_health(backends, backend);
  }

  Backends backends;
  std::unique_ptr<Policy> policy;
};

/// Checks counts of `n` draws against equal chances, 4 standard errors each.
void check_even(const std::vector<int>& counts) {
  const double n = std::accumulate(counts.begin(), counts.end(), 0);
  const double p = 1 / static_cast<double>(counts.size());
  for (const int count : counts)
    CHECK(std::abs(count - n * p) < 4 * std::sqrt(n * p * (1 - p)));
}

/// A random history of starts, ends and changes of health: what was chosen.
std::vector<std::size_t> history(const BalancerPlan& plan, std::uint64_t seed) {
  constexpr std::size_t n = 7;
  Bench bench(plan, backends_of(n), seed);
  sim::Stream events(99, 0, "events");
  std::vector<std::size_t> chosen, running;
  for (int step = 0; step < 20'000; ++step) {
    const auto event = events.below(20);
    const auto some = events.below(n);
    if (event == 0) {
      bench.set_healthy(some, !bench.backends[some].healthy);
    } else if (event < 11) {
      chosen.push_back(bench.start(events.below(1000)));
      const bool none = bench.backends.healthy().empty();
      REQUIRE((chosen.back() == Policy::nobody) == none);
      if (none) continue;
      REQUIRE(chosen.back() < n);
      REQUIRE(bench.backends[chosen.back()].healthy);
      running.push_back(chosen.back());
    } else if (!running.empty()) {
      std::swap(running[events.below(running.size())], running.back());
      bench.end(running.back(), sim::Duration::us(static_cast<std::int64_t>(1 + some)));
      running.pop_back();
    }
  }
  for (const std::size_t backend : running)
    bench.end(backend);
  for (std::size_t i = 0; i < n; ++i)
    CHECK(bench.backends[i].outstanding == 0);
  return chosen;
}

TEST_CASE("Every policy picks healthy replicas only and is decided by its seed") {
  REQUIRE_FALSE(balancer_policies().empty());
  for (const Choice& choice : balancer_policies()) {
    INFO(choice.name);
    CHECK_FALSE(choice.doc.empty());
    CHECK_FALSE(choice.source.empty());
    const BalancerPlan plan = plan_of(choice.name);
    CHECK(history(plan, 1) == history(plan, 1));
    CHECK(Bench(plan, backends_of(0)).choose() == Policy::nobody);
    CHECK(Bench(plan, backends_of(1)).choose() == 0);
  }
  CHECK(history(plan_of("random"), 1) != history(plan_of("random"), 2));
}

TEST_CASE("round_robin takes turns exactly and skips the unhealthy") {
  Bench bench(plan_of("round_robin"), backends_of(4));
  for (std::size_t i = 0; i < 10; ++i)
    CHECK(bench.choose() == i % 4);
  bench.set_healthy(2, false);
  CHECK(bench.choose() == 3);
  CHECK(bench.choose() == 0);
  CHECK(bench.choose() == 1);
  CHECK(bench.choose() == 3);
  bench.set_healthy(2, true);
  for (std::size_t i = 0; i < 8; ++i)
    CHECK(bench.choose() == i % 4);
}

TEST_CASE("weighted_round_robin gives exact shares, spread as nginx spreads them") {
  Bench bench(plan_of("weighted_round_robin"), backends_of(3, {5, 1, 1}));
  // The example of the commit that introduced the algorithm: a a b a c a a.
  const std::size_t cycle[] = {0, 0, 1, 0, 2, 0, 0};
  for (int i = 0; i < 21; ++i)
    CHECK(bench.choose() == cycle[i % 7]);

  Bench uneven(plan_of("weighted_round_robin"), backends_of(4, {0.5, 3, 0, 1.5}));
  std::vector<int> counts(4);
  for (int i = 0; i < 1000; ++i)
    ++counts[uneven.choose()];
  CHECK(counts == std::vector<int>{100, 600, 0, 300});
  uneven.set_healthy(0, false);
  uneven.set_healthy(1, false);
  uneven.set_healthy(3, false);
  CHECK(uneven.choose() == Policy::nobody);  // only the one of weight 0 is left
}

TEST_CASE("random is even") {
  Bench bench(plan_of("random"), backends_of(6));
  bench.set_healthy(3, false);
  std::vector<int> counts(6);
  for (int i = 0; i < 60'000; ++i)
    ++counts[bench.choose()];
  CHECK(counts[3] == 0);
  counts.erase(counts.begin() + 3);
  check_even(counts);
}

TEST_CASE("least_outstanding agrees with a plain scan and breaks ties evenly") {
  Bench bench(plan_of("least_outstanding"), backends_of(9));
  sim::Stream events(5, 0, "events");
  for (int step = 0; step < 50'000; ++step) {
    const auto some = events.below(9);
    const auto event = events.below(10);
    if (event == 0) bench.set_healthy(some, !bench.backends[some].healthy);
    if (event < 5) bench.start_on(some);  // anyone, not only the one the policy would take
    if (event >= 5 && bench.backends[some].outstanding > 0) bench.end(some);
    if (bench.backends.healthy().empty()) continue;
    std::uint32_t fewest = UINT32_MAX;
    for (const auto i : bench.backends.healthy()) {
      fewest = std::min(fewest, bench.backends[i].outstanding);
    }
    REQUIRE(bench.backends[bench.choose()].outstanding == fewest);
  }

  Bench tied(plan_of("least_outstanding"), backends_of(5));
  tied.start_on(1);
  std::vector<int> counts(5);
  for (int i = 0; i < 40'000; ++i)
    ++counts[tied.choose()];
  CHECK(counts[1] == 0);
  counts.erase(counts.begin() + 1);
  check_even(counts);
}

TEST_CASE("power_of_two draws subsets evenly, with or without repetition") {
  // Replica i has i calls outstanding, so the choice is the smallest index drawn.
  constexpr int n = 5, draws = 100'000;
  for (const bool distinct : {true, false}) {
    BalancerPlan plan = plan_of("power_of_two");
    plan.distinct = distinct;
    plan.choices = 3;
    Bench bench(plan, backends_of(n));
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t call = 0; call < i; ++call)
        bench.start_on(i);
    }
    std::vector<int> counts(n);
    for (int i = 0; i < draws; ++i)
      ++counts[bench.choose()];
    for (int i = 0; i < n; ++i) {
      const double above = n - 1 - i;
      const double p = distinct ? above * (above - 1) / 2 / 10  // C(above, 2) of C(5, 3) subsets
                                : (std::pow(above + 1, 3) - std::pow(above, 3)) / std::pow(n, 3);
      const double error = std::sqrt(draws * p * (1 - p));
      CHECK(std::abs(counts[static_cast<std::size_t>(i)] - draws * p) <= 4 * error);
    }
  }
}

TEST_CASE("power_of_two with more choices than replicas looks at all of them") {
  BalancerPlan plan = plan_of("power_of_two");
  plan.choices = 10;
  Bench bench(plan, backends_of(4));
  for (const std::size_t i : {0u, 1u, 3u})
    bench.start_on(i);
  for (int i = 0; i < 100; ++i)
    CHECK(bench.choose() == 2);
  bench.start_on(2);
  std::vector<int> counts(4);
  for (int i = 0; i < 40'000; ++i)
    ++counts[bench.choose()];
  check_even(counts);
}

TEST_CASE("join_idle_queue takes the one idle for longest, else anyone") {
  Bench bench(plan_of("join_idle_queue"), backends_of(4));
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(bench.start() == i);
  bench.end(2);
  bench.end(0);
  CHECK(bench.start() == 2);
  bench.end(3);
  bench.set_healthy(0, false);
  CHECK(bench.start() == 3);
  bench.set_healthy(0, true);
  CHECK(bench.start() == 0);
  std::vector<int> counts(4);
  for (int i = 0; i < 40'000; ++i)
    ++counts[bench.choose()];
  check_even(counts);
}

TEST_CASE("join_idle_queue agrees with a queue kept by hand") {
  Bench bench(plan_of("join_idle_queue"), backends_of(6));
  std::deque<std::size_t> idle{0, 1, 2, 3, 4, 5};
  std::vector<std::size_t> running;
  sim::Stream events(6, 0, "events");
  for (int step = 0; step < 20'000; ++step) {
    if (events.below(2) == 0) {
      const std::size_t chosen = bench.start();
      if (!idle.empty()) {
        REQUIRE(chosen == idle.front());
        idle.pop_front();
      }
      running.push_back(chosen);
    } else if (!running.empty()) {
      std::swap(running[events.below(running.size())], running.back());
      const std::size_t ended = running.back();
      running.pop_back();
      bench.end(ended);
      if (bench.backends[ended].outstanding == 0) idle.push_back(ended);
    }
  }
}

TEST_CASE("least_response_time weighs recent response times by calls") {
  Bench bench(plan_of("least_response_time"), backends_of(3));
  const std::int64_t ms[] = {10, 20, 45};
  for (int i = 0; i < 3; ++i) {  // without an answer each is tried once
    const std::size_t chosen = bench.start();
    CHECK(bench.backends[chosen].outstanding == 1);
    bench.end(chosen, sim::Duration::ms(ms[chosen]));
  }
  // 10 20 45, then 20 against 20 tied; 30 against 20, 30 against 40, 40 against 40 against 45 ...
  std::vector<int> counts(3);
  for (int i = 0; i < 3; ++i)
    ++counts[bench.start()];
  CHECK(counts == std::vector<int>{2, 1, 0});
  ++counts[bench.start()];
  CHECK(counts == std::vector<int>{3, 1, 0});
  ++counts[bench.start()];
  ++counts[bench.start()];
  CHECK(counts == std::vector<int>{4, 2, 0});
  CHECK(bench.start() == 2);

  Bench average(plan_of("least_response_time"), backends_of(2));
  average.start_on(0);
  average.end(0, sim::Duration::ms(100));
  average.start_on(1);
  average.end(1, sim::Duration::ms(81));
  CHECK(average.choose() == 1);
  average.start_on(0);
  average.end(0, sim::Duration::ms(0));  // 0.8 x 100 + 0.2 x 0 = 80
  CHECK(average.choose() == 0);
}

/// The share of the key space of each replica, by sampling.
std::vector<double> shares(std::size_t replicas, std::uint32_t virtual_nodes, int keys) {
  BalancerPlan plan = plan_of("consistent_hash");
  plan.virtual_nodes = virtual_nodes;
  Bench bench(plan, backends_of(replicas));
  std::vector<double> counts(replicas);
  for (int key = 0; key < keys; ++key)
    ++counts[bench.choose(static_cast<std::uint64_t>(key))];
  for (double& count : counts)
    count *= static_cast<double>(replicas) / keys;
  return counts;
}

TEST_CASE("B08: the imbalance of a hash ring") {
  struct Case {
    std::uint32_t virtual_nodes;
    double expected, tolerance;
  };
  constexpr std::size_t n = 1000;
  constexpr int keys = 2'000'000;
  for (const Case& c : {Case{10, 0.3151810, 0.1}, Case{100, 0.0996996, 0.1}}) {
    double variance = 0;
    for (const double share : shares(n, c.virtual_nodes, keys)) {
      variance += (share - 1) * (share - 1) / n;
    }
    const double sampling = static_cast<double>(n) / keys;  // of the shares, by drawing keys
    const double std = std::sqrt(variance - sampling);
    CHECK(std == Approx(c.expected).epsilon(c.tolerance));  // 4 / sqrt(2 n) is 9 %
  }
}

TEST_CASE("B13: a replica more moves 1/(n+1) of the keys, all of them to it") {
  const BalancerPlan plan = plan_of("consistent_hash");
  constexpr std::uint64_t keys = 100'000;
  // The expectation is over rings, which differ by how much the new replica takes: v = 1000.
  BalancerPlan fine = plan;
  fine.virtual_nodes = 1000;
  Bench ten(fine, backends_of(10)), eleven(fine, backends_of(11));
  double moved = 0;
  for (std::uint64_t key = 0; key < keys; ++key) {
    const std::size_t before = ten.choose(key), after = eleven.choose(key);
    moved += before != after;
    if (before != after) REQUIRE(after == 10);
  }
  CHECK(moved / keys == Approx(1 / 11.0).epsilon(4 * 0.0316));
}

TEST_CASE("consistent_hash gives only the keys of an unhealthy replica to others") {
  Bench bench(plan_of("consistent_hash"), backends_of(10));
  std::vector<std::size_t> owner;
  for (std::uint64_t key = 0; key < 10'000; ++key)
    owner.push_back(bench.choose(key));
  bench.set_healthy(4, false);
  std::vector<bool> heirs(10);
  for (std::uint64_t key = 0; key < 10'000; ++key) {
    const std::size_t now = bench.choose(key);
    if (owner[key] != 4) REQUIRE(now == owner[key]);
    if (owner[key] == 4) heirs[now] = true;
  }
  CHECK(std::count(heirs.begin(), heirs.end(), true) == 9);
  bench.set_healthy(4, true);
  for (std::uint64_t key = 0; key < 10'000; ++key)
    REQUIRE(bench.choose(key) == owner[key]);
}

}  // namespace
}  // namespace headroom
