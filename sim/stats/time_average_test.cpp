#include "sim/stats/time_average.hpp"
#include "sim/stats/test_numbers.hpp"

#include <catch2/catch.hpp>
#include <vector>

using headroom::sim::Duration;
using headroom::sim::TestNumbers;
using headroom::sim::Time;
using headroom::sim::TimeAverage;

TEST_CASE("time average: steps") {
  TimeAverage busy(Time::at_ns(10));
  busy.add(Time::at_ns(20), 2);
  busy.add(Time::at_ns(30), 1);
  busy.set(Time::at_ns(40), 0);
  CHECK((busy.area(Time::at_ns(50)) == 0 * 10 + 2 * 10 + 3 * 10 + 0 * 10));
  CHECK(busy.mean(Time::at_ns(50)) == 1.25);
  CHECK(busy.level() == 0);
}

TEST_CASE("time average: no time has passed") {
  const TimeAverage level(Time::at_ns(5), 7);
  CHECK(level.mean(Time::at_ns(5)) == 7);
  CHECK((level.area(Time::at_ns(5)) == 0));
}

TEST_CASE("time average: areas beyond 64 bits are exact") {
  TimeAverage level(Time(), 1'000'000'000);
  const Time end = Time::at_ns(INT64_MAX - 1);
  CHECK((level.area(end) == static_cast<__int128>(INT64_MAX - 1) * 1'000'000'000));
  CHECK(level.mean(end) == 1e9);
}

TEST_CASE("time average: equals the sum over every nanosecond, warm-up or not") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    TestNumbers random{seed};
    const std::int64_t warm_up = static_cast<std::int64_t>(random.next() % 1'000);
    TimeAverage average;
    std::vector<std::int64_t> level_at(2'000);  // By nanosecond.
    std::int64_t level = 0;
    bool warm = false;
    for (std::int64_t now = 0; now < 2'000; ++now) {
      if (now == warm_up) {
        average.restart(Time::at_ns(now));
        warm = true;
      }
      while (random.next() % 4 == 0) {  // Several changes in one instant, too.
        const auto delta = static_cast<std::int64_t>(random.next() % 7) - 3;
        level += delta;
        average.add(Time::at_ns(now), delta);
      }
      level_at[static_cast<std::size_t>(now)] = level;
    }
    std::int64_t area = 0;
    for (std::int64_t now = warm_up; now < 2'000; ++now) {
      area += level_at[static_cast<std::size_t>(now)];
    }
    const Time end = Time::at_ns(2'000);
    REQUIRE(warm);
    CHECK((average.area(end) == area));
    CHECK(average.mean(end) == static_cast<double>(area) / static_cast<double>(2'000 - warm_up));
  }
}

TEST_CASE("time average: Little's law holds to the last digit") {
  TestNumbers random{4};
  TimeAverage in_system;
  struct Change {
    std::int64_t at;
    std::int64_t delta;
  };
  std::vector<Change> changes;
  __int128 time_in_system = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto arrival = static_cast<std::int64_t>(random.next() % 1'000'000);
    const auto sojourn = static_cast<std::int64_t>(random.next() % 10'000);
    changes.push_back({arrival, 1});
    changes.push_back({arrival + sojourn, -1});
    time_in_system += sojourn;
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.at < b.at; });
  for (const Change& change : changes) {
    in_system.add(Time::at_ns(change.at), change.delta);
  }
  CHECK(in_system.level() == 0);
  CHECK((in_system.area(Time::at_ns(2'000'000)) == time_in_system));
}
