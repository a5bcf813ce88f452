#include "sim/kernel/random.hpp"

#include <array>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

namespace headroom::sim {
namespace {

template <class Source>
double chi_square_of_bytes(Source source) {
  std::array<double, 256> seen{};
  constexpr int draws = 100'000;
  for (int i = 0; i < draws; ++i) {
    for (std::uint64_t word = source(), byte = 0; byte < 8; ++byte, word >>= 8)
      ++seen[word & 255];
  }
  double sum = 0;
  constexpr double expected = draws * 8.0 / 256;
  for (double count : seen)
    sum += (count - expected) * (count - expected) / expected;
  return sum;
}

/// The published splitmix64 sequence for state 0 (Vigna's splitmix64.c).
constexpr std::array<std::uint64_t, 3> splitmix_of_0 = {0xE220A8397B1DCDAFu, 0x6E789E6AA1B965F4u,
                                                        0x06C45D188009454Fu};

/// xoshiro256++ once more, written after the reference C of Blackman and Vigna.
struct Reference {
  std::array<std::uint64_t, 4> s;
  static std::uint64_t rotl(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  std::uint64_t next() {
    const std::uint64_t result = rotl(s[0] + s[3], 23) + s[0];
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0], s[3] ^= s[1], s[1] ^= s[2], s[0] ^= s[3], s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
  }
};

}  // namespace

TEST_CASE("keyed numbers are splitmix64", "[random]") {
  Keyed keyed(0);
  for (std::uint64_t expected : splitmix_of_0)
    REQUIRE(keyed() == expected);
}

TEST_CASE("streams are xoshiro256++ seeded by splitmix64", "[random]") {
  Keyed words(12345);
  Reference reference{};
  for (auto& word : reference.s)
    word = words();
  Stream stream(12345);
  for (int i = 0; i < 1000; ++i)
    REQUIRE(stream() == reference.next());
}

TEST_CASE("names hash the same everywhere", "[random]") {
  // XXH64 of the empty string with seed 0, from the specification.
  REQUIRE(hash_name("") == 0xEF46DB3751D8E999u);
  REQUIRE(hash_name("web/arrivals") != hash_name("web/services"));
}

TEST_CASE("bytes are uniform", "[random]") {
  // 255 degrees of freedom: mean 255, standard deviation 22.6; within 4 of them.
  for (std::uint64_t key = 1; key <= 5; ++key) {
    REQUIRE(std::abs(chi_square_of_bytes(Stream(key, 0, "bytes")) - 255) < 91);
    REQUIRE(std::abs(chi_square_of_bytes(Keyed(mix(key, 3))) - 255) < 91);
  }
}

TEST_CASE("neighbouring keys share nothing", "[random]") {
  double flipped = 0;
  constexpr int pairs = 10'000;
  for (std::uint64_t key = 0; key < pairs; ++key) {
    flipped += std::popcount(Keyed(mix(7, key))() ^ Keyed(mix(7, key + 1))());
  }
  // Mean 32, standard deviation of one pair 4.
  REQUIRE(std::abs(flipped / pairs - 32) < 4 * 4 / std::sqrt(pairs));
  REQUIRE(mix(mix(1, 2), 3) != mix(mix(1, 3), 2));
}

TEST_CASE("keyed numbers do not depend on the order of drawing", "[random]") {
  std::vector<double> forwards(100);
  for (std::size_t i = 0; i < 100; ++i)
    forwards[i] = Keyed(mix(9, i)).uniform();
  for (std::size_t i = 100; i-- > 0;)
    REQUIRE(Keyed(mix(9, i)).uniform() == forwards[i]);
}

TEST_CASE("numbers below n are uniform", "[random]") {
  Stream stream(4);
  std::array<double, 7> seen{};
  for (int i = 0; i < 70'000; ++i)
    ++seen[stream.below(7)];
  for (double count : seen)
    REQUIRE(std::abs(count - 10'000) < 4 * std::sqrt(10'000 * 6.0 / 7));
}

}  // namespace headroom::sim
