#include "models/resilience/circuit_breaker.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/resilience/client.hpp"
#include "models/resilience/test_endpoints.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {
namespace {

using State = CircuitBreaker::State;

sim::Time at(std::int64_t ms) {
  return sim::Time() + sim::Duration::ms(ms);
}

TEST_CASE("A breaker goes through the states that were worked out by hand") {
  CircuitBreakerPlan plan;
  plan.window = sim::Duration::seconds(1);
  plan.failure_ratio = Ratio{0.5};
  plan.min_calls = 4;
  plan.open_for = sim::Duration::seconds(2);
  plan.half_open_calls = 2;
  CircuitBreaker breaker(plan, at(0));
  struct Row {
    std::int64_t ms;
    bool is_ok;
    bool admitted;
    State after;
  };
  const Row rows[] = {
      {0, false, true, State::closed},     // 1 of 1, too few
      {200, false, true, State::closed},   // 2 of 2, too few
      {400, true, true, State::closed},    // 2 of 3
      {1250, false, true, State::closed},  // those of 0 and 200 ms are no longer looked at: 1 of 2
      {1260, true, true, State::closed},   // 1 of 3
      {1270, false, true, State::open},    // 2 of 4, that of 400 ms among them
      {1280, true, false, State::open},    // nobody gets through
      {3269, true, false, State::open},    // a millisecond before two seconds are over
      {3270, true, true, State::half_open},  // one of two ended well
      {3280, false, true, State::open},      // the second did not
      {5279, true, false, State::open},     {5280, true, true, State::half_open},
      {5290, true, true, State::closed},   // two of two
      {5300, false, true, State::closed},  // the books are empty: 1 of 1
  };
  for (const Row& row : rows) {
    CAPTURE(row.ms);
    const bool admitted = breaker.admits(at(row.ms));
    CHECK(admitted == row.admitted);
    if (admitted) breaker.end(breaker.pass(), row.is_ok, at(row.ms));
    CHECK(breaker.state() == row.after);
  }
  CHECK(breaker.openings() == 2);
  CHECK(breaker.not_closed_ns(at(6000)) == __int128{5290 - 1270} * 1'000'000);
}

TEST_CASE("Calls that began in an earlier state, or end without a word, decide nothing") {
  CircuitBreakerPlan plan;
  plan.consecutive = 1;
  plan.open_for = sim::Duration::seconds(1);
  CircuitBreaker breaker(plan, at(0));
  REQUIRE(breaker.admits(at(0)));
  const auto early = breaker.pass();
  REQUIRE(breaker.admits(at(0)));
  breaker.end(breaker.pass(), false, at(1));
  CHECK(breaker.state() == State::open);
  REQUIRE(breaker.admits(at(1001)));
  const auto trial = breaker.pass();
  breaker.end(early, false, at(1002));
  CHECK(breaker.state() == State::half_open);
  CHECK_FALSE(breaker.admits(at(1002)));
  breaker.forget(trial);
  REQUIRE(breaker.admits(at(1003)));
  breaker.end(breaker.pass(), true, at(1004));
  CHECK(breaker.state() == State::closed);
}

TEST_CASE("F09: the mean number of calls until it trips is that of runs of failures") {
  for (const auto& [p, k] : std::vector<std::pair<double, int>>{{0.5, 3}, {0.5, 5}, {0.9, 5}}) {
    CircuitBreakerPlan plan;
    plan.consecutive = static_cast<std::uint32_t>(k);
    double sum = 0, squares = 0;
    constexpr int n = 20'000;
    sim::Keyed draws(7);
    for (int i = 0; i < n; ++i) {
      CircuitBreaker breaker(plan, at(0));
      double calls = 0;
      while (breaker.state() == State::closed) {
        ++calls;
        const bool failed = draws.uniform() < p;
        breaker.end(breaker.pass(), !failed, at(0));
      }
      sum += calls;
      squares += calls * calls;
    }
    const double mean = sum / n;
    const double error = std::sqrt((squares / n - mean * mean) / n);
    CHECK(std::abs(mean - (1 - std::pow(p, k)) / (std::pow(p, k) * (1 - p))) < 4 * error);
  }
}

TEST_CASE("A client counts what its breaker refuses, and everything adds up") {
  sim::Simulation simulation;
  Flaky dead(simulation, 1);
  ClientPlan plan;
  plan.circuit_breaker.emplace().consecutive = 5;
  Client client(simulation, plan, dead, 1);
  const auto answers = call_all(simulation, client, 100);
  CHECK(dead.calls == 5);
  const GuardCounts counts = client.guarded_since();
  CHECK(counts.breaker_open == 95);
  CHECK(counts.openings == 1);
  CHECK(answers.back().reply.outcome == Outcome::rejected);
  CHECK(answers.back().reply.cause == DropCause::breaker_open);
  CHECK(dead.calls + counts.breaker_open == answers.size());
}

TEST_CASE("A bulkhead lets so many through, lets so many wait, and refuses the rest") {
  sim::Simulation simulation;
  Slow slow(simulation, constant(sim::Duration::ms(10)));
  ClientPlan plan;
  plan.bulkhead.emplace().concurrency = 3;
  plan.bulkhead->queue = Limit{2};
  Client client(simulation, plan, slow, 1);
  const auto answers = call_all(simulation, client, 9);
  REQUIRE(slow.started_at.size() == 5);
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(slow.started_at[i] == at(i < 3 ? 0 : 10));
  CHECK(client.guarded_since().bulkhead_full == 4);
  std::size_t ok = 0;
  for (const auto& answer : answers)
    ok += answer.reply.is_ok();
  CHECK(ok + 4 == answers.size());
}

TEST_CASE("A place in the bulkhead is free again when its call times out, the work goes on") {
  sim::Simulation simulation;
  Slow slow(simulation, constant(sim::Duration::ms(10)));
  ClientPlan plan;
  plan.timeout = sim::Duration::ms(4);
  plan.bulkhead.emplace().concurrency = 1;
  plan.bulkhead->queue = Limit{10};
  Client client(simulation, plan, slow, 1);
  const auto answers = call_all(simulation, client, 3);
  CHECK(slow.started_at == std::vector<sim::Time>{at(0), at(4), at(8)});
  CHECK(slow.ended == 3);
  for (const auto& answer : answers)
    CHECK(answer.reply.outcome == Outcome::timeout);
}

sim::Task<> at_rate(sim::Simulation& simulation, Endpoint* endpoint, int n,
                    std::vector<Answered>* answers) {
  for (int i = 0; i < n; ++i) {
    Request request;
    request.draw_key = sim::mix(3, static_cast<std::uint64_t>(i));
    simulation.spawn(call_once(simulation, endpoint, request, answers));
    co_await simulation.delay(sim::Duration::ms(1));
  }
}

TEST_CASE("A rate limit lets burst + rate x time through, within one token") {
  sim::Simulation simulation;
  Flaky well(simulation, 0);
  ClientPlan plan;
  plan.rate_limit = RateLimitPlan{Rate{100}, 7};
  Client client(simulation, plan, well, 1);
  std::vector<Answered> answers;
  simulation.spawn(at_rate(simulation, &client, 2001, &answers));
  simulation.run();
  // The first token that collects after the burst comes while it is used up, so none is lost.
  CHECK(well.calls == 207);
  CHECK(client.guarded_since().rate_limited + well.calls == 2001);
  CHECK(answers.back().reply.attempts <= 1);
}

}  // namespace
}  // namespace headroom
