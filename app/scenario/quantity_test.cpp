#include "app/scenario/quantity.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace headroom;

namespace {

double value_of(Quantity quantity, std::string_view text) {
  const auto parsed = parse_quantity(quantity, text);
  INFO(text << ": " << parsed.message);
  REQUIRE(parsed.value);
  return *parsed.value;
}
std::string hint_of(Quantity quantity, std::string_view text) {
  const auto parsed = parse_quantity(quantity, text);
  INFO(text);
  REQUIRE_FALSE(parsed.value);
  REQUIRE_FALSE(parsed.message.empty());
  return parsed.hint;
}

}  // namespace

TEST_CASE("quantities read in base units", "[quantity]") {
  CHECK(value_of(Quantity::time, "5ms") == 5e6);
  CHECK(value_of(Quantity::time, "1.5us") == 1500);
  CHECK(value_of(Quantity::time, "0s") == 0);
  CHECK(value_of(Quantity::time, "2h") == 7200e9);
  CHECK(value_of(Quantity::time, "1d") == 86400e9);
  CHECK(value_of(Quantity::rate, "800/s") == 800);
  CHECK(value_of(Quantity::rate, "1.5M/s") == 1.5e6);
  CHECK(value_of(Quantity::rate, "90/min") == 1.5);
  CHECK(value_of(Quantity::rate, "10k/s") == 10'000);
  CHECK(value_of(Quantity::bytes, "2kB") == 2000);
  CHECK(value_of(Quantity::bytes, "4KiB") == 4096);
  CHECK(value_of(Quantity::bandwidth, "10Gbit/s") == 1.25e9);
  CHECK(value_of(Quantity::bandwidth, "3MB/s") == 3e6);
  CHECK(value_of(Quantity::ratio, "0.1%") == 0.001);
  CHECK(value_of(Quantity::ratio, "0.25") == 0.25);
  CHECK(value_of(Quantity::percentile, "p99.9") == 99.9);
  CHECK(value_of(Quantity::time, "1e3ms") == 1e9);
}

TEST_CASE("whole nanoseconds are exact up to the end of time", "[quantity]") {
  CHECK(parse_quantity(Quantity::time, "9223372036854775806ns").integer == INT64_MAX - 1);
  CHECK(hint_of(Quantity::time, "1e30s").find("292 years") != std::string::npos);
  CHECK(hint_of(Quantity::time, "300000d").find("292 years") != std::string::npos);
}

TEST_CASE("what is no quantity is refused with the fix", "[quantity]") {
  CHECK(hint_of(Quantity::time, "5") == "write \"5ms\" or \"5s\"");
  CHECK(hint_of(Quantity::time, "5 m") == "write \"5min\" or \"5ms\"");
  CHECK(hint_of(Quantity::time, "5m") == "write \"5min\" or \"5ms\"");
  CHECK(hint_of(Quantity::time, "5 Ms") == "write \"5ms\"");
  CHECK(hint_of(Quantity::time, "5sec").find("units are") == 0);
  CHECK(hint_of(Quantity::rate, "10") == "write \"10/s\"");
  CHECK(hint_of(Quantity::bandwidth, "10gbit/s") == "write \"10Gbit/s\"");
  for (const char* bad :
       {"nanms", "-3ms", "infs", "-0ms", "", "ms", "+5ms", "0x5ms", "5,0ms", "1e999ms"})
    hint_of(Quantity::time, bad);
  CHECK(parse_quantity(Quantity::time, "nanms").message == "\"nanms\" is not finite");
  CHECK(parse_quantity(Quantity::time, "-3ms").message == "\"-3ms\" is negative");
  CHECK(hint_of(Quantity::percentile, "p100").find("below p100") != std::string::npos);
}

TEST_CASE("what is printed reads back the same", "[quantity]") {
  CHECK(print(sim::Duration::ms(5)) == "5ms");
  CHECK(print(sim::Duration::seconds(600)) == "10min");
  CHECK(print(sim::Duration()) == "0s");
  CHECK(print(Rate{10'000}) == "10k/s");
  CHECK(print(Bytes{4096}) == "4KiB");
  CHECK(print(Bytes{2000}) == "2kB");
  CHECK(print(Bandwidth{1.25e9}) == "10Gbit/s");
  CHECK(print(Ratio{0.001}) == "0.1%");

  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto any = static_cast<std::int64_t>(random() >> (1 + random() % 63));
    CHECK(parse_quantity(Quantity::time, print(sim::Duration::ns(any))).integer == any);
    CHECK(parse_quantity(Quantity::bytes, print(Bytes{any})).integer == any);
    const double real = static_cast<double>(any) / static_cast<double>(1 + (random() >> 40));
    CHECK(value_of(Quantity::rate, print(Rate{real})) == real);
    CHECK(value_of(Quantity::bandwidth, print(Bandwidth{real})) == real);
    CHECK(value_of(Quantity::ratio, print(Ratio{real})) == real);
  }
}
