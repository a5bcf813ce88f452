#include "models/cache/packed_numbers.hpp"

#include <catch2/catch.hpp>

#include "sim/kernel/random.hpp"

namespace headroom {

TEST_CASE("packed numbers are those that were set, in as few bytes as the largest takes") {
  sim::Stream random(1, 0, "numbers");
  PackedNumbers packed;
  std::vector<std::uint64_t> plain;
  for (unsigned bytes = 1; bytes <= 8; ++bytes) {
    const std::uint64_t most = UINT64_MAX >> (64 - 8 * bytes);
    plain.resize(plain.size() + 37);
    packed.resize(plain.size());
    for (int i = 0; i < 500; ++i) {
      const std::size_t at = random.below(plain.size());
      plain[at] = i == 0 ? most : random() & most;
      packed.set(at, plain[at]);
      REQUIRE(packed[at] == plain[at]);
    }
    for (std::size_t i = 0; i < plain.size(); ++i)
      REQUIRE(packed[i] == plain[i]);
    REQUIRE(packed.memory_bytes() <= plain.size() * bytes + 8);
  }
  packed.resize(10);
  packed.resize(20);
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(packed[i] == (i < 10 ? plain[i] : 0));
}

}  // namespace headroom
