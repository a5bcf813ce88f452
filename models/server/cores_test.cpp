// Work on cores where one request has several pieces of it at once.
#include <catch2/catch.hpp>

#include "models/server/test_tier.hpp"

using namespace headroom;

namespace {

ServerPlan plan_with(std::int64_t slots, std::uint32_t cores) {
  ServerPlan plan = plan_of(slots);
  plan.cores = cores;
  return plan;
}

Actions three_pieces(std::uint32_t need = 3) {
  return {side_by_side(1, need, {{cpu_ms(2, 100)}, {cpu_ms(3, 100)}, {cpu_ms(4, 100)}})};
}

std::vector<std::int64_t> ms_each(std::vector<std::int64_t> times) {
  for (std::int64_t& each : times)
    each *= 1'000'000;
  return times;
}

BusyArea used(const TestTier& tier) {
  return tier.server.result().replicas[0].used;
}

}  // namespace

TEST_CASE("three pieces of one request take turns on one core") {
  TestTier tier(plan_of(1), {three_pieces()});  // as many cores as slots
  tier.send(1);
  tier.simulation.run();
  CHECK(tier.answered_ns() == ms_each({300}));
  CHECK(used(tier).busy == ms_area(300));
  CHECK(used(tier).available == ms_area(300));

  TestTier two(plan_with(1, 2), {three_pieces()});
  two.send(1);
  two.simulation.run();
  CHECK(two.answered_ns() == ms_each({200}));

  TestTier three(plan_with(1, 3), {three_pieces()});
  three.send(2);
  three.simulation.run();
  CHECK(three.answered_ns() == ms_each({100, 200}));
  CHECK(used(three).busy == used(three).available);
}

TEST_CASE("one core does ten pieces a second, however many slots there are") {
  for (const std::int64_t slots : {1, 2}) {
    TestTier tier(plan_with(slots, 1), {three_pieces()});
    for (std::int64_t i = 0; i < 40; ++i)
      tier.send_at_ms(i * 250);
    tier.run_to_ms(9000);
    CHECK(tier.answers.size() == 30);  // 3.33 requests a second
    CHECK(used(tier).busy == ms_area(9000));
    CHECK(used(tier).available == ms_area(9000));
  }
}

TEST_CASE("pieces that nobody waits for keep their core") {
  // The answer leaves after the first piece, and the next request finds the core taken.
  TestTier tier(plan_of(1), {three_pieces(1)});
  tier.send(2);
  tier.simulation.run();
  CHECK(tier.answered_ns() == ms_each({100, 400}));
  CHECK(used(tier).busy == ms_area(600));
  CHECK(used(tier).available == ms_area(600));

  // One branch fails at once, the other works on.
  Actions hasty{side_by_side(1, 2, {{cpu_ms(2, 100)}, {fails(3, 1)}})};
  TestTier failing(plan_of(1), {hasty});
  failing.send(2);
  failing.simulation.run();
  CHECK(failing.answered_ns() == ms_each({0, 0}));
  CHECK(used(failing).busy == ms_area(200));
  CHECK(failing.simulation.now() == at_ms(200));
}

TEST_CASE("which steps may have several pieces of work at once") {
  const Actions work{cpu_ms(9, 1)}, pause{wait_ms(8, 1)}, chance{fails(7, 0.5)};
  CHECK_FALSE(overlaps(work));
  CHECK_FALSE(overlaps({side_by_side(1, 1, {work})}));
  CHECK_FALSE(overlaps({side_by_side(1, 2, {pause, pause})}));
  CHECK_FALSE(overlaps({side_by_side(1, 2, {work, pause})}));
  CHECK_FALSE(overlaps({one_of(1, {0.5, 1}, {work, work})}));
  CHECK_FALSE(overlaps({times(1, 5, work)}));
  CHECK(overlaps({side_by_side(1, 2, {work, work})}));
  CHECK(overlaps({side_by_side(1, 1, {work, pause})}));
  CHECK(overlaps({side_by_side(1, 2, {work, chance})}));
  CHECK(overlaps({times(1, 5, {side_by_side(2, 2, {work, work})})}));
  CHECK(overlaps({side_by_side(1, 2, {{one_of(2, {1}, {work})}, {times(3, 2, work)}})}));

  sim::Simulation simulation(1);
  Downstream cache(simulation, sim::Duration());
  Action look_up = call_of(1, cache);
  look_up.operation = Operation::get;
  CHECK_FALSE(overlaps({look_up}));
  look_up.branches = {work};  // fetched again while the request goes on
  CHECK(overlaps({look_up}));
}
