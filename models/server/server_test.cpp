#include "models/server/server.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "models/server/test_tier.hpp"

namespace headroom {
namespace {

using Numbers = std::vector<std::uint64_t>;

std::vector<std::int64_t> ms_each(const std::vector<std::int64_t>& ms) {
  std::vector<std::int64_t> ns;
  for (const auto each : ms)
    ns.push_back(each * 1'000'000);
  return ns;
}

Request of_priority(std::int32_t priority) {
  Request request;
  request.priority = priority;
  return request;
}

Request of_endpoint(std::uint16_t endpoint) {
  Request request;
  request.endpoint = endpoint;
  return request;
}

TEST_CASE("Who came first or last is served next; work begun is finished") {
  TestTier fifo(plan_of(1, Discipline::fifo), {{cpu_ms(1, 10)}});
  fifo.send(4);
  fifo.simulation.run();
  CHECK(fifo.order() == Numbers{0, 1, 2, 3});
  CHECK(fifo.answered_ns() == ms_each({10, 20, 30, 40}));

  TestTier lifo(plan_of(1, Discipline::lifo), {{cpu_ms(1, 10)}});
  lifo.send(4);
  lifo.send_at_ms(15);  // 3 is being served: 4 overtakes 2 and 1, not 3
  lifo.simulation.run();
  CHECK(lifo.order() == Numbers{0, 3, 4, 2, 1});
  CHECK(lifo.answered_ns() == ms_each({10, 20, 30, 40, 50}));
}

TEST_CASE("The largest priority is next, in order of arrival within one") {
  TestTier tier(plan_of(1, Discipline::priority), {{cpu_ms(1, 10)}});
  for (const std::int32_t priority : {0, 1, 5, -3, 1, 5, 0})
    tier.send_at_ms(0, of_priority(priority));
  tier.send_at_ms(15, of_priority(9));  // does not interrupt
  tier.simulation.run();
  CHECK(tier.order() == Numbers{0, 2, 7, 5, 1, 4, 6, 3});
  // Where the discipline is another, the priority means nothing.
  TestTier fifo(plan_of(1), {{cpu_ms(1, 10)}});
  for (const std::int32_t priority : {0, 1, 5})
    fifo.send_at_ms(0, of_priority(priority));
  fifo.simulation.run();
  CHECK(fifo.order() == Numbers{0, 1, 2});
}

TEST_CASE(
    "The smallest amount of cpu work is next, pauses do not count, ties in order of arrival") {
  TestTier tier(plan_of(1, Discipline::shortest_first), {{cpu_ms(1, 30)},
                                                         {cpu_ms(2, 10)},
                                                         {cpu_ms(3, 12), cpu_ms(4, 8)},
                                                         {wait_ms(5, 100), cpu_ms(6, 5)}});
  for (const std::uint16_t endpoint : {0, 0, 2, 1, 2, 3})
    tier.send_at_ms(0, of_endpoint(endpoint));
  tier.simulation.run();
  CHECK(tier.order() == Numbers{0, 5, 3, 2, 4, 1});
  CHECK(tier.answered_ns() == ms_each({30, 135, 145, 165, 185, 215}));
}

TEST_CASE("Shortest first knows the work that will be done, not its mean") {
  TestTier tier(plan_of(1, Discipline::shortest_first), {{cpu(1, exponential_ms(10))}});
  tier.send(200);
  tier.simulation.run();
  const auto times = tier.answered_ns();
  REQUIRE(times.size() == 200);
  std::vector<std::int64_t> work;
  for (std::size_t i = 1; i < times.size(); ++i)
    work.push_back(times[i] - times[i - 1]);
  CHECK(std::is_sorted(work.begin() + 1, work.end()));
  // As much is done, and later on average, first come first served.
  TestTier fifo(plan_of(1), {{cpu(1, exponential_ms(10))}});
  fifo.send(200);
  fifo.simulation.run();
  CHECK(fifo.answered_ns().back() == times.back());
  CHECK(fifo.server.result().sojourn.sum() > tier.server.result().sojourn.sum());
}

TEST_CASE("In random order everyone who waits has the same chance") {
  TestTier tier(plan_of(1, Discipline::random), {{cpu_ms(1, 10)}});
  constexpr std::uint64_t batches = 3000;
  for (std::uint64_t batch = 0; batch < batches; ++batch) {
    for (int i = 0; i < 4; ++i)
      tier.send_at_ms(static_cast<std::int64_t>(batch) * 100 + 1);
  }
  tier.simulation.run();
  const Numbers order = tier.order();
  REQUIRE(order.size() == batches * 4);
  std::map<Numbers, int> seen;  // the first is served at once, the other three in any order
  for (std::uint64_t batch = 0; batch < batches; ++batch) {
    CHECK(order[4 * batch] == 4 * batch);
    ++seen[{order[4 * batch + 1] % 4, order[4 * batch + 2] % 4, order[4 * batch + 3] % 4}];
  }
  CHECK(seen.size() == 6);
  for (const auto& [permutation, count] : seen) {
    CHECK(permutation[0] + permutation[1] + permutation[2] == 6);
    CHECK(count == Approx(500).margin(4 * 20.4));  // 4 standard deviations of the binomial
  }
}

TEST_CASE("The queue takes as many as its limit and rejects the next at once") {
  ServerPlan plan = plan_of(2);
  plan.queue_limit = Limit{3};
  plan.replicas = 2;
  TestTier tier(plan, {{cpu_ms(1, 10)}});
  tier.send(7);
  REQUIRE(tier.answers.size() == 2);
  for (const auto& answer : tier.answers) {
    CHECK(answer.number >= 5);
    CHECK(answer.reply.outcome == Outcome::rejected);
    CHECK(answer.reply.cause == DropCause::queue_full);
  }
  tier.send_at_ms(0, {}, 1);  // 7: the limit is that of one replica
  tier.send_at_ms(15);        // 8: at 10 ms two of three left the queue
  tier.send_at_ms(15);        // 9
  tier.send_at_ms(15);        // 10: full again
  tier.simulation.run();
  CHECK(tier.drops(DropCause::queue_full) == 3);
  CHECK(tier.server.result().completions == 8);
  CHECK(tier.server.result().arrivals == 11);
  CHECK(tier.order() == Numbers{5, 6, 0, 1, 7, 10, 2, 3, 4, 8, 9});
}

TEST_CASE("Without a queue only a free slot takes a request; an unlimited one takes all") {
  ServerPlan plan = plan_of(1);
  plan.queue_limit = Limit{0};
  TestTier none(plan, {{cpu_ms(1, 10)}});
  none.send(3);
  none.send_at_ms(11);
  none.simulation.run();
  CHECK(none.order() == Numbers{1, 2, 0, 3});
  CHECK(none.drops(DropCause::queue_full) == 2);

  plan.queue_limit = Limit::unlimited();
  TestTier all(plan, {{cpu_ms(1, 1)}});
  all.send(5000);
  all.simulation.run();
  CHECK(all.server.result().completions == 5000);

  TestTier slots(plan_of(Limit::unlimited().count), {{wait_ms(1, 10)}});
  slots.send(5000);
  slots.simulation.run();
  CHECK(slots.simulation.now() == at_ms(10));
  CHECK(slots.server.result().queue_area == 0);
  CHECK(slots.server.result().replicas[0].used.available == 0);
}

TEST_CASE("Fewer cores than slots: work takes turns on the cores while the slots are held") {
  ServerPlan plan = plan_of(2);
  plan.cores = 1;
  TestTier tier(plan, {{wait_ms(1, 5), cpu_ms(2, 10)}});
  tier.send(3);
  tier.simulation.run();
  // 0: pause to 5, core to 15. 1: pause to 5, core from 15 to 25. 2: slot at 15, pause to 20, core
  // from 25 to 35.
  CHECK(tier.answered_ns() == ms_each({15, 25, 35}));
  const ServiceResult result = tier.server.result();
  CHECK(result.replicas[0].used.busy == ms_area(30));       // the sum of the work
  CHECK(result.replicas[0].used.available == ms_area(35));  // one core
  CHECK(result.queue_area == ms_area(15));                  // only request 2 waited for a slot
  CHECK(result.in_system_area == ms_area(15 + 25 + 35));
  CHECK(result.wait.count() == 3);
  CHECK(result.wait.sum() == 15'000'000);
  CHECK(result.sojourn.sum() == 75'000'000);
}

TEST_CASE("As many cores as slots: nobody waits for a core; without cpu steps slots are busy") {
  TestTier cores(plan_of(3), {{wait_ms(1, 5), cpu_ms(2, 10)}});
  cores.send(3);
  cores.simulation.run();
  CHECK(cores.answered_ns() == ms_each({15, 15, 15}));
  CHECK(cores.server.result().replicas[0].used.busy == ms_area(30));
  CHECK(cores.server.result().replicas[0].used.available == ms_area(45));
  TestTier slots(plan_of(3), {{wait_ms(1, 5)}});
  slots.send(2);
  slots.run_to_ms(20);
  CHECK(slots.server.result().replicas[0].used.busy == ms_area(10));
  CHECK(slots.server.result().replicas[0].used.available == ms_area(60));
}

TEST_CASE("Processor sharing divides the cores equally among what has started") {
  ServerPlan plan = plan_of(Limit::unlimited().count, Discipline::processor_sharing);
  plan.cores = 1;
  TestTier one(plan, {{cpu_ms(1, 10)}});
  one.send_at_ms(0);
  one.send_at_ms(4);
  one.simulation.run();
  // Alone to 4, then half as fast: 6 ms of work take 12. The other has 4 ms left at 16.
  CHECK(one.answered_ns() == ms_each({16, 20}));
  CHECK(one.server.result().replicas[0].used.busy == ms_area(20));
  CHECK(one.server.result().replicas[0].used.available == ms_area(20));

  plan.cores = 2;
  TestTier two(plan, {{cpu_ms(1, 10)}});
  two.send_at_ms(0);
  two.send_at_ms(4);
  two.simulation.run();
  CHECK(two.answered_ns() == ms_each({10, 14}));  // nobody works on two cores at once
  CHECK(two.server.result().replicas[0].used.busy == ms_area(20));
  CHECK(two.server.result().replicas[0].used.available == ms_area(28));

  TestTier three(plan, {{cpu_ms(1, 10)}});
  three.send(3);
  three.simulation.run();
  CHECK(three.answered_ns() == ms_each({15, 15, 15}));
}

TEST_CASE("What has not got a slot does not share the cores") {
  ServerPlan plan = plan_of(2, Discipline::processor_sharing);
  plan.cores = 1;
  TestTier tier(plan, {{cpu_ms(1, 10)}});
  tier.send(3);
  tier.simulation.run();
  CHECK(tier.answered_ns() == ms_each({20, 20, 30}));
  CHECK(tier.server.result().wait.max() == 20'000'000);
}

TEST_CASE("Patience ends in the queue and nowhere else") {
  Request hurried;
  hurried.patience = sim::Duration::ms(5);
  TestTier tier(plan_of(1), {{cpu_ms(1, 10)}});
  tier.send_at_ms(0, hurried);  // starts at once: served to the end
  tier.send_at_ms(0, hurried);
  tier.send_at_ms(6, hurried);  // 4 ms in the queue
  tier.simulation.run();
  CHECK(tier.order() == Numbers{1, 0, 2});
  CHECK(tier.answered_ns() == ms_each({5, 10, 20}));
  CHECK(tier.answers[0].reply.outcome == Outcome::abandoned);
  CHECK(tier.answers[0].reply.cause == DropCause::patience);
  CHECK(tier.drops(DropCause::patience) == 1);
  CHECK(tier.server.result().queue_area == ms_area(5 + 4));
}

TEST_CASE("A request whose deadline has come is not started") {
  Request until;
  until.deadline = at_ms(7);
  TestTier tier(plan_of(1), {{cpu_ms(1, 10)}});
  tier.send_at_ms(0, until);   // has begun: served to the end
  tier.send_at_ms(0, until);   // still waits at 7
  tier.send_at_ms(11, until);  // a free slot, but too late
  tier.simulation.run();
  CHECK(tier.order() == Numbers{1, 0, 2});
  CHECK(tier.answered_ns() == ms_each({7, 10, 11}));
  CHECK(tier.answers[0].reply.outcome == Outcome::timeout);
  CHECK(tier.answers[1].reply.is_ok());
  CHECK(tier.answers[2].reply.outcome == Outcome::timeout);
  CHECK(tier.drops(DropCause::deadline) == 2);
  CHECK(tier.server.result().replicas[0].used.busy == ms_area(10));
}

TEST_CASE("Of patience and deadline the earlier one ends the wait") {
  Request request;
  request.deadline = at_ms(7);
  request.patience = sim::Duration::ms(3);
  TestTier tier(plan_of(1), {{cpu_ms(1, 10)}});
  tier.send(1);
  tier.send_at_ms(0, request);
  tier.send_at_ms(5, request);
  tier.simulation.run();
  CHECK(tier.drops(DropCause::patience) == 1);
  CHECK(tier.drops(DropCause::deadline) == 1);
  CHECK(tier.answered_ns() == ms_each({3, 7, 10}));
}

TEST_CASE("From the end of the warm-up on: what came is what left and what is still there") {
  ServerPlan plan = plan_of(1);
  plan.queue_limit = Limit{2};
  TestTier tier(plan, {{cpu_ms(1, 10)}});
  tier.send(3);
  tier.run_to_ms(5);
  tier.server.start_measuring();
  Request hurried;
  hurried.patience = sim::Duration::ms(2);
  tier.send_at_ms(1, hurried);  // at 6: the queue is full
  tier.send_at_ms(6, hurried);  // at 11: gives up at 13
  tier.send_at_ms(15);          // at 20, as request 1 leaves; served from 30 on
  tier.run_to_ms(35);
  const ServiceResult result = tier.server.result();
  CHECK(result.name == "app");
  CHECK(result.kind == "server");
  CHECK(result.in_system_at_start == 3);
  CHECK(result.arrivals == 3);
  CHECK(result.replicas[0].arrivals == 3);
  CHECK(result.completions == 3);
  CHECK(result.drops[static_cast<std::size_t>(DropCause::queue_full)] == 1);
  CHECK(result.drops[static_cast<std::size_t>(DropCause::patience)] == 1);
  CHECK(result.in_system_at_end == 1);
  CHECK(result.replicas[0].used.busy == ms_area(30));
  CHECK(result.replicas[0].used.available == ms_area(30));
  CHECK(result.instance_area == ms_area(30));
  // In the queue: 1 from 5 to 10, 2 from 5 to 20, the hurried one for 2, the last from 20 to 30.
  CHECK(result.queue_area == ms_area(5 + 15 + 2 + 10));
  CHECK(result.in_system_area == ms_area(5 + 15 + 25 + 2 + 15));
  CHECK(result.sojourn.count() == 3);
  CHECK(result.sojourn.sum() == 60'000'000);  // 10, 20 and 30 ms, of which some before
}

TEST_CASE("Without a balancer replicas are taken in turn, and stand in their zones in turn") {
  sim::Simulation simulation;
  ServerPlan plan = plan_of(1);
  plan.replicas = 3;
  Server server(simulation, plan, "app", {4, 9}, Measurement());
  server.set_programs({{"call", {cpu_ms(1, 10)}}});
  CHECK(server.size() == 3);
  CHECK(server.instance(0).zone() == 4);
  CHECK(server.instance(1).zone() == 9);
  CHECK(server.instance(2).zone() == 4);
  Rotation rotation(simulation, {&server.instance(0), &server.instance(1), &server.instance(2)});
  std::vector<TierAnswer> answers;
  for (int i = 0; i < 7; ++i)
    simulation.spawn(send_to(simulation, &rotation, Request(), sim::Duration(), &answers));
  simulation.run();
  REQUIRE(answers.size() == 7);
  const ServiceResult result = server.result();
  CHECK(result.replicas[0].arrivals == 3);
  CHECK(result.replicas[1].arrivals == 2);
  CHECK(result.replicas[2].arrivals == 2);
  CHECK(result.instance_area == 3 * ms_area(30));
}

}  // namespace
}  // namespace headroom
