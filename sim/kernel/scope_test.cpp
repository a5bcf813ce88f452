#include "sim/kernel/scope.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <utility>

#include "sim/kernel/channel.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/group.hpp"
#include "sim/kernel/poll.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/work.hpp"

namespace headroom::sim {
namespace {

struct World {
  Simulation simulation_;
  Resource resource_{simulation_, 2};
  Resource by_key_{simulation_, 0, Order::smallest_key};
  Channel<std::string> empty_{simulation_, 3};
  Channel<std::string> full_{simulation_, 0};
  Processor processor_{simulation_};
  SharedProcessor shared_{simulation_, 2};
  std::string trace;
  ~World() { simulation_.close(); }
  Simulation& simulation() { return simulation_; }
};

struct Mark {
  World& world;
  char name;
  ~Mark() { world.trace += name; }
};

Task<> marked(World& w, char name) {
  Mark mark{w, name};
  co_await w.simulation_.delay(Duration::seconds(1));
}
Task<int> nested(World& w, char name) {
  Mark mark{w, name};
  auto unit = co_await w.resource_.acquire();
  co_await w.simulation_.delay(Duration::seconds(1));
  co_return 1;
}
Task<> nests(World& w, char name) {
  Mark mark{w, name};
  const int value = co_await nested(w, 'n');
  w.trace += value == 1 ? '1' : '?';
}
Task<> works(World& w, Trigger<int> answer) {
  co_await w.simulation_.delay(Duration::ms(5));
  answer.fire(42);
}
Task<> asks(World& w, Scope& scope) {
  Event<int> answer(w.simulation_);
  scope.spawn(works(w, answer.trigger()));
  const auto value = co_await answer.happens();
  w.trace += value ? 'v' : answer.broken() ? 'b' : '?';
}
Task<> close_at(World& w, Scope& scope, Duration when) {
  co_await w.simulation_.delay(when);
  scope.close();
}
Task<> has_scope(World& w) {
  Scope inner(w.simulation_);
  inner.spawn(marked(w, 'i'));
  co_await w.simulation_.delay(Duration::seconds(1));
}

Task<> wait_somehow(World& w, int kind) {
  const std::string text(40, 'x');
  Event<std::string> event(w.simulation_);
  auto trigger = event.trigger();
  Poll poll(w.simulation_, 1, 1);
  auto ballot = poll.ballot();
  const Time later = Time() + Duration::seconds(1);
  switch (kind) {
    case 0:
      co_await w.simulation_.delay(Duration::seconds(9));
      break;
    case 1:
      co_await event.happens();
      break;
    case 2: {
      auto unit = co_await w.resource_.acquire();
      co_await w.simulation_.delay(Duration::seconds(9));
      break;
    }
    case 3: {
      auto unit = co_await before(later, w.by_key_.acquire(3));
      break;
    }
    case 4:
      co_await w.empty_.receive();
      break;
    case 5:
      co_await w.full_.send(text);
      break;
    case 6:
      co_await w.processor_.work(Duration::seconds(3));
      break;
    case 7:
      co_await w.shared_.work(Duration::seconds(3));
      break;
    case 8:
      co_await poll.decision();
      break;
    case 9:
      co_await before(later, all(w.simulation_, w.empty_.receive(), event.happens(),
                                 race(w.simulation_, w.by_key_.acquire(1), poll.decision())));
      break;
    default:
      break;
  }
}
Task<> wait_with_timeout(World& w, Lane lane) {
  co_await before(lane, w.empty_.receive());
}

}  // namespace

TEST_CASE("closing a scope destroys its processes, oldest first", "[scope]") {
  World w;
  {
    Scope scope(w.simulation_);
    for (char name : {'1', '2', '3'})
      scope.spawn(marked(w, name));
    scope.spawn(nests(w, '4'));
    w.simulation_.run_until(Time() + Duration::ms(1));
    REQUIRE(w.resource_.in_use() == 1);
    REQUIRE_FALSE(scope.empty());
  }
  REQUIRE(w.trace.substr(0, 3) == "123");
  REQUIRE(w.trace.size() == 5);
  REQUIRE(w.resource_.in_use() == 0);
  w.simulation_.run();
  REQUIRE(w.simulation_.events() == 0);
}

TEST_CASE("a process that ends leaves its scope", "[scope]") {
  World w;
  Scope scope(w.simulation_);
  for (char name : {'1', '2', '3'})
    scope.spawn(marked(w, name));
  scope.spawn(nests(w, '4'));
  w.simulation_.run();
  REQUIRE(scope.empty());
  REQUIRE(w.trace == "123n14");
}

TEST_CASE("a kill breaks what the killed would have fired", "[scope]") {
  for (bool kill : {false, true}) {
    World w;
    Scope scope(w.simulation_);
    w.simulation_.spawn(asks(w, scope));
    if (kill) w.simulation_.spawn(close_at(w, scope, Duration::ms(5) - Duration::ns(1)));
    w.simulation_.run();
    REQUIRE(w.trace == (kill ? "b" : "v"));
  }
}

TEST_CASE("a trigger may outlive its event", "[scope]") {
  World w;
  Scope servers(w.simulation_);
  {
    Scope callers(w.simulation_);
    callers.spawn(asks(w, servers));
    w.simulation_.run_until(Time() + Duration::ms(1));
  }
  w.simulation_.run();
  REQUIRE(servers.empty());
  REQUIRE(w.trace.empty());
}

TEST_CASE("scopes inside processes go with them", "[scope]") {
  World w;
  w.simulation_.spawn(has_scope(w));
  w.simulation_.run_until(Time() + Duration::ms(1));
  w.simulation_.close();
  REQUIRE(w.trace == "i");
}

TEST_CASE("a run ends while ten thousand processes wait in every way", "[scope]") {
  auto w = std::make_unique<World>();
  const Lane lane = w->simulation_.lane(Duration::ms(300));
  for (int i = 0; i < 10'000; ++i)
    w->simulation_.spawn(wait_somehow(*w, i % 10));
  for (int i = 0; i < 1000; ++i)
    w->simulation_.spawn(wait_with_timeout(*w, lane));
  w->simulation_.run_until(Time() + Duration::ms(10));
  REQUIRE(w->resource_.in_use() == 2);
  REQUIRE(w->by_key_.waiting() == 2000);
  REQUIRE(w->shared_.active() == 1000);
  w->simulation_.close();
  REQUIRE(w->resource_.in_use() == 0);
  REQUIRE(w->resource_.waiting() == 0);
  REQUIRE(w->by_key_.waiting() == 0);
  REQUIRE(w->shared_.active() == 0);
  const auto events = w->simulation_.events();
  w->simulation_.run();
  REQUIRE(w->simulation_.events() == events);
}

}  // namespace headroom::sim
