#include "app/study/capacity_search.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "sim/kernel/random.hpp"

namespace headroom {
namespace {

using Options = CapacitySearch::Options;
using Curve = std::function<CapacitySearch::Trial(double)>;

CapacitySearch searched(Options options, const Curve& curve) {
  CapacitySearch search(options);
  while (const auto at = search.next())
    search.record(curve(*at));
  return search;
}

/// A sharp limit, and undecided within `blur` of it.
Curve up_to(double limit, double blur = 0) {
  return [=](double at) {
    if (std::abs(at - limit) < blur) {
      return CapacitySearch::Trial{at, Verdict::undecided, at <= limit};
    }
    return CapacitySearch::Trial{at, at <= limit ? Verdict::met : Verdict::missed, at <= limit};
  };
}

Curve from(double limit) {
  return [=](double at) {
    return CapacitySearch::Trial{at, at >= limit ? Verdict::met : Verdict::missed, at >= limit};
  };
}

TEST_CASE("A sharp limit is enclosed to one percent, from any start") {
  for (const double start : {0.001, 0.3, 1.0, 79.9, 80.0, 500.0, 70000.0}) {
    const auto search = searched({.start = start}, up_to(80));
    INFO(start);
    CHECK(*search.holds() <= 80);
    CHECK(*search.breaks() > 80);
    CHECK(*search.breaks() - *search.holds() <= 0.01 * *search.breaks());
    CHECK(search.is_monotone());
    CHECK(search.trials().size() <= 30);
  }
}

TEST_CASE("Where the answer is known before, two values confirm it") {
  Options options{.start = 79.5};
  options.then = 80.2;
  options.looks_back = false;
  const auto same = searched(options, up_to(80));
  CHECK(same.trials().size() == 2);
  CHECK(same.holds() == 79.5);
  CHECK(same.breaks() == 80.2);
  for (const double limit : {20.0, 79.0, 81.0, 300.0}) {
    const auto other = searched(options, up_to(limit));
    INFO(limit);
    CHECK(*other.holds() <= limit);
    CHECK(*other.breaks() > limit);
    CHECK(*other.breaks() - *other.holds() <= 0.01 * *other.breaks());
  }
}

TEST_CASE("What cannot be decided stays within the interval, and both its ends are found") {
  const auto search = searched({.start = 10}, up_to(80, 5));
  CHECK(*search.holds() <= 75);
  CHECK(*search.holds() > 75 - 0.011 * 80);
  CHECK(*search.breaks() >= 85);
  CHECK(*search.breaks() < 85 + 0.011 * 85);
  CHECK(*search.estimate() == Approx(80).margin(2.5));
}

TEST_CASE("Whole numbers end at neighbours") {
  for (const double start : {1.0, 5.0, 7.0, 64.0}) {
    const auto most = searched({.start = start, .whole = true}, up_to(7));
    CHECK(*most.holds() == 7);
    CHECK(*most.breaks() == 8);
    CHECK(*most.estimate() == 7);
    const auto least = searched({.start = start, .whole = true, .smallest = true}, from(7));
    CHECK(*least.holds() == 7);
    CHECK(*least.breaks() == 6);
  }
}

TEST_CASE("A goal that always holds, or never, is said to") {
  const auto always = searched({.start = 3}, up_to(1e300));
  CHECK(always.holds().has_value());
  CHECK_FALSE(always.breaks().has_value());
  CHECK(*always.holds() == 3e6);
  const auto never = searched({.start = 3}, up_to(0));
  CHECK_FALSE(never.holds().has_value());
  CHECK(*never.breaks() == Approx(3e-6));
  const auto one_is_enough = searched({.start = 4, .whole = true, .smallest = true}, from(0));
  CHECK(*one_is_enough.holds() == 1);
  CHECK_FALSE(one_is_enough.breaks().has_value());
}

TEST_CASE("Bounds are kept and reached") {
  const Options options{.start = 10, .least = 4, .most = 25};
  const auto search = searched(options, up_to(1e9));
  for (const auto& trial : search.trials()) {
    CHECK(trial.at >= 4);
    CHECK(trial.at <= 25);
  }
  CHECK(*search.holds() == 25);
}

TEST_CASE("Whole numbers that cannot be are not tried again, nor any below") {
  CapacitySearch search({.start = 800, .whole = true, .smallest = true});
  int excluded = 0;
  while (const auto at = search.next()) {
    if (*at >= 5) {
      search.record({*at, Verdict::met, true});
    } else {
      CHECK(search.exclude(*at));
      ++excluded;
    }
  }
  CHECK(*search.holds() == 5);
  CHECK(excluded <= 3);
  for (const Options& options : {Options{.start = 8}, Options{.start = 8, .whole = true}}) {
    CapacitySearch other(options);
    other.record({*other.next(), Verdict::met, true});
    CHECK_FALSE(other.exclude(16));
    CHECK_FALSE(other.exclude(4));
  }
}

TEST_CASE("A dip below the first limit found is seen, and the search goes on below it") {
  const Curve dips = [](double at) {
    const bool met = at <= 80 && !(at > 35 && at < 45);
    return CapacitySearch::Trial{at, met ? Verdict::met : Verdict::missed, met};
  };
  const auto search = searched({.start = 64}, dips);
  CHECK_FALSE(search.is_monotone());
  CHECK(*search.holds() <= 35);
  CHECK(*search.breaks() > 35);
  CHECK(*search.breaks() - *search.holds() < 1);
}

TEST_CASE("A goal that asks for a least load is met between two values, and both are seen") {
  const Curve between = [](double at) {
    const bool met = at > 45 && at <= 80;
    return CapacitySearch::Trial{at, met ? Verdict::met : Verdict::missed, met};
  };
  for (const double start : {50.0, 79.0, 110.0}) {
    INFO(start);
    const auto search = searched({.start = start}, between);
    CHECK_FALSE(search.is_monotone());
    CHECK(*search.holds() <= 80);
    CHECK(*search.breaks() > 80);
    CHECK(*search.breaks() - *search.holds() < 1);
    CHECK(search.trials().size() < 30);
  }
  const Curve mirrored = [&](double at) {
    auto trial = between(3600 / at);
    trial.at = at;
    return trial;
  };
  const auto smallest = searched({.start = 70, .smallest = true}, mirrored);
  CHECK_FALSE(smallest.is_monotone());
  CHECK(*smallest.holds() >= 45);
  CHECK(*smallest.breaks() < 45);
}

/// Each trial measures a curve with noise that is common to all trials of a search, as with common
/// random numbers, and says what its 95 % interval says.
TEST_CASE("With noise the interval holds the truth as often as it should") {
  int covered = 0;
  constexpr int searches = 2000;
  for (int i = 0; i < searches; ++i) {
    sim::Stream stream(7, static_cast<std::uint32_t>(i), "noise");
    double normal = -6;
    for (int k = 0; k < 12; ++k)
      normal += stream.uniform();
    const Curve noisy = [&](double at) {
      const double error = 0.04;  // relative, of the estimate at any value
      const double value = at / 80 * (1 + error * normal);
      const double half = 1.96 * error;
      const Verdict verdict = value + half <= 1  ? Verdict::met
                              : value - half > 1 ? Verdict::missed
                                                 : Verdict::undecided;
      return CapacitySearch::Trial{at, verdict, value <= 1};
    };
    const auto search = searched({.start = 10}, noisy);
    covered += *search.holds() <= 80 && 80 <= *search.breaks();
  }
  // 95 %, and four standard errors of so many searches; the resolution only adds to it.
  CHECK(covered >= searches * (0.95 - 4 * std::sqrt(0.95 * 0.05 / searches)));
  CHECK(covered < searches);
}

}  // namespace
}  // namespace headroom
