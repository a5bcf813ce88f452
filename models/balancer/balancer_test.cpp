#include "models/balancer/service.hpp"

#include <catch2/catch.hpp>
#include <memory>

#include "models/balancer/entrance.hpp"

namespace headroom {
namespace {

/// Answers after 10 ms; probes are answered as `answers` says.
class Replica final : public Endpoint {
 public:
  enum class Probe { yes, no, silence };
  using Endpoint::Endpoint;
  sim::Task<Reply> call(Request request) override {
    zones.push_back(request.zone);
    co_await simulation_.delay(sim::Duration::ms(10));
    co_return Reply::ok();
  }
  sim::Task<bool> probe(std::uint16_t zone) override {
    probed_at.push_back(simulation_.now());
    probed_from = zone;
    if (answers == Probe::silence) co_await simulation_.delay(sim::Duration::forever());
    co_return answers == Probe::yes;
  }
  Probe answers = Probe::yes;
  std::vector<std::uint16_t> zones;
  std::vector<sim::Time> probed_at;
  std::uint16_t probed_from = 999;
};

struct World {
  World(const BalancerPlan& wanted, std::vector<std::uint16_t> zones, std::size_t n)
      : plan(wanted), members(n, n) {
    std::vector<BackendTarget> targets;
    for (std::size_t i = 0; i < n; ++i) {
      replicas.push_back(std::make_unique<Replica>(simulation));
      targets.push_back({replicas.back().get(), static_cast<std::uint16_t>(i)});
    }
    std::vector<BalancerSite> sites;
    for (const std::uint16_t zone : zones)
      sites.push_back({{}, zone, zone, &members, nullptr});
    service.emplace(simulation, plan, "lb", sites, targets, Measurement());
  }
  ~World() { simulation.close(); }
  void run_to_ms(std::int64_t ms) { simulation.run_until(sim::Time() + sim::Duration::ms(ms)); }

  sim::Simulation simulation;
  BalancerPlan plan;
  Members members;
  std::vector<std::unique_ptr<Replica>> replicas;
  std::optional<BalancerService> service;
};

sim::Task<> call_once(sim::Simulation&, Endpoint* endpoint, std::vector<Reply>* replies,
                      std::uint16_t zone = 0) {
  Request request;
  request.zone = zone;
  const Reply reply = co_await endpoint->call(request);
  replies->push_back(reply);
}

BalancerPlan with_health_check() {
  BalancerPlan plan;
  plan.health_check.emplace();
  plan.health_check->interval = sim::Duration::seconds(2);
  return plan;
}

TEST_CASE("Callers use the instance of their own zone, others all of them in turn") {
  World world(BalancerPlan(), {1, 2}, 1);
  Entrance entrance(world.simulation,
                    {{&world.service->instance(0), 1}, {&world.service->instance(1), 2}});
  std::vector<Reply> replies;
  for (const std::uint16_t zone : {1, 1, 2, 1, 7, 7, 7, 7}) {
    world.simulation.spawn(call_once(world.simulation, &entrance, &replies, zone));
  }
  world.run_to_ms(20);
  CHECK(replies.size() == 8);
  // Three of zone 1 and one of zone 2 have an instance at home; four of zone 7 are shared out.
  CHECK(world.service->instance(0).arrivals() == 3 + 2);
  CHECK(world.service->instance(1).arrivals() == 1 + 2);
}

TEST_CASE("Of several instances in a zone callers there take one after the other") {
  World world(BalancerPlan(), {1, 2}, 1);
  Entrance entrance(world.simulation,
                    {{&world.service->instance(0), 1}, {&world.service->instance(1), 1}});
  world.service->instance(0).begin_kill();
  std::vector<Reply> replies;
  for (int i = 0; i < 6; ++i)
    world.simulation.spawn(call_once(world.simulation, &entrance, &replies, 1));
  world.run_to_ms(60);
  // Who was refused by the dead one gets the other one with the next try.
  CHECK(replies.size() == 6);
  const auto is_ok = [](const Reply& reply) { return reply.is_ok(); };
  CHECK(std::count_if(replies.begin(), replies.end(), is_ok) == 3);
  CHECK(world.service->instance(1).arrivals() == 3);
}

TEST_CASE("Instances share the books and keep policies of their own") {
  World world(BalancerPlan(), {3, 4}, 2);
  std::vector<Reply> replies;
  for (int i = 0; i < 4; ++i) {
    const auto which = static_cast<std::size_t>(i / 2);
    world.simulation.spawn(call_once(world.simulation, &world.service->instance(which), &replies));
  }
  CHECK(world.service->instance(0).backends()[0].outstanding == 1);
  world.run_to_ms(5);
  CHECK(world.service->result().in_system_at_end == 4);
  world.service->start_measuring();
  world.run_to_ms(25);
  const ServiceResult result = world.service->result();
  CHECK(result.kind == "load_balancer");
  CHECK(result.name == "lb");
  CHECK(result.arrivals == 0);
  CHECK(result.in_system_at_start == 4);
  CHECK(result.completions == 4);
  CHECK(result.in_system_at_end == 0);
  CHECK(result.in_system_area == 4 * 5'000'000);
  CHECK(result.instance_area == 2 * 20'000'000);
  CHECK(result.sojourn.count() == 4);
  CHECK(result.sojourn.max() == 10'000'000);
  CHECK(result.replicas.size() == 2);
  // Each instance began its own round at replica 0 and called from its own zone.
  for (const auto& replica : world.replicas) {
    CHECK(replica->zones == std::vector<std::uint16_t>{3, 4});
  }
  CHECK(world.service->instance(0).backends()[0].outstanding == 0);
}

TEST_CASE("Without a healthy replica calls are rejected and booked") {
  World world(BalancerPlan(), {0}, 2);
  Balancer& balancer = world.service->instance(0);
  balancer.set_out(0, Out::unhealthy, true);
  balancer.set_out(1, Out::unhealthy, true);
  std::vector<Reply> replies;
  world.simulation.spawn(call_once(world.simulation, &balancer, &replies));
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].outcome == Outcome::rejected);
  CHECK(replies[0].cause == DropCause::no_backend);
  const ServiceResult result = world.service->result();
  CHECK(result.drops[static_cast<std::size_t>(DropCause::no_backend)] == 1);
  CHECK(result.arrivals == 1);
  CHECK(result.completions == 0);
}

