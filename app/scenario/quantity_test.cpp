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

TEST_CASE("every unit is what it is called, to the last bit", "[quantity]") {
  using Units = std::vector<std::pair<const char*, long double>>;
  const auto check = [](Quantity quantity, const Units& units) {
    for (const auto& [unit, worth] : units) {
      for (const int number : {1, 2, 7, 18, 90, 300, 12'345}) {
        INFO(number << unit);
        CHECK(value_of(quantity, std::to_string(number) + unit) ==
              static_cast<double>(number * worth));
      }
    }
  };
  check(Quantity::time, {{"ns", 1.0L},
                         {"us", 1e3L},
                         {"ms", 1e6L},
                         {"s", 1e9L},
                         {"min", 60e9L},
                         {"h", 3600e9L},
                         {"d", 86400e9L}});
  check(Quantity::rate, {{"/s", 1.0L},
                         {"/min", 1.0L / 60},
                         {"/h", 1.0L / 3600},
                         {"k/s", 1e3L},
                         {"k/min", 1e3L / 60},
                         {"k/h", 1e3L / 3600},
                         {"M/s", 1e6L},
                         {"M/min", 1e6L / 60},
                         {"M/h", 1e6L / 3600}});
  long double decimal = 1, binary = 1;
  for (const std::string prefix : {"", "k", "M", "G", "T"}) {
    const std::string in_bytes = prefix + "B", in_kib = (prefix == "k" ? "K" : prefix) + "iB";
    check(Quantity::bytes, {{in_bytes.c_str(), decimal}});
    check(Quantity::bandwidth,
          {{(in_bytes + "/s").c_str(), decimal}, {(prefix + "bit/s").c_str(), decimal / 8}});
    if (!prefix.empty()) check(Quantity::bytes, {{in_kib.c_str(), binary}});
    if (!prefix.empty() && prefix != "T")
      check(Quantity::bandwidth, {{(in_kib + "/s").c_str(), binary}});
    decimal *= 1000;
    binary *= 1024;
  }
  check(Quantity::ratio, {{"%", 1 / 100.0L}, {"", 1.0L}});
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
