#include <catch2/catch.hpp>
#include <map>
#include <memory>

#include "models/balancer/service.hpp"

namespace headroom {
namespace {

/// Answers at once, with errors when told to.
class Replica final : public Endpoint {
 public:
  using Endpoint::Endpoint;
  sim::Task<Reply> call(Request) override {
    ++calls;
    co_return is_bad ? Reply::failed() : Reply::ok();
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }
  bool is_bad = false;
  int calls = 0;
};

struct World {
  World(const BalancerPlan& wanted, std::size_t n)
      : plan(wanted), members(n, n), log(simulation), station(simulation, "lb", "", {}) {
    std::vector<BackendTarget> targets;
    for (std::size_t i = 0; i < n; ++i) {
      replicas.push_back(std::make_unique<Replica>(simulation));
      targets.push_back({replicas.back().get(), static_cast<std::uint16_t>(i / 2)});
    }
    if (plan.sticky) pins.emplace(*plan.sticky, n);
    const BalancerSite site{"lb[0]", 0, 0, &members, &log, pins ? &*pins : nullptr};
    balancer = std::make_unique<Balancer>(station, plan, site, targets);
  }
  ~World() { simulation.close(); }
  void send(std::uint32_t session = 0) {
    simulation.spawn(one(simulation, balancer.get(), session));
  }
  static sim::Task<> one(sim::Simulation&, Endpoint* target, std::uint32_t session) {
    Request request;
    request.session = session;
    co_await target->call(request);
  }
  void run_to_s(std::int64_t s) { simulation.run_until(sim::Time() + sim::Duration::seconds(s)); }
  void forget() {
    for (auto& replica : replicas)
      replica->calls = 0;
  }

