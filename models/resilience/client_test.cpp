#include "models/resilience/client.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <vector>

#include "models/resilience/test_endpoints.hpp"
#include "sim/kernel/event.hpp"

namespace headroom {
namespace {

/// Hands each call to a process of `scope`; when that is closed the answer can never come.
class Mortal final : public Endpoint {
 public:
  explicit Mortal(sim::Simulation& simulation) : Endpoint(simulation), scope(simulation) {}
  sim::Task<Reply> call(Request) override {
    sim::Event<Reply> answer(simulation_);
    scope.spawn(serve(answer.trigger()));
    const auto reply = co_await answer.happens();
    if (!reply) co_await simulation_.delay(sim::Duration::forever());
    co_return *reply;
  }
  sim::Task<> serve(sim::Trigger<Reply> answer) {
    co_await simulation_.delay(sim::Duration::seconds(1));
    answer.fire(Reply::ok());
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }
  sim::Scope scope;
};

TEST_CASE("F04: attempts and successes of retries are those of the closed form") {
  for (const double p : {0.5, 0.9}) {
    sim::Simulation simulation;
    Flaky flaky(simulation, p);
    ClientPlan plan;
    plan.retry = retries(4);
    Client client(simulation, plan, flaky, 1);
    constexpr int n = 100'000;
    const auto answers = call_all(simulation, client, n);
    REQUIRE(answers.size() == n);
    double ok = 0, attempts = 0, squares = 0;
    for (const auto& answer : answers) {
      ok += answer.reply.is_ok();
      attempts += answer.reply.attempts;
      squares += answer.reply.attempts * answer.reply.attempts;
    }
    CHECK(static_cast<std::uint64_t>(attempts) == flaky.calls);
    const double mean = attempts / n;
    const double error = std::sqrt((squares / n - mean * mean) / n);
    CHECK(std::abs(mean - (1 - std::pow(p, 4)) / (1 - p)) < 4 * error);
    const double success = 1 - std::pow(p, 4);
    CHECK(std::abs(ok / n - success) < 4 * std::sqrt(success * (1 - success) / n));
  }
}

TEST_CASE("F04: three layers of three retries multiply a total outage by 64, five of two by 243") {
  struct Case {
    std::size_t layers;
    std::uint32_t attempts;
    std::uint64_t expected;
  };
  for (const Case& c : {Case{3, 4, 64}, Case{5, 3, 243}}) {
    sim::Simulation simulation;
    Flaky dead(simulation, 1);
    ClientPlan plan;
    plan.retry = retries(c.attempts);
    std::vector<std::unique_ptr<Client>> layers;
    Endpoint* below = &dead;
    for (std::size_t i = 0; i < c.layers; ++i) {
      layers.push_back(std::make_unique<Client>(simulation, plan, *below, i));
      below = layers.back().get();
    }
    const auto answers = call_all(simulation, *below, 1);
    CHECK(dead.calls == c.expected);
    CHECK(answers.front().reply.outcome == Outcome::failed);
    CHECK(answers.front().reply.attempts == c.attempts);
  }
}

TEST_CASE("T05: timeout and retries on exponential latency") {
  for (const double tau : {1.0, 2.0}) {
    sim::Simulation simulation;
    Slow slow(simulation, exponential(sim::Duration::seconds(1)));
    ClientPlan plan;
    plan.timeout = sim::Duration::rounded_ns(tau * 1e9);
    plan.retry = retries(3);
    Client client(simulation, plan, slow, 1);
    constexpr int n = 100'000;
    const auto answers = call_all(simulation, client, n);
    double failed = 0, attempts = 0, attempts_squared = 0, latency = 0, latency_squared = 0;
    for (const auto& answer : answers) {
      const double seconds = answer.at.in_seconds();
      failed += answer.reply.outcome == Outcome::timeout;
      attempts += answer.reply.attempts;
      attempts_squared += answer.reply.attempts * answer.reply.attempts;
      latency += seconds / n;
      latency_squared += seconds * seconds / n;
    }
    const double late = std::exp(-tau);
    const double all_fail = late * late * late;
    const double tries = 1 + late + late * late;
    CHECK(std::abs(failed / n - all_fail) < 4 * std::sqrt(all_fail * (1 - all_fail) / n));
    const double variance = attempts_squared / n - std::pow(attempts / n, 2);
    CHECK(std::abs(attempts / n - tries) < 4 * std::sqrt(variance / n));
    CHECK(std::abs(latency - (1 - late) * tries) <
          4 * std::sqrt((latency_squared - latency * latency) / n));
    // Abandoned attempts are worked off to the end all the same.
    CHECK(slow.ended == slow.requests.size());
    CHECK(static_cast<double>(slow.ended) == attempts);
  }
}

TEST_CASE("A timeout does not stop the work, nor does the end of the caller") {
  sim::Simulation simulation;
  Slow slow(simulation, constant(sim::Duration::seconds(5)));
  ClientPlan plan;
  SECTION("timeout") {
    plan.timeout = sim::Duration::seconds(1);
  }
  SECTION("killed caller") {}
  Client client(simulation, plan, slow, 1);
  std::vector<Answered> answers;
  sim::Scope instance(simulation);
  instance.spawn(call_once(simulation, &client, Request(), &answers));
  simulation.run_until(sim::Time() + sim::Duration::seconds(2));
  CHECK(answers.size() == (plan.timeout ? 1u : 0u));
  CHECK(slow.ended == 0);
  instance.close();
  simulation.run();
  CHECK(slow.ended == 1);
  CHECK(simulation.now() == sim::Time() + sim::Duration::seconds(5));
}

TEST_CASE("The deadline holds over all attempts and pauses") {
  sim::Simulation simulation;
  Slow slow(simulation, constant(sim::Duration::seconds(10)));
  ClientPlan plan;
  plan.timeout = sim::Duration::ms(400);
  plan.deadline = sim::Duration::seconds(1);
  std::uint16_t attempts = 0;
  SECTION("it ends the third attempt") {
    plan.retry = retries(10);
    attempts = 3;
  }
  SECTION("it ends a pause") {
    plan.retry = retries(10, sim::Duration::seconds(3));
    attempts = 1;
  }
  SECTION("it ends the only attempt") {
    plan.timeout.reset();
    attempts = 1;
  }
  Client client(simulation, plan, slow, 1);
  const auto answers = call_all(simulation, client, 1);
  CHECK(answers.front().at == sim::Time() + sim::Duration::seconds(1));
  CHECK(answers.front().reply.outcome == Outcome::timeout);
  CHECK(answers.front().reply.attempts == attempts);
}

TEST_CASE("A deadline is passed on only where it is propagated") {
  sim::Simulation simulation;
  Flaky target(simulation, 0);
  ClientPlan plan;
  Request request;
  const auto at_s = [](std::int64_t s) { return sim::Time() + sim::Duration::seconds(s); };
  request.deadline = at_s(5);
  sim::Time expected = sim::Time::never();
  SECTION("not at all") {}
  SECTION("not with a deadline alone") {
    plan.deadline = sim::Duration::seconds(3);
  }
  SECTION("the one that came in") {
    plan.propagate_deadline = true;
    expected = at_s(5);
  }
  SECTION("its own, earlier") {
    plan.propagate_deadline = true;
    plan.deadline = sim::Duration::seconds(3);
    plan.timeout = sim::Duration::seconds(2);
    expected = at_s(3);
  }
  SECTION("the one that came in, earlier") {
    plan.propagate_deadline = true;
    plan.deadline = sim::Duration::seconds(30);
    expected = at_s(5);
  }
  SECTION("the timeout of the attempt where there is no deadline") {
    plan.propagate_deadline = true;
    plan.timeout = sim::Duration::seconds(2);
    expected = at_s(2);
  }
  Client client(simulation, plan, target, 1);
  std::vector<Answered> answers;
  simulation.spawn(call_once(simulation, &client, request, &answers));
  simulation.run();
  CHECK(target.last.deadline == expected);
  CHECK(answers.size() == 1);
}

TEST_CASE("What has expired before it is sent is not sent") {
  sim::Simulation simulation;
  Flaky target(simulation, 0);
  ClientPlan plan;
  plan.propagate_deadline = true;
  Client client(simulation, plan, target, 1);
  Request request;
  request.deadline = sim::Time();
  std::vector<Answered> answers;
  simulation.spawn(call_once(simulation, &client, request, &answers));
  CHECK(answers.front().reply.outcome == Outcome::timeout);
  CHECK(target.calls == 0);
}

/// Answers after two delays, the second scheduled when the first is over.
class TwoLegs final : public Endpoint {
 public:
  using Endpoint::Endpoint;
  sim::Task<Reply> call(Request) override {
    co_await simulation_.delay(sim::Duration::ms(400));
    co_await simulation_.delay(sim::Duration::ms(600));
    co_return Reply::ok();
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }
};

TEST_CASE("An answer and a timeout at the same nanosecond: the first scheduled wins, once") {
  sim::Simulation simulation;
  Slow slow(simulation, constant(sim::Duration::seconds(1)));
  TwoLegs legs(simulation);
  ClientPlan plan;
  SECTION("timeout") {
    plan.timeout = sim::Duration::seconds(1);
  }
  SECTION("deadline") {
    plan.deadline = sim::Duration::seconds(1);
  }
  SECTION("both") {
    plan.timeout = sim::Duration::seconds(1);
    plan.deadline = sim::Duration::seconds(1);
  }
  Client of_slow(simulation, plan, slow, 1);
  Client of_legs(simulation, plan, legs, 1);
  auto answers = call_all(simulation, of_slow, 1);
  REQUIRE(answers.size() == 1);
  CHECK(answers.front().reply.outcome == Outcome::ok);
  answers = call_all(simulation, of_legs, 1);
  REQUIRE(answers.size() == 1);
  CHECK(answers.front().reply.outcome == Outcome::timeout);
}

/// Says that all is well, whatever it hears: a fallback.
class Soothing final : public Endpoint {
 public:
  Soothing(sim::Simulation& simulation, Endpoint& target) : Endpoint(simulation), target_(target) {}
  sim::Task<Reply> call(Request request) override {
    co_await target_.call(request);
    co_return Reply::ok();
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }

