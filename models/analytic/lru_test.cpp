#include "models/analytic/lru.hpp"

#include <catch2/catch.hpp>

#include "models/analytic/cache.hpp"
#include "models/popularity.hpp"

using headroom::zipf_lru_hit_ratio;

TEST_CASE("known hit ratios of LRU under Zipf", "[analytic]") {
  CHECK(zipf_lru_hit_ratio(100, 0.8, 30) == Approx(0.550455).epsilon(0.005));  // exact by others
  CHECK(zipf_lru_hit_ratio(10'000, 0.8, 100) == Approx(0.156625).epsilon(2e-4));
  CHECK(zipf_lru_hit_ratio(10'000, 0.8, 1000) == Approx(0.436660).epsilon(2e-4));
  CHECK(zipf_lru_hit_ratio(10'000, 1.0, 1000) == Approx(0.675602).epsilon(2e-4));
  CHECK(zipf_lru_hit_ratio(1'000'000, 0.8, 10'000) == Approx(0.231905).epsilon(2e-4));
}

TEST_CASE("hit ratios at the ends", "[analytic]") {
  CHECK(zipf_lru_hit_ratio(1000, 0, 250) == Approx(0.25).epsilon(1e-6));  // all alike
  CHECK(zipf_lru_hit_ratio(1000, 0.9, 0) == 0);
  CHECK(zipf_lru_hit_ratio(1000, 0.9, 1000) == 1);
  double last = 0;
  for (const double entries : {1.0, 10.0, 1e3, 1e6, 1e9, 1e11}) {
    const double hits = zipf_lru_hit_ratio(1'000'000'000'000, 0.9, entries);
    CHECK(hits > last);
    CHECK(hits < 1);
    last = hits;
  }
}

TEST_CASE("groups of ranks say the same as each rank for itself", "[analytic]") {
  for (const double exponent : {0.3, 0.8, 1.0, 1.4}) {
    const auto each = headroom::zipf_probabilities(20'000, exponent);
    for (const std::uint64_t entries : {50u, 2000u, 15'000u})
      CHECK(zipf_lru_hit_ratio(20'000, exponent, static_cast<double>(entries)) ==
            Approx(headroom::lru_hit_ratio_che(each, entries)).epsilon(2e-4));
  }
}
