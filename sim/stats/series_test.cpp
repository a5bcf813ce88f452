#include "sim/stats/series.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "sim/stats/test_numbers.hpp"
#include "sim/stats/time_average.hpp"

using headroom::sim::Duration;
using headroom::sim::Histogram;
using headroom::sim::LevelSeries;
using headroom::sim::SampleSeries;
using headroom::sim::TestNumbers;
using headroom::sim::Time;
using headroom::sim::TimeAverage;
using headroom::sim::Windows;

namespace {

const Windows ten_windows{Time::at_ns(1'000), Duration::ns(100), 10};

}  // namespace

TEST_CASE("sample series: a window holds its first instant and not the next one's") {
  SampleSeries series(ten_windows);
  for (const std::int64_t at : {999, 1'000, 1'099, 1'100, 1'999, 2'000, 5'000}) {
    series.record(Time::at_ns(at), at);
  }
  series.record(Time::never(), 1);
  CHECK(series.size() == 10);
  CHECK(series[0] == 2);
  CHECK(series[1] == 1);
  CHECK(series[2] == 0);
  CHECK(series[9] == 1);
  CHECK(series.rates_per_s()[0] == Approx(2 / 100e-9));
  SampleSeries none(Windows{Time(), Duration::ns(1), 0});
  none.record(Time(), 1);
  CHECK(none.rates_per_s().empty());
}

TEST_CASE("sample series: equals sorting the samples by window, in any order of time") {
  TestNumbers random{1};
  SampleSeries series(ten_windows, SampleSeries::Keep::histograms);
  std::vector<std::vector<std::int64_t>> samples(10);
  for (int i = 0; i < 5'000; ++i) {
    const std::int64_t at = 900 + random.below(1'200);
    const std::int64_t value = random.below(1'000'000);
    series.record(Time::at_ns(at), value);
    for (std::size_t w = 0; w < 10; ++w) {
      if (Time::at_ns(at) >= ten_windows.begin(w) && Time::at_ns(at) < ten_windows.begin(w + 1)) {
        samples[w].push_back(value);
      }
    }
  }
  for (std::size_t w = 0; w < 10; ++w) {
    Histogram expected;
    for (const std::int64_t value : samples[w]) {
      expected.record(value);
    }
    CHECK(series[w] == samples[w].size());
    CHECK(series.histogram(w) == expected);
  }
}

TEST_CASE("level series: one level over several windows") {
  LevelSeries series(ten_windows, 1);
  series.set(Time::at_ns(500), 4);
  series.set(Time::at_ns(1'150), 2);
  series.set(Time::at_ns(1'150), 9);  // Lasts no time.
  series.set(Time::at_ns(1'150), 0);
  series.set(Time::at_ns(1'300), 3);
  series.finish(Time::at_ns(1'350));
  CHECK((series[0].area == 400));
  CHECK((series[1].area == 200));
  CHECK((series[2].area == 0));
  CHECK((series[3].covered_ns == 50));
  CHECK((series[4].covered_ns == 0));
  CHECK(series.means() == std::vector<double>{4, 2, 0, 3, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("level series: equals a time average restarted at each window") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    TestNumbers random{seed};
    LevelSeries series(ten_windows);
    TimeAverage average;
    std::vector<__int128> areas;
    std::int64_t now = 0;
    const auto close_windows_until = [&](std::int64_t instant) {
      while (areas.size() <= 10 && ten_windows.begin(areas.size()) <= Time::at_ns(instant)) {
        const Time boundary = ten_windows.begin(areas.size());
        areas.push_back(average.area(boundary));
        average.restart(boundary);
      }
    };
    while (now < 2'500) {
      close_windows_until(now);
      const std::int64_t delta = random.below(9) - 4;
      average.add(Time::at_ns(now), delta);
      series.add(Time::at_ns(now), delta);
      // Steps from none to several windows.
      now += random.below(seed % 2 == 0 ? 30 : 350);
    }
    close_windows_until(2'500);
    series.finish(Time::at_ns(2'500));
    REQUIRE(areas.size() == 11);  // The first one is the time before the windows.
    for (std::size_t w = 0; w < 10; ++w) {
      CHECK((series[w].area == areas[w + 1]));
      CHECK((series[w].covered_ns == 100));
    }
  }
}

TEST_CASE("level series: a run that ends early is averaged over what it covers") {
  LevelSeries interrupted(ten_windows, -3);
  interrupted.finish(Time::at_ns(1'150));
  CHECK(interrupted.means() == std::vector<double>{-3, -3, 0, 0, 0, 0, 0, 0, 0, 0});
}
