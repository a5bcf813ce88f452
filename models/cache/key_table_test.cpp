#include "models/cache/key_table.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "sim/kernel/random.hpp"

namespace headroom {
namespace {

TEST_CASE("A line finds a tag where it is, by either way of looking") {
  sim::Stream random(1, 0, "lines");
  for (int round = 0; round < 20'000; ++round) {
    KeyTable::Line line;
    line.passed = static_cast<std::uint32_t>(random());
    const std::uint64_t few = random() % 4 + 1;  // So that tags come several times.
    for (unsigned place = 0; place < 12; ++place)
      line.set(place, static_cast<std::uint8_t>(random() % few * (random() % 256)), place);
    for (unsigned tag = 0; tag < 256; ++tag) {
      std::uint32_t expected = 0;
      for (unsigned place = 0; place < 12; ++place)
        expected |= static_cast<std::uint32_t>(line.tags[place] == tag) << place;
      if (line.matches(static_cast<std::uint8_t>(tag)) != expected) FAIL("round " << round);
      if (line.matches_by_words(static_cast<std::uint8_t>(tag)) != expected)
        FAIL("by words, round " << round);
    }
  }
}

TEST_CASE("A table that is nearly full finds what is in it and nothing else") {
  constexpr std::uint64_t lines = 40;
  KeyTable table(lines);
  std::map<std::uint64_t, CacheSlot> plain;
  sim::Stream random(1, 0, "table");
  const auto found = [&](std::uint64_t key) {
    const auto at = plain.find(key);
    return table.find(KeyTable::hash(key),
                      [&](CacheSlot slot) { return at != plain.end() && at->second == slot; });
  };
  for (CacheSlot slot = 1; slot <= 50'000; ++slot) {
    const std::uint64_t key = random() % 600;
    const auto at = plain.find(key);
    REQUIRE((found(key) != no_slot) == (at != plain.end()));
    if (at != plain.end()) {
      table.remove(KeyTable::hash(key), at->second);
      plain.erase(at);
    } else if (plain.size() < 12 * lines - 1) {
      table.add(KeyTable::hash(key), slot);
      plain[key] = slot;
    }
  }
  REQUIRE(plain.size() > 200);
  for (const auto& [key, slot] : plain)
    REQUIRE(found(key) == slot);
}

}  // namespace
}  // namespace headroom