TEST_CASE("A call whose caller is gone is no longer outstanding") {
  BalancerPlan plan;
  for (const Choice& choice : balancer_policies()) {
    plan.policy = choice.name;
    World world(plan, {0}, 2);
    Balancer& balancer = world.service->instance(0);
    std::vector<Reply> replies;
    sim::Scope callers(world.simulation);
    for (int i = 0; i < 3; ++i)
      callers.spawn(call_once(world.simulation, &balancer, &replies));
    callers.close();
    CHECK(balancer.backends()[0].outstanding == 0);
    CHECK(balancer.backends()[1].outstanding == 0);
    const ServiceResult result = world.service->result();
    CHECK(result.drops[static_cast<std::size_t>(DropCause::killed)] == 3);
  }
}

TEST_CASE("Probes come at their interval, spread over it, from the zone of the balancer") {
  World world(with_health_check(), {7}, 2);
  world.run_to_ms(6'500);
  const auto at_s = [](std::int64_t s) { return sim::Time() + sim::Duration::seconds(s); };
  CHECK(world.replicas[0]->probed_at == std::vector<sim::Time>{at_s(1), at_s(3), at_s(5)});
  CHECK(world.replicas[1]->probed_at == std::vector<sim::Time>{at_s(2), at_s(4), at_s(6)});
  CHECK(world.replicas[0]->probed_from == 7);
}

TEST_CASE("Thresholds count results in a row; silence fails after the timeout") {
  World world(with_health_check(), {0}, 1);
  Replica& replica = *world.replicas[0];
  const Backend& seen = world.service->instance(0).backends()[0];
  std::int64_t fails_ms = 0;
  SECTION("an answer no") {
    replica.answers = Replica::Probe::no;
  }
  SECTION("silence") {
    replica.answers = Replica::Probe::silence;
    fails_ms = 1'000;
  }
  world.run_to_ms(5'000);  // failed at 2 and 4 s
  replica.answers = Replica::Probe::yes;
  world.run_to_ms(7'000);  // passed at 6 s
  const auto answers = fails_ms > 0 ? Replica::Probe::silence : Replica::Probe::no;
  replica.answers = answers;
  world.run_to_ms(12'000 + fails_ms - 1);  // fails at 8, 10 and 12 s
  CHECK(seen.healthy);
  world.run_to_ms(12'000 + fails_ms);
  CHECK_FALSE(seen.healthy);
  replica.answers = Replica::Probe::yes;
  world.run_to_ms(15'999);
  CHECK_FALSE(seen.healthy);
  world.run_to_ms(16'000);  // passed at 14 and 16 s
  CHECK(seen.healthy);
}

TEST_CASE("A probe that is slower than the interval does not overlap the next") {
  BalancerPlan plan = with_health_check();
  plan.health_check->timeout = sim::Duration::seconds(3);
  World world(plan, {0}, 1);
  world.replicas[0]->answers = Replica::Probe::silence;
  world.run_to_ms(10'000);
  const auto at_s = [](std::int64_t s) { return sim::Time() + sim::Duration::seconds(s); };
  CHECK(world.replicas[0]->probed_at == std::vector<sim::Time>{at_s(2), at_s(5), at_s(8)});
  CHECK(world.service->instance(0).backends()[0].healthy);
  world.run_to_ms(11'000);  // the third failure
  CHECK_FALSE(world.service->instance(0).backends()[0].healthy);
}

}  // namespace
}  // namespace headroom
