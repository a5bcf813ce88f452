#include "sim/kernel/simulation.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <utility>

#include "sim/kernel/call.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/group.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/resource.hpp"

namespace headroom::sim {
namespace {

struct World {
  explicit World(std::uint64_t seed = 1) : simulation_(seed) {}
  ~World() { simulation_.close(); }
  Simulation simulation_;
  Resource resource_{simulation_, 1};
  std::string trace;
  Simulation& simulation() { return simulation_; }
};

Task<> note(World& w, char name, Duration first, int yields) {
  co_await w.simulation_.delay(first);
  w.trace += name;
  for (int i = 0; i < yields; ++i) {
    co_await w.simulation_.delay(Duration());
    w.trace += name;
  }
}
Task<> take_then_note(World& w, char name) {
  auto unit = co_await w.resource_.acquire();
  w.trace += name;
  co_await w.simulation_.delay(Duration::ns(10));
}
Task<> spin(World& w) {
  for (;;)
    co_await w.simulation_.delay(Duration());
}
Task<> spin_on_lane(World& w, Lane lane) {
  for (;;)
    co_await before(lane, w.simulation_.delay(Duration::seconds(1)));
}
Task<> tick(World& w, Duration every) {
  for (;;)
    co_await w.simulation_.delay(every);
}
Task<> stop_at(World& w, Duration when) {
  co_await w.simulation_.delay(when);
  w.simulation_.stop();
}

/// Customers of random length at one resource, some of whom give up.
Task<> customer(World& w, Duration patience, Duration work) {
  auto unit = co_await before(w.simulation_.now() + patience, w.resource_.acquire());
  if (!unit) co_return;
  co_await w.simulation_.delay(work);
}
Task<> arrivals(World& w, int customers) {
  Stream random(w.simulation_.seed(), 0, "arrivals");
  for (int i = 0; i < customers; ++i) {
    co_await w.simulation_.delay(Duration::ns(static_cast<std::int64_t>(random.below(20))));
    const auto patience = Duration::ns(static_cast<std::int64_t>(random.below(60)));
    const auto work = Duration::ns(static_cast<std::int64_t>(random.below(18)));
    w.simulation_.spawn(customer(w, patience, work));
  }
}
std::uint64_t alone(std::uint64_t seed) {
  World w(seed);
  w.simulation_.spawn(arrivals(w, 3000));
  REQUIRE(w.simulation_.run() == Simulation::Status::reached);
  return w.simulation_.digest();
}

}  // namespace

TEST_CASE("what was scheduled for an instant comes before what becomes ready in it",
          "[simulation]") {
  World w;
  w.simulation_.spawn(note(w, 'a', Duration::ns(5), 2));
  w.simulation_.spawn(note(w, 'b', Duration::ns(5), 1));
  w.simulation_.spawn(note(w, 'c', Duration::ns(5), 0));
  w.simulation_.spawn(note(w, 'd', Duration::ns(4), 0));
  w.simulation_.run();
  REQUIRE(w.trace == "dabcaba");
  REQUIRE(w.simulation_.events() == 7);
  REQUIRE(w.simulation_.now() == Time::at_ns(5));
}

TEST_CASE("what is ready goes first come, first served, behind the timers of its instant",
          "[simulation]") {
  World w;
  for (char name : {'1', '2', '3'})
    w.simulation_.spawn(take_then_note(w, name));
  w.simulation_.spawn(note(w, 'x', Duration::ns(10), 1));
  w.simulation_.run();
  // At 10 the unit passes to 2, which is ready behind x; x yields and so comes after it.
  REQUIRE(w.trace == "1x2x3");
}

TEST_CASE("a pause cut short by its deadline says so", "[simulation]") {
  struct Run {
    static Task<> go(World& w, Lane lane) {
      const bool whole = co_await before(Time::at_ns(5), w.simulation_.delay(Duration::ns(9)));
      w.trace += whole ? 'w' : 'c';
      const bool exact = co_await before(Time::at_ns(9), w.simulation_.delay(Duration::ns(4)));
      w.trace += exact ? 'w' : 'c';
      const bool in_lane = co_await before(lane, w.simulation_.delay(Duration::ns(2)));
      w.trace += in_lane ? 'w' : 'c';
      const bool too_long = co_await before(lane, w.simulation_.delay(Duration::ns(20)));
      w.trace += too_long ? 'w' : 'c';
      // Of two deadlines the nearer counts, whichever is outside.
      co_await before(Time::at_ns(100),
                      before(Time::at_ns(30), w.simulation_.delay(Duration::seconds(1))));
      REQUIRE(w.simulation_.now() == Time::at_ns(30));
      co_await before(Time::at_ns(31),
                      before(Time::at_ns(90), w.simulation_.delay(Duration::seconds(1))));
      REQUIRE(w.simulation_.now() == Time::at_ns(31));
    }
  };
  World w;
  w.simulation_.spawn(Run::go(w, w.simulation_.lane(Duration::ns(7))));
  w.simulation_.run();
  REQUIRE(w.trace == "cwwc");
  REQUIRE(w.simulation_.now() == Time::at_ns(31));
}

TEST_CASE("limits end a run that would not end", "[simulation]") {
  World stuck;
  stuck.simulation_.limit_events_at_one_instant(1000);
  stuck.simulation_.spawn(spin(stuck));
  REQUIRE(stuck.simulation_.run() == Simulation::Status::stuck_at_one_instant);
  REQUIRE(stuck.simulation_.events() == 1000);

  World lane;
  lane.simulation_.limit_events_at_one_instant(1000);
  lane.simulation_.spawn(spin_on_lane(lane, lane.simulation_.lane(Duration())));
  REQUIRE(lane.simulation_.run() == Simulation::Status::stuck_at_one_instant);

  World later;
  later.simulation_.limit_events_at_one_instant(10);
  later.simulation_.spawn(tick(later, Duration::ns(1)));
  REQUIRE(later.simulation_.run_until(Time::at_ns(500)) == Simulation::Status::reached);
  later.simulation_.spawn(spin(later));
  REQUIRE(later.simulation_.run() == Simulation::Status::stuck_at_one_instant);
  REQUIRE(later.simulation_.events() == 509);

  World endless;
  endless.simulation_.limit_events(5000);
  endless.simulation_.spawn(tick(endless, Duration::ns(1)));
  REQUIRE(endless.simulation_.run_until(Time::at_ns(5000)) == Simulation::Status::reached);
  REQUIRE(endless.simulation_.run() == Simulation::Status::too_many_events);
  REQUIRE(endless.simulation_.events() == 5000);
  // Nothing was lost: with a higher limit it goes on as if never ended.
  endless.simulation_.limit_events(7000);
  REQUIRE(endless.simulation_.run() == Simulation::Status::too_many_events);
  REQUIRE(endless.simulation_.now() == Time::at_ns(7000));
}

TEST_CASE("stopping ends a run and loses nothing", "[simulation]") {
  World w(3);
  w.simulation_.spawn(arrivals(w, 3000));
  w.simulation_.spawn(stop_at(w, Duration::ns(5000)));
  REQUIRE(w.simulation_.run() == Simulation::Status::stopped);
  REQUIRE(w.simulation_.now() == Time::at_ns(5000));
  World whole(3);
  whole.simulation_.spawn(arrivals(whole, 3000));
  whole.simulation_.spawn(stop_at(whole, Duration::ns(5000)));
  whole.simulation_.run();
  whole.simulation_.run();
  REQUIRE(w.simulation_.run() == Simulation::Status::reached);
  REQUIRE(w.simulation_.digest() == whole.simulation_.digest());
  REQUIRE(w.simulation_.events() == whole.simulation_.events());
}

TEST_CASE("an outside clock drives the same run", "[simulation]") {
  World w(5);
  w.simulation_.spawn(arrivals(w, 3000));
  int steps = 0;
  for (Time next = w.simulation_.next_time(); next != Time::never();
       next = w.simulation_.next_time()) {
    REQUIRE(next >= w.simulation_.now());
    REQUIRE(w.simulation_.run_until(next) == Simulation::Status::reached);
    REQUIRE(w.simulation_.now() == next);
    ++steps;
  }
  REQUIRE(steps > 1000);
  REQUIRE(w.simulation_.digest() == alone(5));
}

TEST_CASE("two simulations in one program do not see each other", "[simulation]") {
  World a(6);
  World b(7);
  a.simulation_.spawn(arrivals(a, 3000));
  b.simulation_.spawn(arrivals(b, 3000));
  for (std::int64_t t = 0;
       a.simulation_.next_time() != Time::never() || b.simulation_.next_time() != Time::never();
       t += 37) {
    a.simulation_.run_until(Time::at_ns(t));
    b.simulation_.run_until(Time::at_ns(t + 11));
  }
  REQUIRE(a.simulation_.digest() == alone(6));
  REQUIRE(b.simulation_.digest() == alone(7));
  REQUIRE(alone(6) != alone(7));
}

namespace {

Task<int> sleep(World& w, Duration length) {
  co_await w.simulation_.delay(length);
  co_return 1;
}
Task<> call_with_deadlines(World& w, int calls, Duration deadline) {
  for (int i = 0; i < calls; ++i) {
    const Time gives_up = w.simulation_.now() + deadline;
    Call answer(w.simulation_, sleep(w, Duration::ms(1)));
    co_await before(gives_up, std::move(answer));
  }
}

}  // namespace

TEST_CASE("deadlines that never come do not collect", "[simulation]") {
  // 10,000 answers in 10 s, each with a deadline an hour ahead: what stays are the last few.
  World w;
  w.simulation_.spawn(call_with_deadlines(w, 10'000, Duration::seconds(3600)));
  w.simulation_.run_until(Time() + Duration::seconds(20));
  REQUIRE(w.simulation_.next_time() > Time() + Duration::seconds(3609));
  w.simulation_.run();
  REQUIRE(w.simulation_.next_time() == Time::never());
  REQUIRE(w.simulation_.now() == Time() + Duration::seconds(20));
}

}  // namespace headroom::sim
