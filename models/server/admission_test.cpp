#include "models/server/admission.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "models/server/brownout.hpp"
#include "models/server/fair_queue.hpp"
#include "models/server/test_tier.hpp"

namespace headroom {
namespace {

TEST_CASE("CoDel drops at the times of its control law") {
  const CodelPlan plan;  // 5 ms, 100 ms
  Codel codel(plan);
  // A queue that stands at 50 ms, one request a millisecond.
  std::vector<std::int64_t> dropped_ms;
  for (std::int64_t ms = 0; ms <= 450; ++ms)
    if (codel.drops(at_ms(ms), sim::Duration::ms(50), 10)) dropped_ms.push_back(ms);
  // 100 ms after it first stood, then after 100, 100/sqrt(2), 100/sqrt(3) ms and so on.
  std::vector<std::int64_t> expected{100};
  double next = 100;
  for (int count = 1; count <= 5; ++count) {
    next += 100 / std::sqrt(count);
    expected.push_back(static_cast<std::int64_t>(std::ceil(next)));
  }
  CHECK(dropped_ms == expected);
  // One wait below the target ends it; so does a queue that nobody else stands in.
  CHECK_FALSE(codel.drops(at_ms(451), sim::Duration::ms(4), 10));
  CHECK_FALSE(codel.drops(at_ms(700), sim::Duration::ms(50), 0));
}

TEST_CASE("The gradient takes the steps that were worked out by hand") {
  AdaptiveConcurrencyPlan plan;  // 20, tolerance 1.5, smoothing 0.2, headroom 4
  GradientLimit limit(plan, sim::Time());
  limit.update(10, 20);  // usual 10: gradient 1, aim 24
  CHECK(limit.limit() == 20);
  limit.update(10, 20);  // 20.8 -> 0.8 x 20.8 + 0.2 x 24.8 = 21.6
  CHECK(limit.limit() == 21);
  limit.update(100, 20);  // usual (10+10+100)/3 = 40; gradient 0.6; aim 16.96; 20.672
  CHECK(limit.limit() == 20);
  limit.update(400, 20);  // usual 130; gradient 0.5 at least; aim 14.336; 19.4048
  CHECK(limit.limit() == 19);
  limit.update(400, 9);  // fewer than half in flight: nothing to be learnt of the limit
  CHECK(limit.limit() == 19);

  // A large limit shows the usual time to many digits.
  AdaptiveConcurrencyPlan fine;
  fine.initial = fine.max = 1'000'000'000;
  fine.smoothing = 1;
  GradientLimit large(fine, sim::Time());
  for (const double recent_ns : {10, 10, 100})  // usual 40: gradient 0.6
    large.update(recent_ns, fine.max);
  CHECK(large.limit() == 600'000'004);
}

TEST_CASE("In a steady state the gradient rests where what it adds is what it takes") {
  AdaptiveConcurrencyPlan plan;
  plan.max = 100;
  GradientLimit limit(plan, sim::Time());
  for (int i = 0; i < 500; ++i)
    limit.update(10, 1000);
  CHECK(limit.limit() == 100);
  // Twice as slow as ever: gradient 0.75, so the limit tends to 0.75 L + 4 = L, L = 16, while the
  // usual hardly moves (600 windows).
  AdaptiveConcurrencyPlan free = plan;
  GradientLimit falls(free, sim::Time());
  for (int i = 0; i < 10; ++i)
    falls.update(10, 1000);
  for (int i = 0; i < 25; ++i)
    falls.update(20, 1000);
  CHECK(falls.limit() >= 16);
  CHECK(falls.limit() <= 24);
}

TEST_CASE("The least important are shed first, and no more than needed") {
  PriorityShedPlan plan;
  plan.wait = sim::Duration::ms(20);
  plan.window = sim::Duration::seconds(1);
  plan.decrease = Ratio{0.5};
  PriorityShed shed(plan, sim::Time());
  const auto round = [&](std::int64_t from_ms, sim::Duration wait) {
    int gold = 0, bronze = 0;
    for (int i = 0; i < 1000; ++i) {
      const auto now = at_ms(from_ms + i);
      const std::uint64_t origin = sim::mix(5, static_cast<std::uint64_t>(i));
      gold += i % 4 == 0 && shed.admits(now, 10, origin);
      bronze += i % 4 != 0 && shed.admits(now, 0, origin);
      shed.note_wait(wait);
    }
    return std::pair(gold, bronze);
  };
  CHECK(round(0, sim::Duration::ms(50)) == std::pair(250, 750));
  // Half of all: 250 of gold and as much of bronze, to within one of 128 parts, as makes 500.
  const auto [gold, bronze] = round(1000, sim::Duration::ms(5));
  CHECK(gold == 250);
  CHECK(bronze >= 250);
  CHECK(bronze <= 250 + 30);
  // Not overloaded any more: 1 % of all that came is let in again, in each window.
  const auto later = round(2000, sim::Duration::ms(5));
  CHECK(later.first == 250);
  CHECK(later.second >= bronze);
  CHECK(later.second <= bronze + 30);
}

TEST_CASE("What is refused is booked under its cause, and everything adds up") {
  struct Case {
    std::string what;
    AdmissionPlan plan;
    DropCause cause;
    std::uint64_t refused;
  };
  Case cases[2] = {{"token_bucket", {}, DropCause::rate_limited, 15},
                   {"concurrency", {}, DropCause::shed, 14}};
  cases[0].plan.token_bucket = TokenAdmissionPlan{Rate{1}, 5};
  cases[1].plan.concurrency = ConcurrencyAdmissionPlan{6};
  for (const Case& one : cases) {
    CAPTURE(one.what);
    ServerPlan plan = plan_of(2);
    plan.admission = one.plan;
    TestTier tier(plan, {{cpu_ms(1, 10)}});
    tier.send(20);
    tier.run_to_ms(500);
    CHECK(tier.drops(one.cause) == one.refused);
    CHECK(tier.server.result().completions + one.refused == 20);
  }
}

TEST_CASE("CoDel keeps the wait near its target where a plain queue would grow") {
  ServerPlan plan = plan_of(1);
  plan.admission.emplace().codel.emplace();
  TestTier tier(plan, {{cpu_ms(1, 10)}});
  for (int i = 0; i < 1000; ++i)
    tier.send_at_ms(i * 9);  // 11 % more than it can do
  tier.run_to_ms(20'000);
  const ServiceResult result = tier.server.result();
  const auto shed = tier.drops(DropCause::shed);
  CHECK(result.completions + shed == 1000);
  CHECK(shed > 60);
  CHECK(shed < 140);
  CHECK(result.wait.max() < 300'000'000);  // without it the last waits for 1000 ms
}

TEST_CASE("Adaptive LIFO: in order of arrival up to the limit, then the last to come first") {
  ServerPlan plan = plan_of(1, Discipline::adaptive_lifo);
  plan.lifo_beyond = 2;
  TestTier tier(plan, {{cpu_ms(1, 10)}});
  tier.send(6);
  tier.run_to_ms(1000);
  // 0 is served; five wait: 5, 4, 3 while more than two do; then 1 and 2 as they came.
  CHECK(tier.order() == std::vector<std::uint64_t>{0, 5, 4, 3, 1, 2});
}

TEST_CASE("Fair turns: a flood of one client does not delay the other") {
  ServerPlan plan = plan_of(1, Discipline::fair);
  plan.queue_limit = Limit{6};
  TestTier tier(plan, {{cpu_ms(1, 10)}});
  Request flood, other;
  flood.workload = 0;
  other.workload = 1;
  for (int i = 0; i < 8; ++i)
    tier.send_at_ms(0, flood);  // numbers 0 to 7: one served, six wait, one is refused
  for (int i = 0; i < 3; ++i)
    tier.send_at_ms(1, other);  // 8, 9, 10
  tier.run_to_ms(1000);
  CHECK(tier.drops(DropCause::queue_full) == 1);
  // Tags of the flood are 0 (served), 1, 2, ..; those of the other 0, 1, 2.
  CHECK(tier.order() == std::vector<std::uint64_t>{7, 0, 8, 1, 9, 2, 10, 3, 4, 5, 6});
}

TEST_CASE("Fair turns by client: one greedy user gets no more than the others") {
  for (const FairBy by : {FairBy::workload, FairBy::client}) {
    ServerPlan plan = plan_of(1, Discipline::fair);
    plan.fair_by = by;
    plan.queue_limit = Limit{20};
    TestTier tier(plan, {{cpu_ms(1, 10)}});
    const std::vector<ClientSplit> users{{ClientSplit::By::user, UINT32_MAX}};
    tier.server.set_clients(users);
    // 100 a second are served: the greedy one asks for 400, nine others for 20 each.
    for (int ms = 0; ms < 20'000; ms += 50)
      for (std::uint32_t user = 0; user < 10; ++user)
        for (int i = 0; i < (user == 0 ? 20 : 1); ++i) {
          Request request;
          request.session = user;
          tier.send_at_ms(ms, request);
        }
    tier.run_to_ms(20'000);
    std::vector<double> served(10);
    for (const TierAnswer& answer : tier.answers)
      if (answer.reply.is_ok()) ++served[std::max<std::uint64_t>(answer.number % 29, 19) - 19];
    for (const double of_one : served)
      CHECK((of_one == Approx(200).margin(3)) == (by == FairBy::client));
  }
}

TEST_CASE("Fair turns give max-min shares: 60 random demands against water-filling") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    sim::Stream random(seed, 0, "demands");
    ServerPlan plan = plan_of(1 + static_cast<std::int64_t>(seed % 3), Discipline::fair);
    plan.fair_by = FairBy::client;
    plan.queue_limit = Limit{10};
    TestTier tier(plan, {{cpu_ms(1, 10)}}, seed);
    const std::vector<ClientSplit> users{{ClientSplit::By::user, UINT32_MAX}};
    tier.server.set_clients(users);
    const auto clients = static_cast<std::uint32_t>(2 + random.uniform() * 7);
    const double capacity = 100.0 * static_cast<double>(plan.concurrency.count);
    constexpr int seconds = 40;
    std::vector<double> demands, served(clients);
    std::vector<std::uint32_t> of_number;
    for (std::uint32_t user = 0; user < clients; ++user) {
      demands.push_back(capacity * 1.5 * random.uniform() * random.uniform());
      const double gap_ms = 1000 / demands[user];
      for (double ms = 0; ms < 1000 * seconds; ms -= std::log(1 - random.uniform()) * gap_ms) {
        Request request;
        request.session = user;
        tier.send_at_ms(static_cast<std::int64_t>(ms), request);
        of_number.push_back(user);
      }
    }
    tier.run_to_ms(1000 * seconds);
    for (const TierAnswer& answer : tier.answers)
      if (answer.reply.is_ok()) served[of_number[answer.number]] += 1.0 / seconds;
    // By brute force: the highest level at which all that is taken is no more than there is.
    double level = 0;
    const auto taken = [&](double at) {
      double sum = 0;
      for (const double demand : demands)
        sum += std::min(demand, at);
      return sum;
    };
    while (level < 2 * capacity && taken(level + 0.1) <= capacity)
      level += 0.1;
    // Four standard errors of what each asks for, and the waves of ten that may wait.
    for (std::uint32_t user = 0; user < clients; ++user) {
      const double error = 4 * std::sqrt(demands[user] / seconds) + 0.02 * capacity;
      CHECK(served[user] == Approx(std::min(demands[user], level)).margin(error));
    }
  }
}

TEST_CASE("Fair turns forget clients that are idle") {
  FairQueue queue;
  for (std::uint64_t client = 0; client < 100'000; ++client) {
    const double tag = queue.tag(client);
    CHECK(tag == static_cast<double>(client));
    queue.join(client);
    queue.leave(client);
    queue.serve(tag + 1);
  }
  CHECK(queue.size() <= 64);
}

TEST_CASE("Brownout leaves out as much as the target asks for, and comes back") {
  BrownoutPlan plan;
  plan.target = sim::Duration::ms(100);
  Brownout brownout(plan, sim::Time());
  // Answers take 20 ms and, for the share that gets what is optional, 400 ms more: 0.2 is due.
  for (std::int64_t second = 1; second <= 400; ++second)
    brownout.note(at_ms(second * 1000),
                  sim::Duration::rounded_ns(20e6 + 400e6 * brownout.dimmer()));
  CHECK(brownout.dimmer() == Approx(0.2).margin(0.01));
  for (std::int64_t second = 401; second <= 420; ++second)
    brownout.note(at_ms(second * 1000), sim::Duration::ms(10));
  CHECK(brownout.dimmer() == 1);
}

TEST_CASE("Browned out, optional calls are not made; a fallback answers for a call that fails") {
  for (const bool is_optional : {false, true}) {
    ServerPlan plan = plan_of(10);
    plan.brownout.emplace();
    plan.brownout->target = sim::Duration::ms(1);
    plan.brownout->gain = 1;
    TestTier tier(plan, {});
    Downstream extra(tier.simulation, sim::Duration::ms(20));
    Action call = call_of(1, extra);
    call.is_optional = is_optional;
    tier.set({{call}});
    for (int i = 0; i < 1000; ++i)
      tier.send_at_ms(i * 100);
    tier.run_to_ms(200'000);
    const std::uint64_t left_out = tier.server.instance(0).left_out();
    CHECK(extra.requests.size() + left_out == 1000);
    CHECK((left_out > 300) == is_optional);
  }
  TestTier tier(plan_of(10), {});
  Downstream dead(tier.simulation, sim::Duration::ms(1));
  dead.replies = {Reply::failed(), Reply::ok()};
  Action call = call_of(1, dead);
  call.fallback.push_back({wait_ms(2, 5)});
  tier.set({{call}});
  tier.send_at_ms(0);
  tier.send_at_ms(100);
  tier.run_to_ms(1000);
  REQUIRE(tier.answers.size() == 2);
  CHECK(tier.answers[0].reply.is_ok());
  CHECK(tier.answers[0].at == at_ms(6));
  CHECK(tier.answers[1].at == at_ms(101));
  CHECK(tier.server.instance(0).fallbacks() == 1);
}

}  // namespace
}  // namespace headroom
