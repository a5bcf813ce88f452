// Every two causes that can end a wait, at one and the same nanosecond, in both orders.

#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "sim/kernel/channel.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/group.hpp"
#include "sim/kernel/poll.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/kernel/scope.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/work.hpp"

namespace headroom::sim {
namespace {

/// The first ten stand in this order in the race that the waiter waits for.
enum class Cause {
  granted,
  fired,
  broken,
  received,
  sent,
  delayed,
  worked,
  shared,
  decided,
  held,
  deadline,
  timeout,
  killed,
  slowed,
  count
};
constexpr auto causes = static_cast<int>(Cause::count);
constexpr Duration moment = Duration::ns(1000);

bool times_itself(Cause cause) {
  return cause == Cause::delayed || cause == Cause::worked || cause == Cause::shared ||
         cause == Cause::held || cause == Cause::deadline || cause == Cause::timeout;
}
/// A broken event ends no race, and a change of speed ends no work.
bool ends_the_race(Cause cause) {
  return cause != Cause::broken && cause != Cause::slowed;
}

struct World {
  Simulation simulation_;
  Lane lane_ = simulation_.lane(moment);
  Resource resource_{simulation_, 1};
  Resource own_{simulation_, 1};
  Channel<int> inbound_{simulation_, 1};
  Channel<int> outbound_{simulation_, 1};
  Event<int> fired_{simulation_};
  Event<int> broken_{simulation_};
  std::optional<Trigger<int>> fires_{fired_.trigger()};
  std::optional<Trigger<int>> breaks_{broken_.trigger()};
  Processor processor_{simulation_};
  SharedProcessor shared_{simulation_, 1};
  Poll poll_{simulation_, 1, 2};
  std::optional<Ballot> vote_{poll_.ballot()};
  Scope scope_{simulation_};

  int resumed = 0;
  int winner = -1;  ///< Position in the race; 10 when it was given up.
  Time ended;
  int units = 0;
  int values = 0;
  int taken = 0;
  int successors = 0;
  bool accepted = false;

