#include "models/server/instance.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <tuple>

#include "models/server/test_tier.hpp"

namespace headroom {
namespace {

std::uint64_t count_of(const TestTier& tier, Outcome outcome) {
  return static_cast<std::uint64_t>(
      std::count_if(tier.answers.begin(), tier.answers.end(),
                    [&](const TierAnswer& answer) { return answer.reply.outcome == outcome; }));
}

/// Within four standard deviations of a binomial.
Approx about(double probability, double trials) {
  return Approx(trials * probability)
      .margin(4 * std::sqrt(trials * probability * (1 - probability)));
}

TEST_CASE("A choice takes each branch with its probability, and nothing with what is left") {
  TestTier tier(plan_of(Limit::unlimited().count),
                {{one_of(1, {0.2, 0.7}, {{wait_ms(2, 1)}, {wait_ms(3, 2)}})}});
  tier.send(4000);
  tier.simulation.run();
  std::array<double, 3> took{};
  for (const auto& answer : tier.answers)
    ++took[static_cast<std::size_t>(answer.at.count_ns() / 1'000'000)];
  CHECK(took[1] == about(0.2, 4000));
  CHECK(took[2] == about(0.5, 4000));
  CHECK(took[0] == about(0.3, 4000));
  CHECK(took[0] + took[1] + took[2] == 4000);
}

TEST_CASE("What a request draws does not depend on the others") {
  const auto end_of = [](std::size_t requests, std::uint64_t number) {
    TestTier tier(
        plan_of(Limit::unlimited().count),
        {{one_of(1, {0.5, 1}, {{cpu(2, exponential_ms(1000))}, {cpu(3, exponential_ms(2000))}})}});
    tier.send(requests);
    tier.simulation.run();
    for (const auto& answer : tier.answers)
      if (answer.number == number) return answer.at;
    return sim::Time::never();
  };
  CHECK(end_of(5, 3) == end_of(400, 3));
  CHECK(end_of(5, 3) != end_of(5, 4));
}

TEST_CASE("A repetition runs its steps one after the other and draws anew") {
  TestTier tier(plan_of(1), {});
  Downstream store(tier.simulation, sim::Duration::ms(3));
  tier.set({{times(1, 4, {cpu_ms(2, 2), call_of(3, store)})}});
  tier.send(1);
  tier.simulation.run();
  CHECK(tier.answers.at(0).at == at_ms(20));
  CHECK(tier.answers.at(0).reply.is_ok());
  REQUIRE(store.requests.size() == 4);
  for (std::size_t i = 1; i < 4; ++i)
    CHECK(store.requests[i].draw_key != store.requests[i - 1].draw_key);
  CHECK(tier.server.result().replicas[0].used.busy == ms_area(8));
}

TEST_CASE("What fails ends the request there, with an error of this tier's own") {
  TestTier tier(plan_of(1), {});
  Downstream store(tier.simulation, sim::Duration::ms(3));
  store.replies = {Reply::ok(), Reply::rejected(DropCause::queue_full)};
  SECTION("a call in a repetition") {
    tier.set({{times(1, 4, {call_of(3, store)}), cpu_ms(4, 100)}});
  }
  SECTION("calls in a row") {
    tier.set({{call_of(1, store), call_of(2, store), cpu_ms(4, 100), call_of(3, store)}});
  }
  SECTION("a call in a choice") {
    tier.set({{call_of(1, store), one_of(2, {1}, {{call_of(3, store)}}), cpu_ms(4, 100)}});
  }
  tier.send(1);
  tier.simulation.run();
  CHECK(store.requests.size() == 2);
  CHECK(tier.answers.at(0).at == at_ms(6));
  CHECK(tier.answers.at(0).reply.outcome == Outcome::failed);
  CHECK(tier.answers.at(0).reply.cause == DropCause::none);
  CHECK(tier.server.result().completions == 1);  // served to the end, whatever the answer
}

TEST_CASE("A failing step fails that share of the requests") {
  TestTier tier(plan_of(Limit::unlimited().count), {{fails(1, 0.3), wait_ms(2, 1)}});
  tier.send(4000);
  tier.simulation.run();
  CHECK(static_cast<double>(count_of(tier, Outcome::failed)) == about(0.3, 4000));
  for (const auto& answer : tier.answers)
    CHECK((answer.at == at_ms(1)) == answer.reply.is_ok());
  TestTier never(plan_of(1), {{fails(1, 0)}, {fails(1, 1)}});
  never.send(100);
  CHECK(count_of(never, Outcome::ok) == 100);
  Request other;
  other.endpoint = 1;
  never.send_at_ms(0, other);
  CHECK(count_of(never, Outcome::failed) == 1);
}

TEST_CASE("Branches run side by side; the answer waits for as many as are needed") {
  TestTier tier(plan_of(1), {});
  Downstream slow(tier.simulation, sim::Duration::ms(9));
  Downstream quick(tier.simulation, sim::Duration::ms(2));
  const std::vector<Actions> branches{{call_of(1, slow)}, {wait_ms(2, 5)}, {call_of(3, quick)}};
  std::uint32_t need = 0;
  std::int64_t answer_ms = 0;
  std::tie(need, answer_ms) = GENERATE(std::pair<std::uint32_t, std::int64_t>{3, 9},
                                       std::pair<std::uint32_t, std::int64_t>{2, 5},
                                       std::pair<std::uint32_t, std::int64_t>{1, 2});
  tier.set({{side_by_side(4, need, branches)}});
  tier.send(2);
  tier.run_to_ms(answer_ms);
  REQUIRE(tier.answers.size() == 1);
  CHECK(tier.answers[0].at == at_ms(answer_ms));
  CHECK(tier.answers[0].reply.is_ok());
  CHECK(slow.requests.size() == 2);  // the slot is free again: the second request has begun
  tier.simulation.run();
  CHECK(tier.answers.at(1).at == at_ms(2 * answer_ms));
  CHECK(slow.answered == 2);  // what was not needed runs on
}

TEST_CASE("Branches fail as soon as too few can succeed") {
  TestTier tier(plan_of(1), {});
  Downstream store(tier.simulation, sim::Duration::ms(2));
  store.replies = {Reply::failed()};
  std::vector<Actions> branches{{call_of(1, store)}, {wait_ms(2, 5)}, {wait_ms(3, 9)}};
  SECTION("two of three: one failure does not matter") {
    tier.set({{side_by_side(4, 2, branches)}});
    tier.send(1);
    tier.simulation.run();
    CHECK(tier.answers.at(0).at == at_ms(9));
    CHECK(tier.answers.at(0).reply.is_ok());
  }
  SECTION("all of three") {
    tier.set({{side_by_side(4, 3, branches)}});
    tier.send(1);
    tier.simulation.run();
    CHECK(tier.answers.at(0).at == at_ms(2));
    CHECK(tier.answers.at(0).reply.outcome == Outcome::failed);
  }
  SECTION("two of three, two fail") {
    branches[1].push_back(fails(5, 1));
    tier.set({{side_by_side(4, 2, branches)}});
    tier.send(1);
    tier.simulation.run();
    CHECK(tier.answers.at(0).at == at_ms(5));
    CHECK(tier.answers.at(0).reply.outcome == Outcome::failed);
  }
}

TEST_CASE("A call goes out from the zone of the replica, with the deadline and without patience") {
  sim::Simulation simulation;
  ServerPlan plan = plan_of(1);
  Server server(simulation, plan, "app", {6}, Measurement());
  Downstream store(simulation, sim::Duration());
  Action call = call_of(1, store, 3);
  call.size.a = 200;
  call.reply_size.a = 4000;
  server.set_programs({{"call", {call}}});
  Request request;
  request.zone = 2;
  request.size = 1;
  request.reply_size = 2;
  request.priority = 4;
  request.deadline = at_ms(50);
  request.patience = sim::Duration::ms(5);
  std::vector<TierAnswer> answers;
  simulation.spawn(send_to(simulation, &server.instance(0), request, sim::Duration(), &answers));
  simulation.run();
  REQUIRE(store.requests.size() == 1);
  const Request& sent = store.requests[0];
  CHECK(sent.zone == 6);
  CHECK(sent.endpoint == 3);
  CHECK(sent.size == 200);
  CHECK(sent.reply_size == 4000);
  CHECK(sent.priority == 4);
  CHECK(sent.deadline == at_ms(50));
  CHECK(sent.patience == sim::Duration::forever());
}

TEST_CASE("A kill resets whom it serves and who waits, and refuses who comes") {
  ServerPlan plan = plan_of(2);
  plan.restart_time = sim::Duration::ms(20);
  TestTier tier(plan, {{cpu_ms(1, 10)}});
  ServerInstance& replica = tier.server.instance(0);
  tier.send(5);
  tier.run_to_ms(14);  // two served, two have begun, one waits
  replica.begin_kill();
  tier.send_at_ms(1);  // at 15
  tier.run_to_ms(30);
  CHECK_FALSE(replica.up());
  REQUIRE(tier.answers.size() == 6);
  for (std::size_t i = 2; i < 6; ++i) {
    CHECK(tier.answers[i].reply.outcome == Outcome::failed);
    CHECK(tier.answers[i].reply.cause == DropCause::killed);
    CHECK(tier.answers[i].at == at_ms(tier.answers[i].number == 5 ? 15 : 14));
  }
  replica.end_kill();
  tier.run_to_ms(49);
  CHECK_FALSE(replica.up());
  tier.run_to_ms(50);
  CHECK(replica.up());
  tier.send(1);
  tier.run_to_ms(100);
  CHECK(tier.answers.at(6).reply.is_ok());
  CHECK(tier.answers.at(6).at == at_ms(60));
  const ServiceResult result = tier.server.result();
  CHECK(result.completions == 3);
  CHECK(result.arrivals == 7);
  // Three were with it when it was killed, and one came when it was down.
  CHECK(result.drops[static_cast<std::size_t>(DropCause::killed)] == 4);
  CHECK(result.in_system_at_end == 0);
  CHECK(result.instance_area == ms_area(14 + 50));
  CHECK(result.replicas[0].used.available == 2 * ms_area(14 + 50));
  CHECK(result.replicas[0].used.busy == ms_area(2 * 10 + 2 * 4 + 10));
}

TEST_CASE("Nobody hears from a replica that was killed in silence") {
  ServerPlan plan = plan_of(1);
  plan.crash = Crash::silent;
  TestTier tier(plan, {{cpu_ms(1, 10)}});
  ServerInstance& replica = tier.server.instance(0);
  tier.send(2);
  tier.run_to_ms(5);
  replica.begin_kill();
  tier.send_at_ms(1);
  tier.run_to_ms(1000);
  CHECK(tier.answers.empty());
  CHECK(tier.drops(DropCause::killed) == 3);
  replica.end_kill();  // it starts at once where no time is given, and remembers nobody
  tier.send_at_ms(1);
  tier.run_to_ms(2000);
  REQUIRE(tier.answers.size() == 1);
  CHECK(tier.answers[0].number == 3);
  CHECK(tier.answers[0].at == at_ms(1011));
  CHECK(tier.server.result().arrivals == 4);
  CHECK(tier.server.result().replicas[0].arrivals == 4);
}

TEST_CASE("Killed twice, it starts after the second kill; killed while starting, it starts anew") {
  ServerPlan plan = plan_of(1);
  plan.restart_time = sim::Duration::ms(20);
  TestTier tier(plan, {{cpu_ms(1, 10)}});
  ServerInstance& replica = tier.server.instance(0);
  replica.begin_kill();
  replica.begin_kill();
  tier.run_to_ms(10);
  replica.end_kill();
  tier.run_to_ms(40);
  CHECK_FALSE(replica.up());
  replica.end_kill();  // starts until 60
  tier.run_to_ms(50);
  replica.begin_kill();
  tier.run_to_ms(55);
  replica.end_kill();  // starts until 75
  tier.run_to_ms(74);
  CHECK_FALSE(replica.up());
  tier.run_to_ms(75);
  CHECK(replica.up());
  CHECK(tier.server.result().instance_area == 0);
}

TEST_CASE(
    "A pause and a slow-down stretch work by exactly what they take, and no pause in a step") {
  for (const Discipline discipline : {Discipline::fifo, Discipline::processor_sharing}) {
    ServerPlan plan = plan_of(1, discipline);
    TestTier paused(plan, {{cpu_ms(1, 10)}, {wait_ms(2, 10)}});
    ServerInstance& replica = paused.server.instance(0);
    paused.send(1);
    paused.run_to_ms(4);
    replica.begin_pause();
    paused.run_to_ms(5);
    replica.begin_pause();
    paused.run_to_ms(7);
    replica.end_pause();
    paused.run_to_ms(9);
    replica.end_pause();
    paused.simulation.run();
    CHECK(paused.answers.at(0).at == at_ms(15));

    TestTier slow(plan, {{cpu_ms(1, 10)}});
    slow.send(1);
    slow.run_to_ms(4);
    slow.server.instance(0).begin_slow(2);
    slow.run_to_ms(6);  // 5 of 10 ms are done
    slow.server.instance(0).begin_slow(4);
    slow.run_to_ms(14);  // 6
    slow.server.instance(0).end_slow(2);
    slow.run_to_ms(18);  // 7
    slow.server.instance(0).end_slow(4);
    slow.simulation.run();
    CHECK(slow.answers.at(0).at == at_ms(21));
  }
  TestTier waits(plan_of(1), {{wait_ms(2, 10)}});
  waits.send(1);
  waits.run_to_ms(4);
  waits.server.instance(0).begin_pause();
  waits.run_to_ms(11);
  CHECK(waits.answers.size() == 1);
}

TEST_CASE("While a fault makes errors that share of requests fails without any work") {
  TestTier tier(plan_of(Limit::unlimited().count), {{wait_ms(1, 10)}});
  ServerInstance& replica = tier.server.instance(0);
  replica.begin_error(0.1);
  replica.begin_error(0.25);  // the larger one counts
  tier.send(4000);
  CHECK(static_cast<double>(tier.answers.size()) == about(0.25, 4000));
  CHECK(count_of(tier, Outcome::failed) == tier.answers.size());
  tier.simulation.run();
  CHECK(count_of(tier, Outcome::ok) + count_of(tier, Outcome::failed) == 4000);
  CHECK(tier.server.result().completions == 4000);
  replica.end_error(0.25);
  replica.end_error(0.1);
  const auto failed = count_of(tier, Outcome::failed);
  tier.send(1000);
  tier.simulation.run();
  CHECK(count_of(tier, Outcome::failed) == failed);
}

sim::Task<> probe_once(sim::Simulation&, ServerInstance* replica, int* answer) {
  const bool passed = co_await replica->probe(0);
  *answer = passed ? 1 : 0;
}

TEST_CASE("A probe passes, is refused, or hears nothing") {
  const auto probed = [](Crash crash, bool kill, bool pause) {
    ServerPlan plan = plan_of(1);
    plan.crash = crash;
    TestTier tier(plan, {{cpu_ms(1, 10)}});
    if (kill) tier.server.instance(0).begin_kill();
    if (pause) tier.server.instance(0).begin_pause();
    int answer = -1;
    tier.simulation.spawn(probe_once(tier.simulation, &tier.server.instance(0), &answer));
    tier.run_to_ms(1000);
    tier.simulation.close();
    return answer;
  };
  CHECK(probed(Crash::reset, false, false) == 1);
  CHECK(probed(Crash::reset, true, false) == 0);
  CHECK(probed(Crash::silent, true, false) == -1);
  CHECK(probed(Crash::reset, false, true) == -1);
  CHECK(probed(Crash::silent, false, true) == -1);
}

}  // namespace
}  // namespace headroom
