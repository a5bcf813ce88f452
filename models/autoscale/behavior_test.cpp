#include "models/autoscale/behavior.hpp"

#include <catch2/catch.hpp>

namespace headroom {
namespace {

sim::Time second(std::int64_t s) {
  return sim::Time() + sim::Duration::seconds(s);
}

TEST_CASE("What a behavior does not say is as in Kubernetes") {
  ScalingBehavior behavior{BehaviorPlan()};
  // 4 instances or 100 % in 15 s, the larger; all at once down, after 5 minutes.
  CHECK(behavior.limited(second(0), 1, 100) == 5);
  CHECK(behavior.limited(second(0), 4, 100) == 8);
  CHECK(behavior.limited(second(0), 10, 100) == 20);
  CHECK(behavior.limited(second(0), 10, 12) == 12);
  CHECK(behavior.limited(second(0), 10, 0) == 0);
  behavior.scaled(second(0), 10, 20);
  CHECK(behavior.limited(second(14), 20, 100) == 20);
  CHECK(behavior.limited(second(15), 20, 100) == 40);
  // Of the 20 that came three go again: the period began with 10.
  behavior.scaled(second(10), 20, 17);
  CHECK(behavior.limited(second(14), 17, 100) == 20);
  CHECK(behavior.steady(second(20), 17, 30) == 30);
  CHECK(behavior.steady(second(319), 30, 5) == 30);
  CHECK(behavior.steady(second(320), 30, 5) == 5);
}

TEST_CASE("A pool grows to the least that was wanted within the window") {
  BehaviorPlan plan;
  plan.scale_up = ScalingRules{sim::Duration::seconds(30), SelectPolicy::max, {}};
  ScalingBehavior behavior(plan);
  behavior.begin(second(0), 4);
  CHECK(behavior.steady(second(15), 4, 9) == 4);
  CHECK(behavior.steady(second(30), 4, 8) == 8);  // 4 was 30 s ago; 9 and 8 were since
  CHECK(behavior.steady(second(45), 8, 12) == 8);
  CHECK(behavior.steady(second(60), 8, 12) == 12);
}

TEST_CASE("A direction can be closed, and the smallest of several changes be the one that counts") {
  BehaviorPlan plan;
  const sim::Duration minute = sim::Duration::seconds(60);
  plan.scale_down = ScalingRules{{}, SelectPolicy::disabled, {}};
  plan.scale_up = ScalingRules{
      {}, SelectPolicy::min, {{3, std::nullopt, minute}, {std::nullopt, Ratio{0.1}, minute}}};
  ScalingBehavior behavior(plan);
  CHECK(behavior.limited(second(0), 10, 2) == 10);
  CHECK(behavior.limited(second(0), 10, 40) == 11);
  CHECK(behavior.limited(second(0), 11, 40) == 13);  // 12.1, up
  CHECK(behavior.limited(second(0), 100, 400) == 103);
  behavior.scaled(second(0), 100, 110);  // by a schedule: more than the policies allow
  CHECK(behavior.limited(second(1), 110, 400) == 110);
}

}  // namespace
}  // namespace headroom