  ~World() { simulation_.close(); }
  Simulation& simulation() { return simulation_; }
};

Duration length(Cause cause, Cause a, Cause b) {
  return cause == a || cause == b ? moment : Duration::forever();
}

Task<> waiter(World& w, Cause a, Cause b) {
  const bool has_deadline = a == Cause::deadline || b == Cause::deadline;
  const bool has_timeout = a == Cause::timeout || b == Cause::timeout;
  const Time deadline = has_deadline ? Time() + moment : Time::never();
  const Lane lane = has_timeout ? w.lane_ : Lane();
  auto result = co_await before(
      lane, before(deadline, race(w.simulation_, w.resource_.acquire(), w.fired_.happens(),
                                  w.broken_.happens(), w.inbound_.receive(), w.outbound_.send(2),
                                  w.simulation_.delay(length(Cause::delayed, a, b)),
                                  w.processor_.work(length(Cause::worked, a, b)),
                                  w.shared_.work(length(Cause::shared, a, b)), w.poll_.decision(),
                                  w.own_.hold(length(Cause::held, a, b)))));
  ++w.resumed;
  w.ended = w.simulation_.now();
  w.winner = result.reached ? static_cast<int>(result.first) : 10;
  int ended_by = 0;
  if (std::get<0>(result.values)) ++ended_by, ++w.units;
  if (std::get<1>(result.values)) ++ended_by;
  REQUIRE_FALSE(std::get<2>(result.values).has_value());
  if (std::get<3>(result.values)) ++ended_by, ++w.values;
  if (std::get<4>(result.values)) ++ended_by, w.accepted = true;
  if (std::get<5>(result.values)) ++ended_by;
  if (std::get<6>(result.values)) ++ended_by;
  if (std::get<7>(result.values)) ++ended_by;
  if (std::get<9>(result.values)) ++ended_by;
  REQUIRE(ended_by + (std::get<8>(result.values) && w.winner == 8) == (result.reached ? 1 : 0));
}

Task<> holder(World& w, bool releases) {
  auto unit = co_await w.resource_.acquire();
  co_await w.simulation_.delay(releases ? moment : Duration::forever());
}
Task<> successor(World& w) {
  auto unit = co_await w.resource_.acquire();
  ++w.successors;
}
Task<> second_receiver(World& w) {
  auto value = co_await w.inbound_.receive();
  if (value) ++w.values;
}
Task<> fill(World& w) {
  co_await w.outbound_.send(1);
}

Task<> act(World& w, Cause cause) {
  co_await w.simulation_.delay(moment);
  switch (cause) {
    case Cause::fired:
      w.fires_->fire(1);
      break;
    case Cause::broken:
      w.breaks_.reset();
      break;
    case Cause::received:
      co_await w.inbound_.send(7);
      break;
    case Cause::sent: {
      auto value = co_await w.outbound_.receive();
      if (value) ++w.taken;
      break;
    }
    case Cause::decided:
      w.vote_->vote(true);
      break;
    case Cause::killed:
      w.scope_.close();
      break;
    case Cause::slowed:
      w.processor_.set_speed(0.25);
      w.shared_.set_speed(0.25);
      break;
    default:
      break;
  }
}

/// What was scheduled first among what ends the race; the waiter's own timers in order of position.
int expected(Cause a, Cause b, bool actions_first) {
  std::vector<Cause> order;
  const auto add = [&](bool own) {
    Cause first = a;
    Cause second = b;
    if (own && static_cast<int>(b) < static_cast<int>(a)) std::swap(first, second);
    for (Cause cause : {first, second}) {
      if (times_itself(cause) == own) order.push_back(cause);
    }
  };
  // The holder of the resource starts before everybody: its release is the first of all.
  if (a == Cause::granted || b == Cause::granted) return 0;
  add(!actions_first);
  add(actions_first);
  for (Cause cause : order) {
    if (ends_the_race(cause)) return static_cast<int>(cause);
  }
  return -1;
}

std::uint64_t play(Cause a, Cause b, bool actions_first) {
  World w;
  const bool grants = a == Cause::granted || b == Cause::granted;
  const auto actions = [&] {
    for (Cause cause : {a, b}) {
      if (!times_itself(cause) && cause != Cause::granted) w.simulation_.spawn(act(w, cause));
    }
  };
  w.simulation_.spawn(holder(w, grants));
  w.simulation_.spawn(fill(w));
  if (actions_first) actions();
  w.scope_.spawn(waiter(w, a, b));
  if (!actions_first) actions();
  w.simulation_.spawn(successor(w));
  w.simulation_.spawn(second_receiver(w));
  w.simulation_.run_until(Time() + Duration::us(50));

  const bool killed = a == Cause::killed || b == Cause::killed;
  const int first = expected(a, b, actions_first);
  // A deadline resumes its process at once; what becomes ready waits until the timers of the
  // instant are through, and a kill that is one of them finds it still there.
  const bool given_up =
      first == static_cast<int>(Cause::deadline) || first == static_cast<int>(Cause::timeout);
  REQUIRE(w.resumed == ((killed && !given_up) || first < 0 ? 0 : 1));
  if (w.resumed == 1) {
    REQUIRE(w.winner == (given_up ? 10 : first));
    REQUIRE(w.ended == Time() + moment);
  }
  REQUIRE(w.successors == (grants ? 1 : 0));
  REQUIRE(w.resource_.in_use() == (grants ? 0 : 1));
  const bool sends = a == Cause::received || b == Cause::received;
  REQUIRE(w.values + static_cast<int>(w.inbound_.size()) == (sends ? 1 : 0));
  if (sends) REQUIRE(w.values == 1);
  const bool takes = a == Cause::sent || b == Cause::sent;
  REQUIRE(w.taken == (takes ? 1 : 0));
  const bool sender_came_first = first == static_cast<int>(Cause::sent);
  if (w.resumed == 1) REQUIRE(w.accepted == sender_came_first);
  REQUIRE(w.outbound_.size() == (!takes || sender_came_first ? 1u : 0u));
  if (first >= 0) REQUIRE(w.shared_.active() == 0);
  if (first >= 0) REQUIRE(w.own_.in_use() == 0);
  return w.simulation_.digest();
}

}  // namespace

TEST_CASE("two causes at one instant: the one scheduled first ends the wait, once", "[ties]") {
  for (int a = 0; a < causes; ++a) {
    for (int b = 0; b < causes; ++b) {
      if (a == b) continue;
      for (bool actions_first : {false, true}) {
        INFO("causes " << a << " and " << b << ", actions first " << actions_first);
        const auto first = static_cast<Cause>(a);
        const auto second = static_cast<Cause>(b);
        REQUIRE(play(first, second, actions_first) == play(first, second, actions_first));
      }
    }
  }
}

namespace {

struct Single {
  Simulation simulation_;
  Lane lane_ = simulation_.lane(moment);
  Resource resource_{simulation_, 1};
  Event<int> event_{simulation_};
  std::unique_ptr<Trigger<int>> trigger_ = std::make_unique<Trigger<int>>(event_.trigger());
  Channel<int> channel_{simulation_, 0};
  bool got = false;
  int ends = 0;
  ~Single() { simulation_.close(); }
  Simulation& simulation() { return simulation_; }
};

Task<> hold(Single& s) {
  auto unit = co_await s.resource_.acquire();
  co_await s.simulation_.delay(moment);
}
Task<> settle(Single& s, bool fire) {
  co_await s.simulation_.delay(moment);
  if (fire) s.trigger_->fire(3);
  s.trigger_.reset();
}
Task<> offer(Single& s) {
  co_await s.simulation_.delay(moment);
  co_await before(s.simulation_.now(), s.channel_.send(3));
}
Task<> acquire(Single& s, Time deadline, Lane lane) {
  auto unit = co_await before(lane, before(deadline, s.resource_.acquire()));
  s.got = static_cast<bool>(unit);
  ++s.ends;
}
Task<> acquire_and_hold(Single& s, Time deadline, Lane lane) {
  s.got = co_await before(lane, before(deadline, s.resource_.hold(moment)));
  ++s.ends;
}
Task<> await_event(Single& s, Time deadline, Lane lane) {
  auto value = co_await before(lane, before(deadline, s.event_.happens()));
  s.got = value.has_value();
  ++s.ends;
}
Task<> receive(Single& s, Time deadline, Lane lane) {
  auto value = co_await before(lane, before(deadline, s.channel_.receive()));
  s.got = value.has_value();
  ++s.ends;
}

}  // namespace

TEST_CASE("a unit that comes in the instant of the deadline is not held beyond it", "[ties]") {
  for (bool by_lane : {false, true}) {
    for (bool waits : {false, true}) {
      INFO("lane " << by_lane << ", waits " << waits);
      Single s;
      const Time deadline = by_lane ? Time::never() : Time() + moment;
      if (waits) s.simulation_.spawn(hold(s));
      s.simulation_.spawn(acquire_and_hold(s, deadline, by_lane ? s.lane_ : Lane()));
      s.simulation_.spawn(acquire(s, Time::never(), Lane()));
      s.simulation_.run();
      REQUIRE(s.ends == 2);
      REQUIRE(s.simulation_.now() == Time() + moment);
      REQUIRE(s.resource_.in_use() == 0);
    }
  }
}

TEST_CASE("a wait and its own deadline at one instant", "[ties]") {
  for (bool by_lane : {false, true}) {
    for (bool waiter_first : {false, true}) {
      for (int kind = 0; kind < 4; ++kind) {
        INFO("lane " << by_lane << ", waiter first " << waiter_first << ", kind " << kind);
        Single s;
        const Time deadline = by_lane ? Time::never() : Time() + moment;
        const Lane lane = by_lane ? s.lane_ : Lane();
        const auto wait = [&] {
          if (kind == 0) s.simulation_.spawn(acquire(s, deadline, lane));
          if (kind == 1 || kind == 2) s.simulation_.spawn(await_event(s, deadline, lane));
          if (kind == 3) s.simulation_.spawn(receive(s, deadline, lane));
        };
        // For the resource the holder must come first, so its release always wins.
        if (waiter_first && kind != 0) wait();
        if (kind == 0) s.simulation_.spawn(hold(s));
        if (kind == 1 || kind == 2) s.simulation_.spawn(settle(s, kind == 1));
        if (kind == 3) s.simulation_.spawn(offer(s));
        if (!waiter_first || kind == 0) wait();
        s.simulation_.run();
        REQUIRE(s.ends == 1);
        REQUIRE(s.got == (kind == 0 || ((kind == 1 || kind == 3) && !waiter_first)));
        REQUIRE(s.resource_.in_use() == 0);
        REQUIRE(s.channel_.size() == 0);
      }
    }
  }
}

}  // namespace headroom::sim
