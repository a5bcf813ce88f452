#include "models/resilience/backoff.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace headroom {
namespace {

RetryPlan plan_of(Jitter jitter) {
  RetryPlan plan;
  plan.attempts = 10;
  plan.backoff.a = 100e6;  // 100 ms
  plan.jitter = jitter;
  return plan;
}

struct Sample {
  double mean = 0, variance = 0, low = 1e300, high = 0;
};

Sample sample(const RetryPlan& plan, std::uint32_t retry, sim::Duration previous) {
  constexpr int n = 100'000;
  Sample s;
  double squares = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const double ms = backoff(plan, retry, previous, sim::Keyed(sim::mix(7, i))).in_seconds() * 1e3;
    s.mean += ms / n;
    squares += ms * ms / n;
    s.low = std::min(s.low, ms);
    s.high = std::max(s.high, ms);
  }
  s.variance = squares - s.mean * s.mean;
  return s;
}

/// Checks that the pauses are uniform from `low` to `high` ms by their first two moments.
void check_uniform(const Sample& s, double low, double high) {
  const double width = high - low;
  CHECK(std::abs(s.mean - (low + high) / 2) < 4 * width / std::sqrt(12 * 100'000.0));
  CHECK(s.variance == Approx(width * width / 12).epsilon(0.02));
  CHECK(s.low >= low);
  CHECK(s.low < low + 0.001 * width);
  CHECK(s.high <= high);
  CHECK(s.high > high - 0.001 * width);
}

TEST_CASE("Backoff without jitter grows geometrically up to its cap") {
  RetryPlan plan = plan_of(Jitter::none);
  plan.max_backoff = sim::Duration::ms(500);
  const std::int64_t expected_ms[] = {100, 200, 400, 500, 500};
  for (std::uint32_t retry = 1; retry <= 5; ++retry) {
    CHECK(backoff(plan, retry, {}, sim::Keyed(1)) == sim::Duration::ms(expected_ms[retry - 1]));
  }
  plan.max_backoff.reset();
  plan.multiplier = 1;
  CHECK(backoff(plan, 1000, {}, sim::Keyed(1)) == sim::Duration::ms(100));
  plan.multiplier = 2;
  CHECK(backoff(plan, 1000, {}, sim::Keyed(1)) == sim::Duration::forever());
  plan.backoff.a = 0;
  CHECK(backoff(plan, 1000, {}, sim::Keyed(1)) == sim::Duration());
}

TEST_CASE("Jitter spreads pauses as its source says") {
  check_uniform(sample(plan_of(Jitter::full), 3, {}), 0, 400);
  check_uniform(sample(plan_of(Jitter::equal), 3, {}), 200, 400);
  check_uniform(sample(plan_of(Jitter::decorrelated), 1, {}), 100, 300);
  check_uniform(sample(plan_of(Jitter::decorrelated), 4, sim::Duration::ms(700)), 100, 2100);
}

TEST_CASE("The cap comes before full and equal jitter and after decorrelated jitter") {
  RetryPlan plan = plan_of(Jitter::full);
  plan.max_backoff = sim::Duration::ms(300);
  check_uniform(sample(plan, 9, {}), 0, 300);
  plan.jitter = Jitter::equal;
  check_uniform(sample(plan, 9, {}), 150, 300);
  plan.jitter = Jitter::decorrelated;
  const Sample s = sample(plan, 9, sim::Duration::ms(700));
  CHECK(s.high ==
        Approx(300));  // a point mass at the cap: P = 1800/2000, mean 0.9 x 300 + 0.1 x 200
  CHECK(s.mean == Approx(290).margin(4 * 33.5 / std::sqrt(100'000.0)));
}

TEST_CASE("A backoff may be drawn from a distribution") {
  RetryPlan plan = plan_of(Jitter::none);
  plan.backoff.kind = Distribution::Kind::exponential;
  const Sample s = sample(plan, 2, {});
  CHECK(s.mean == Approx(200).margin(4 * 200 / std::sqrt(100'000.0)));
}

}  // namespace
}  // namespace headroom
