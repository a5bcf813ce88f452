#include "models/cache/policies/frequency_sketch.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

#include "models/popularity.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

TEST_CASE("a sketch never counts too few, and hardly ever too many") {
  constexpr std::size_t entries = 1'000;
  FrequencySketch sketch;
  sketch.fit(entries);
  const Popularity popularity(5'000, 0.9);
  sim::Stream random(1, 0, "keys");
  std::map<std::uint64_t, unsigned> counts;
  for (std::size_t i = 0; i + 1 < FrequencySketch::requests_per_entry * entries; ++i) {
    const std::uint64_t key = popularity.draw(random);
    ++counts[key];
    sketch.count(key);
  }
  int more = 0;
  for (const auto& [key, count] : counts) {
    REQUIRE(sketch.estimate(key) >= std::min(count, 15u));
    more += sketch.estimate(key) > std::min(count + 2, 15u) ? 1 : 0;
  }
  CHECK(more < static_cast<int>(counts.size()) / 5);
}

TEST_CASE("a sketch forgets half of what it counted after ten requests per entry") {
  constexpr std::size_t entries = 8;
  FrequencySketch sketch;
  sketch.fit(entries);
  for (int i = 0; i < 79; ++i)
    sketch.count(1);
  CHECK(sketch.estimate(1) == 15);
  CHECK(sketch.estimate(2) < 15);
  sketch.count(1);
  CHECK(sketch.estimate(1) == 7);
  for (int i = 0; i < 39; ++i)
    sketch.count(1);
  CHECK(sketch.estimate(1) == 15);
  sketch.count(1);
  CHECK(sketch.estimate(1) == 7);
  sketch.clear();
  CHECK(sketch.estimate(1) == 0);
}

}  // namespace headroom
