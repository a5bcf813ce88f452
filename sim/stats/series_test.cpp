#include "sim/stats/series.hpp"

#include <algorithm>
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
  CHECK(series[0].count == 2);
  CHECK((series[0].sum == 2'099));
  CHECK(series[0].max == 1'099);
  CHECK(series[1].count == 1);
  CHECK(series[2].count == 0);
  CHECK(series[2].max == 0);
  CHECK(series[9].count == 1);
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
    CHECK(series[w].count == samples[w].size());
    CHECK((static_cast<unsigned __int128>(series[w].sum) == expected.sum()));
    CHECK(series[w].max == expected.max());
    CHECK(series.histogram(w) == expected);
  }
}

TEST_CASE("sample series: replications merge in any order, rates are averaged") {
  std::vector<SampleSeries> runs(3, SampleSeries(ten_windows, SampleSeries::Keep::histograms));
  TestNumbers random{2};
  for (int i = 0; i < 600; ++i) {
    runs[random.next() % 3].record(Time::at_ns(1'000 + random.below(1'000)), random.below(9'999));
  }
  SampleSeries forward = runs[0];
  forward.merge(runs[1]);
  forward.merge(runs[2]);
  SampleSeries backward = runs[2];
  backward.merge(runs[1]);
  backward.merge(runs[0]);
  CHECK(forward == backward);
  CHECK(forward.replications() == 3);
  for (std::size_t w = 0; w < 10; ++w) {
    double rate = 0;
    for (const SampleSeries& run : runs) {
      rate += run.rates_per_s()[w] / 3;
    }
    CHECK(forward.rates_per_s()[w] == Approx(rate));
  }
  CHECK_FALSE(forward == runs[0]);
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
  CHECK(series[1].max == 4);
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

TEST_CASE("level series: replications are averaged by the time they cover") {
  LevelSeries whole(ten_windows, 6);
  whole.finish(Time::at_ns(3'000));
  LevelSeries interrupted(ten_windows, -3);
  interrupted.finish(Time::at_ns(1'150));
  LevelSeries merged = whole;
  merged.merge(interrupted);
  CHECK(merged.replications() == 2);
  CHECK(merged.means()[0] == Approx(1.5));
  CHECK(merged.means()[1] == Approx((6 * 100 - 3 * 50) / 150.0));
  CHECK(merged.means()[2] == 6);
  CHECK(merged[0].max == 6);
  LevelSeries other_way = interrupted;
  other_way.merge(whole);
  CHECK(other_way.means() == merged.means());
  for (std::size_t w = 0; w < 10; ++w) {
    CHECK(other_way[w] == merged[w]);
  }
  CHECK(interrupted[0].max == -3);
}
