#include "models/analytic/cache.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "models/cache/policy.hpp"
#include "models/popularity.hpp"

namespace headroom {

namespace {

/// LRU by definition: the chance that the most recent `room` different items, drawn without
/// replacement in proportion to p, hold the next one. All ordered samples are followed.
double lru_by_enumeration(const std::vector<double>& p, std::uint64_t room) {
  const auto follow = [&](const auto& self, unsigned taken, double left, double chance,
                          std::uint64_t more) -> double {
    if (more == 0) return chance * (1 - left);
    double sum = 0;
    for (unsigned i = 0; i < p.size(); ++i) {
      if ((taken >> i & 1) != 0) continue;
      sum += self(self, taken | 1u << i, left - p[i], chance * p[i] / left, more - 1);
    }
    return sum;
  };
  return follow(follow, 0, 1, 1, room);
}

/// FIFO by its product form: all sets are followed.
double fifo_by_enumeration(const std::vector<double>& p, std::uint64_t room) {
  double hits = 0, total = 0;
  for (unsigned cached = 0; cached < 1u << p.size(); ++cached) {
    if (static_cast<std::uint64_t>(__builtin_popcount(cached)) != room) continue;
    double product = 1, sum = 0;
    for (unsigned i = 0; i < p.size(); ++i) {
      if ((cached >> i & 1) == 0) continue;
      product *= p[i];
      sum += p[i];
    }
    hits += product * sum;
    total += product;
  }
  return hits / total;
}

struct Measured {
  double hit_ratio;
  double error;  ///< Standard, of batch means.
};

/// Of a policy under independent references, after as many requests to fill it.
Measured measure(std::string_view name, std::uint64_t items, double exponent, std::uint64_t room) {
  const auto policy =
      make_eviction_policy(name, CacheRoom::entries(room), sim::Stream(2, 0, "cache"));
  const Popularity popularity(items, exponent);
  sim::Stream random(2, 0, "keys");
  const auto hits_of = [&](int requests) {
    int hits = 0;
    for (int i = 0; i < requests; ++i) {
      const std::uint64_t key = popularity.draw(random);
      if (policy->lookup(key) != no_slot) {
        ++hits;
      } else {
        policy->insert(key);
      }
    }
    return hits;
  };
  constexpr int batches = 20, batch = 20'000;
  hits_of(50'000);
  std::vector<double> ratios;
  for (int i = 0; i < batches; ++i)
    ratios.push_back(hits_of(batch) / static_cast<double>(batch));
  const double mean = std::accumulate(ratios.begin(), ratios.end(), 0.0) / batches;
  double squares = 0;
  for (const double ratio : ratios)
    squares += (ratio - mean) * (ratio - mean);
  return {mean, std::sqrt(squares / (batches - 1) / batches)};
}

}  // namespace

TEST_CASE("hit ratios equal those of all possibilities counted") {
  for (const double exponent : {0.0, 0.8, 1.5}) {
    const std::vector<double> p = zipf_probabilities(7, exponent);
    for (const std::uint64_t room : {1u, 2u, 3u, 6u}) {
      INFO("exponent " << exponent << ", room " << room);
      CHECK(lru_hit_ratio(p, room) == Approx(lru_by_enumeration(p, room)).margin(1e-9));
      CHECK(fifo_hit_ratio(p, room) == Approx(fifo_by_enumeration(p, room)).margin(1e-12));
    }
    CHECK(lru_hit_ratio(p, 7) == 1);
    CHECK(fifo_hit_ratio(p, 8) == 1);
  }
}

TEST_CASE("published hit ratios of LRU and of the best static choice") {
  const std::vector<double> small = zipf_probabilities(100, 0.8);
  CHECK(lru_hit_ratio(small, 10) == Approx(0.264281).margin(1e-6));
  CHECK(lru_hit_ratio(small, 30) == Approx(0.550455).margin(1e-6));
  const std::vector<double> flat = zipf_probabilities(10'000, 0.8);
  const std::vector<double> steep = zipf_probabilities(10'000, 1.0);
  CHECK(lru_hit_ratio_che(flat, 100) == Approx(0.156625).margin(1e-6));
  CHECK(lru_hit_ratio_che(flat, 1000) == Approx(0.436660).margin(1e-6));
  CHECK(lru_hit_ratio_che(steep, 1000) == Approx(0.675602).margin(1e-6));
  CHECK(lru_hit_ratio_che(zipf_probabilities(1'000'000, 0.8), 10'000) ==
        Approx(0.231905).margin(1e-6));
  CHECK(static_hit_ratio(flat, 1000) == Approx(0.570618).margin(1e-6));
  CHECK(static_hit_ratio(steep, 100) == Approx(0.529995).margin(1e-6));
  CHECK(static_hit_ratio(steep, 20'000) == Approx(1));
}

TEST_CASE("caches with a time to live") {
  const std::vector<double> one{1.0};
  CHECK(ttl_cache(one, 1, TtlKind::from_fill).hit_ratio == Approx(0.5));
  CHECK(ttl_cache(one, 5, TtlKind::from_last_request).hit_ratio == Approx(0.993262).margin(1e-6));
  const std::vector<double> p = zipf_probabilities(10'000, 0.8);
  const TtlCache fill = ttl_cache(p, 10'000, TtlKind::from_fill);
  const TtlCache last = ttl_cache(p, 10'000, TtlKind::from_last_request);
  CHECK(fill.hit_ratio == Approx(0.651697).margin(1e-6));
  CHECK(fill.entries == Approx(3483.0).margin(0.05));
  CHECK(last.hit_ratio == Approx(0.740776).margin(1e-6));
  CHECK(last.entries == Approx(4149.7).margin(0.05));
}

TEST_CASE("policies hit as often as theory says") {
  for (const double exponent : {0.5, 0.8, 1.0}) {
    for (const std::uint64_t room : {3u, 10u, 30u}) {
      INFO("exponent " << exponent << ", room " << room);
      const std::vector<double> p = zipf_probabilities(100, exponent);
      const Measured lru = measure("lru", 100, exponent, room);
      CHECK(std::abs(lru.hit_ratio - lru_hit_ratio(p, room)) < 4 * lru.error);
      const Measured fifo = measure("fifo", 100, exponent, room);
      CHECK(std::abs(fifo.hit_ratio - fifo_hit_ratio(p, room)) < 4 * fifo.error);
      const Measured random = measure("random", 100, exponent, room);
      CHECK(std::abs(random.hit_ratio - fifo_hit_ratio(p, room)) < 4 * random.error);
    }
  }
}

TEST_CASE("approximations are near the exact hit ratios") {
  const std::vector<double> p = zipf_probabilities(10'000, 0.8);
  CHECK(fifo_hit_ratio_che(p, 1000) == Approx(fifo_hit_ratio(p, 1000)).epsilon(0.002));
  const Measured lru = measure("lru", 10'000, 0.8, 1000);
  CHECK(lru.hit_ratio == Approx(lru_hit_ratio_che(p, 1000)).margin(4 * lru.error + 0.0005));
  const Measured fifo = measure("fifo", 10'000, 0.8, 1000);
  CHECK(std::abs(fifo.hit_ratio - fifo_hit_ratio(p, 1000)) < 4 * fifo.error);
}

TEST_CASE("known hit ratios of LRU under Zipf") {
  CHECK(zipf_lru_hit_ratio_che(100, 0.8, 30) ==
        Approx(0.550455).epsilon(0.005));  // exact by others
  CHECK(zipf_lru_hit_ratio_che(10'000, 0.8, 100) == Approx(0.156625).epsilon(2e-4));
  CHECK(zipf_lru_hit_ratio_che(10'000, 0.8, 1000) == Approx(0.436660).epsilon(2e-4));
  CHECK(zipf_lru_hit_ratio_che(10'000, 1.0, 1000) == Approx(0.675602).epsilon(2e-4));
  CHECK(zipf_lru_hit_ratio_che(1'000'000, 0.8, 10'000) == Approx(0.231905).epsilon(2e-4));
}

TEST_CASE("hit ratios at the ends") {
  CHECK(zipf_lru_hit_ratio_che(1000, 0, 250) == Approx(0.25).epsilon(1e-6));  // all alike
  CHECK(zipf_lru_hit_ratio_che(1000, 0.9, 0) == 0);
  CHECK(zipf_lru_hit_ratio_che(1000, 0.9, 1000) == 1);
  double last = 0;
  for (const double entries : {1.0, 10.0, 1e3, 1e6, 1e9, 1e11}) {
    const double hits = zipf_lru_hit_ratio_che(1'000'000'000'000, 0.9, entries);
    CHECK(hits > last);
    CHECK(hits < 1);
    last = hits;
  }
}

TEST_CASE("groups of ranks say the same as each rank for itself") {
  for (const double exponent : {0.3, 0.8, 1.0, 1.4}) {
    const auto each = zipf_probabilities(20'000, exponent);
    for (const std::uint64_t entries : {50u, 2000u, 15'000u})
      CHECK(zipf_lru_hit_ratio_che(20'000, exponent, static_cast<double>(entries)) ==
            Approx(lru_hit_ratio_che(each, entries)).epsilon(2e-4));
  }
}

}  // namespace headroom
