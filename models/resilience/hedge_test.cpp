#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/resilience/client.hpp"
#include "models/resilience/test_endpoints.hpp"
#include "models/station.hpp"
#include "sim/kernel/call.hpp"

namespace headroom {
namespace {

constexpr auto at_ms = [](std::int64_t ms) { return sim::Time() + sim::Duration::ms(ms); };

/// Answers attempt i after times[i], ok or not, as the business of an instance that counts who is
/// being served.
class Scripted final : public Endpoint {
 public:
  struct Answer {
    std::int64_t after_ms;
    bool ok = true;
  };
  Scripted(sim::Simulation& simulation, std::vector<Answer> answers)
      : Endpoint(simulation),
        station(simulation, "scripted", "server", {}),
        answers_(std::move(answers)),
        scope_(simulation) {}
  ~Scripted() override { scope_.close(); }
  sim::Task<Reply> call(Request request) override { return scope_.host(serve(request)); }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }

  Station station;

 private:
  sim::Task<Reply> serve(Request request) {
    Visit visit(station);
    const Answer answer = answers_.at(request.attempt);
    co_await simulation_.delay(sim::Duration::ms(answer.after_ms));
    visit.complete(answer.ok);
    co_return answer.ok ? Reply::ok() : Reply::failed();
  }
  std::vector<Answer> answers_;
  sim::Scope scope_;
};

ClientPlan hedging(sim::Duration after, std::uint32_t max = 1, bool cancel = false) {
  ClientPlan plan;
  plan.hedge = HedgePlan{after, max, cancel};
  return plan;
}

struct Seen {
  Answered answer;
  ServiceResult books;
  sim::Time end;
};

Seen one_call(const ClientPlan& plan, std::vector<Scripted::Answer> answers) {
  sim::Simulation simulation;
  Scripted target(simulation, std::move(answers));
  Client client(simulation, plan, target, 1);
  const auto answered = call_all(simulation, client, 1);
  REQUIRE(answered.size() == 1);
  return {answered.front(), target.station.result(), simulation.now()};
}

std::uint64_t cancelled(const Seen& seen) {
  return seen.books.drops[static_cast<std::size_t>(DropCause::cancelled)];
}

TEST_CASE("No copy is sent of what is answered in time") {
  const Seen seen = one_call(hedging(sim::Duration::ms(10)), {{9}});
  CHECK(seen.answer.at == at_ms(9));
  CHECK(seen.answer.reply.attempts == 1);
}

TEST_CASE("The first good answer counts; the other copy goes on unless it is cancelled") {
  for (const bool cancel : {false, true}) {
    const Seen seen = one_call(hedging(sim::Duration::ms(10), 1, cancel), {{50}, {15}});
    CHECK(seen.answer.at == at_ms(25));
    CHECK(seen.answer.reply.is_ok());
    CHECK(seen.answer.reply.attempts == 2);
    CHECK(seen.books.completions == (cancel ? 1 : 2));
    CHECK(cancelled(seen) == (cancel ? 1 : 0));
    CHECK(seen.end == (cancel ? at_ms(25) : at_ms(50)));
  }
}

TEST_CASE("Copies go out one after the other, as many as allowed") {
  const Seen seen =
      one_call(hedging(sim::Duration::ms(10), 3, true), {{100}, {100}, {100}, {100}, {1}});
  CHECK(seen.answer.at == at_ms(100));
  CHECK(seen.answer.reply.attempts == 4);
  CHECK(cancelled(seen) == 3);
}

TEST_CASE("A failed copy leaves the word to the others; when all have failed so has the try") {
  const Seen slow = one_call(hedging(sim::Duration::ms(10)), {{50}, {5, false}});
  CHECK(slow.answer.reply.is_ok());
  CHECK(slow.answer.at == at_ms(50));
  const Seen early = one_call(hedging(sim::Duration::ms(10)), {{5, false}});
  CHECK(early.answer.reply.outcome == Outcome::failed);
  CHECK(early.answer.at == at_ms(5));
  CHECK(early.answer.reply.attempts == 1);
  const Seen both = one_call(hedging(sim::Duration::ms(10)), {{50, false}, {5, false}});
  CHECK(both.answer.reply.outcome == Outcome::failed);
  CHECK(both.answer.at == at_ms(50));
}

TEST_CASE("Retries are around hedges, a timeout is of each copy") {
  ClientPlan plan = hedging(sim::Duration::ms(10));
  plan.timeout = sim::Duration::ms(30);
  plan.retry = retries(2);
  const Seen seen = one_call(plan, {{99}, {99}, {5}});
  CHECK(seen.answer.at == at_ms(45));  // Both copies are given up by 40 ms.
  CHECK(seen.answer.reply.is_ok());
  CHECK(seen.answer.reply.attempts == 3);
  plan.deadline = sim::Duration::ms(25);
  const Seen late = one_call(plan, {{99}, {99}, {5}});
  CHECK(late.answer.at == at_ms(25));
  CHECK(late.answer.reply.outcome == Outcome::timeout);
  CHECK(late.answer.reply.attempts == 2);
}

TEST_CASE("A cancelled copy takes what it has called itself with it") {
  sim::Simulation simulation;
  Scripted deep(simulation, {{500}, {5}});
  Client inner(simulation, ClientPlan(), deep, 1);
  /// An instance whose work is a call of another.
  class Through final : public Endpoint {
   public:
    Through(sim::Simulation& simulation, Endpoint& next)
        : Endpoint(simulation), next_(next), scope_(simulation) {}
    ~Through() override { scope_.close(); }
    sim::Task<Reply> call(Request request) override { return scope_.host(serve(request)); }
    sim::Task<bool> probe(std::uint16_t) override { co_return true; }

   private:
    sim::Task<Reply> serve(Request request) {
      sim::Call answer(simulation_, next_.call(request));
      const auto reply = co_await answer;
      co_return *reply;
    }
    Endpoint& next_;
    sim::Scope scope_;
  } through(simulation, deep);
  const ClientPlan plan = hedging(sim::Duration::ms(10), 1, true);
  Client client(simulation, plan, through, 1);
  const auto answers = call_all(simulation, client, 1);
  CHECK(answers.front().at == at_ms(15));
  CHECK(simulation.now() == at_ms(15));
  CHECK(deep.station.result().drops[static_cast<std::size_t>(DropCause::cancelled)] == 1);
}

TEST_CASE("T02: hedging after a quantile of an exponential") {
  for (const double share : {0.9, 0.95}) {
    for (const std::uint32_t max : {1u, 2u}) {
      sim::Simulation simulation;
      Slow slow(simulation, exponential(sim::Duration::seconds(1)));
      const double after_s = -std::log(1 - share);
      const ClientPlan plan = hedging(sim::Duration::rounded_ns(after_s * 1e9), max);
      Client client(simulation, plan, slow, 1);
      constexpr int n = 100'000;
      const auto answers = call_all(simulation, client, n);
      double latency = 0, squares = 0, attempts = 0;
      for (const auto& answer : answers) {
        const double seconds = answer.at.in_seconds();
        latency += seconds / n;
        squares += seconds * seconds / n;
        attempts += answer.reply.attempts;
      }
      // k copies run side by side: the hazard is k, for as long as the next one takes to come.
      const double q = 1 - share;
      const double two = q * (1 - (max == 2 ? q * q : 0)) / 2;
      const double three = max == 2 ? q * q * q / 3 : 0;
      const double expected = share + two + three;
      CHECK(std::abs(latency - expected) < 4 * std::sqrt((squares - latency * latency) / n));
      const double copies = 1 + q + (max == 2 ? q * q * q : 0);
      CHECK(std::abs(attempts / n - copies) < 4 * std::sqrt(q / n));
    }
  }
}

/// Calls one after the other, as a percentile of the answers so far needs them.
sim::Task<> call_in_turn(sim::Simulation& simulation, Endpoint* endpoint, int calls,
                         std::vector<Reply>* replies) {
  for (int i = 0; i < calls; ++i) {
    Request request;
    request.draw_key = sim::mix(7, static_cast<std::uint64_t>(i));
    co_await simulation.delay(sim::Duration::ms(1));
    const Reply reply = co_await endpoint->call(request);
    replies->push_back(reply);
  }
}

TEST_CASE("Hedging after a percentile of what was seen sends that share of copies") {
  const bool cancel = GENERATE(false, true);
  sim::Simulation simulation;
  Slow slow(simulation, exponential(sim::Duration::seconds(1)));
  ClientPlan plan;
  plan.hedge = HedgePlan{Percentile{95}, 1, cancel};
  Client client(simulation, plan, slow, 1);
  std::vector<Reply> replies;
  constexpr int n = 60'000;
  simulation.spawn(call_in_turn(simulation, &client, n, &replies));
  simulation.run();
  REQUIRE(replies.size() == n);
  int early = 0, copies = 0;
  for (int i = 0; i < n; ++i)
    (i < 350 ? early : copies) += replies[static_cast<std::size_t>(i)].attempts - 1;
  CHECK(early == 0);
  // Those that are cancelled count as late, as they are; the percentile moves a little at first.
  CHECK(copies / double(n - 350) == Approx(0.05).epsilon(0.08));
}

}  // namespace
}  // namespace headroom