 private:
  Endpoint& target_;
};

TEST_CASE("What is said further on when a propagated deadline falls comes too late") {
  sim::Simulation simulation;
  Slow slow(simulation, constant(sim::Duration::seconds(3)));
  ClientPlan inner_plan, outer_plan;
  inner_plan.propagate_deadline = outer_plan.propagate_deadline = true;
  SECTION("timeout") {
    outer_plan.timeout = sim::Duration::seconds(1);
  }
  SECTION("deadline") {
    outer_plan.deadline = sim::Duration::seconds(1);
  }
  SECTION("within a bulkhead") {
    outer_plan.timeout = sim::Duration::seconds(1);
    outer_plan.bulkhead = BulkheadPlan{1};
  }
  SECTION("of copies") {
    outer_plan.timeout = sim::Duration::seconds(1);
    outer_plan.hedge.emplace();
    outer_plan.hedge->after = sim::Duration::seconds(9);
  }
  Client inner(simulation, inner_plan, slow, 1);
  Soothing soothing(simulation, inner);
  Client outer(simulation, outer_plan, soothing, 2);
  const auto answers = call_all(simulation, outer, 1);
  REQUIRE(answers.size() == 1);
  CHECK(answers.front().at == sim::Time() + sim::Duration::seconds(1));
  CHECK(answers.front().reply.outcome == Outcome::timeout);
}

TEST_CASE("An answer that can never come is waited for until the timeout, else for ever") {
  sim::Simulation simulation;
  Mortal mortal(simulation);
  ClientPlan plan;
  std::size_t answered = 0;
  SECTION("timeout") {
    plan.timeout = sim::Duration::seconds(3);
    answered = 1;
  }
  SECTION("deadline") {
    plan.deadline = sim::Duration::seconds(3);
    answered = 1;
  }
  SECTION("neither") {}
  Client client(simulation, plan, mortal, 1);
  std::vector<Answered> answers;
  simulation.spawn(call_once(simulation, &client, Request(), &answers));
  simulation.run_until(sim::Time() + sim::Duration::ms(500));
  mortal.scope.close();
  simulation.run();
  simulation.close();
  REQUIRE(answers.size() == answered);
  if (answered == 0) return;
  CHECK(answers.front().reply.outcome == Outcome::timeout);
  CHECK(answers.front().at == sim::Time() + sim::Duration::seconds(3));
}

TEST_CASE("Pauses lie between attempts and grow") {
  sim::Simulation simulation;
  Slow slow(simulation, constant(sim::Duration::seconds(100)));
  ClientPlan plan;
  plan.timeout = sim::Duration::seconds(1);
  plan.retry = retries(4, sim::Duration::ms(100));
  Client client(simulation, plan, slow, 1);
  const auto answers = call_all(simulation, client, 1);
  REQUIRE(slow.started_at.size() == 4);
  const std::int64_t expected_ms[] = {0, 1100, 2300, 3700};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(slow.started_at[i] == sim::Time() + sim::Duration::ms(expected_ms[i]));
    CHECK(slow.requests[i].attempt == i);
  }
  CHECK(answers.front().at == sim::Time() + sim::Duration::ms(4700));
}

TEST_CASE("The first attempt asks for the same work with and without retries") {
  std::uint64_t keys[3];
  for (int design = 0; design < 3; ++design) {
    sim::Simulation simulation;
    Flaky target(simulation, 0);
    ClientPlan plan;
    if (design == 1) plan.retry = retries(3);
    Client client(simulation, plan, target, design == 2 ? 2 : 1);
    call_all(simulation, client, 1);
    keys[design] = target.last.draw_key;
  }
  CHECK(keys[0] == keys[1]);
  CHECK(keys[0] != keys[2]);
}

TEST_CASE("Only the outcomes named are retried, and a budget limits it") {
  sim::Simulation simulation;
  Flaky dead(simulation, 1);
  ClientPlan plan;
  plan.retry = retries(3);
  SECTION("not named") {
    plan.retry->on = {RetryOn::timeout, RetryOn::rejected};
    Client client(simulation, plan, dead, 1);
    const auto answers = call_all(simulation, client, 10);
    CHECK(dead.calls == 10);
    CHECK(answers.front().reply.outcome == Outcome::failed);
  }
  SECTION("budget") {
    plan.retry->budget = Ratio{0.1};
    Client client(simulation, plan, dead, 1);
    const auto answers = call_all(simulation, client, 10'000);
    CHECK(answers.size() == 10'000);
    CHECK(dead.calls <= 11'000 + RetryBudget::reserve);
    CHECK(dead.calls >= 11'000);
  }
}

}  // namespace
}  // namespace headroom