  sim::Simulation simulation;
  BalancerPlan plan;
  Members members;
  EventLog log;
  Station station;
  std::vector<std::unique_ptr<Replica>> replicas;
  std::optional<Sticky> pins;
  std::unique_ptr<Balancer> balancer;
};

TEST_CASE("Who answers badly is ejected for longer each time, up to the ceiling") {
  BalancerPlan plan;
  plan.outlier_ejection = OutlierEjectionPlan{3, sim::Duration::seconds(10), Ratio{0.5}};
  World world(plan, 4);
  for (std::size_t i = 0; i < 3; ++i)
    world.replicas[i]->is_bad = true;
  for (int i = 0; i < 40; ++i)
    world.send();
  // Three are bad; half of four may be out.
  CHECK(world.balancer->backends().healthy().size() == 2);
  CHECK(world.balancer->outliers()->ejections() == 2);
  CHECK(world.log.events().size() == 2);
  world.run_to_s(9);
  CHECK(world.balancer->backends().healthy().size() == 2);
  world.run_to_s(10);
  CHECK(world.balancer->backends().healthy().size() == 4);
  for (int i = 0; i < 40; ++i)
    world.send();
  world.run_to_s(21);  // two again; whoever is out the second time in a row is for 20 s
  CHECK(world.balancer->backends().healthy().size() < 4);
  world.run_to_s(30);
  CHECK(world.balancer->backends().healthy().size() == 4);
}

TEST_CASE("A newcomer's share grows over the slow start") {
  BalancerPlan plan;
  plan.policy = "random";
  plan.slow_start = sim::Duration::seconds(100);
  World world(plan, 2);
  world.balancer->set_out(1, Out::unhealthy, true);
  world.run_to_s(1);
  world.balancer->set_out(1, Out::unhealthy, false);
  const auto share_of_newcomer = [&] {
    world.forget();
    for (int i = 0; i < 20'000; ++i)
      world.send();
    return world.replicas[1]->calls / 20'000.0;
  };
  CHECK(share_of_newcomer() == Approx(0.5 * 0.1).margin(0.007));  // 4 standard errors
  world.run_to_s(51);
  CHECK(share_of_newcomer() == Approx(0.5 * 0.5).margin(0.013));
  world.run_to_s(101);
  CHECK(share_of_newcomer() == Approx(0.5).margin(0.015));
}

TEST_CASE("Sessions stay where they began, also while it drains, and move when it is gone") {
  BalancerPlan plan;
  plan.sticky = StickyBy::session;
  World world(plan, 3);
  for (int round = 0; round < 10; ++round)
    for (std::uint32_t session = 0; session < 6; ++session)
      world.send(session);
  for (const auto& replica : world.replicas)
    CHECK(replica->calls == 20);
  CHECK(world.pins->imbalance(world.balancer->backends()) == 1);
  world.members.begin_drain(0);
  world.forget();
  for (std::uint32_t session = 0; session < 6; ++session)
    world.send(session);
  world.send(7);  // a new one does not begin there
  CHECK(world.replicas[0]->calls == 2);
  world.members.set_present(0, false);
  for (std::uint32_t session = 0; session < 6; ++session)
    world.send(session);
  CHECK(world.replicas[0]->calls == 2);
  CHECK(world.pins->moved() == 2);
  // Back again: those that have moved stay away, so it holds nothing of seven sessions.
  world.members.end_drain(0);
  world.members.set_present(0, true);
  for (std::uint32_t session = 0; session < 6; ++session)
    world.send(session);
  CHECK(world.replicas[0]->calls == 2);
  CHECK(world.pins->imbalance(world.balancer->backends()) > 1.5);
  // The next session in the same place is another one, and no move.
  world.send(session_of(0, 1));
  CHECK(world.pins->moved() == 2);
}

TEST_CASE("A session stays where it began, whichever instance of the balancer it comes through") {
  sim::Simulation simulation;
  BalancerPlan plan;
  plan.policy = "random";
  plan.sticky = StickyBy::session;
  std::vector<std::unique_ptr<Replica>> replicas;
  std::vector<BackendTarget> targets;
  for (int i = 0; i < 5; ++i) {
    replicas.push_back(std::make_unique<Replica>(simulation));
    targets.push_back({replicas.back().get(), 0});
  }
  BalancerService service(simulation, plan, "lb", std::vector<BalancerSite>(3), targets, {});
  for (int call = 0; call < 30; ++call)
    simulation.spawn(
        World::one(simulation, &service.instance(static_cast<std::size_t>(call % 3)), 7));
  int homes = 0;
  for (const auto& replica : replicas)
    homes += replica->calls > 0 ? 1 : 0;
  CHECK(homes == 1);
  const auto counts = service.result().counts;
  REQUIRE(counts.size() == 2);
  CHECK(counts[0] == std::pair<std::string, double>("pins_moved", 0));
  CHECK(counts[1].second == 5);  // all of one at one of five
  simulation.close();
}

TEST_CASE("zone_local stays at home while anybody there may get calls") {
  BalancerPlan plan;
  plan.policy = "zone_local";
  World world(plan, 6);  // two in each of three zones; the balancer stands in the first
  for (int i = 0; i < 10; ++i)
    world.send();
  CHECK(world.replicas[0]->calls == 5);
  CHECK(world.replicas[1]->calls == 5);
  world.balancer->set_out(0, Out::unhealthy, true);
  world.send();
  CHECK(world.replicas[1]->calls == 6);
  world.balancer->set_out(1, Out::unhealthy, true);
  for (int i = 0; i < 8; ++i)
    world.send();
  for (std::size_t i = 2; i < 6; ++i)
    CHECK(world.replicas[i]->calls == 2);
}

TEST_CASE("A balancer that is killed refuses its callers until it is up again") {
  World world(BalancerPlan(), 1);
  world.balancer->begin_kill();
  world.send();
  world.run_to_s(1);
  CHECK(world.replicas[0]->calls == 0);
  world.balancer->end_kill();
  world.send();
  CHECK(world.replicas[0]->calls == 1);
}

}  // namespace
}  // namespace headroom
