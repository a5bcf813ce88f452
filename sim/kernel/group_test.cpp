#include "sim/kernel/group.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "sim/kernel/event.hpp"
#include "sim/kernel/poll.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom::sim {
namespace {

struct World {
  Simulation simulation_;
  Resource free_{simulation_, 1};
  Resource busy_{simulation_, 0};
  Event<int> event_{simulation_};
  std::optional<Trigger<int>> trigger_{event_.trigger()};
  bool reached = false;
  std::size_t first = 99;
  std::int64_t ended_ns = -1;
  ~World() { simulation_.close(); }
  Simulation& simulation() { return simulation_; }
  Delay wait(std::int64_t ns) { return simulation_.delay(Duration::ns(ns)); }
  template <class Result>
  void keep(const Result& result) {
    reached = result.reached;
    first = result.first;
    ended_ns = simulation_.now().count_ns();
  }
};

Task<> play(World& w, int kind) {
  Simulation& s = w.simulation_;
  switch (kind) {
    case 0: {
      auto result = co_await race(s, w.wait(9), w.wait(5), w.wait(5));
      REQUIRE_FALSE(std::get<0>(result.values));
      REQUIRE(std::get<1>(result.values));
      REQUIRE_FALSE(std::get<2>(result.values));
      w.keep(result);
      break;
    }
    case 1: {
      auto result = co_await all(s, w.wait(9), w.wait(5), w.free_.acquire());
      w.keep(result);
      break;
    }
    case 2: {
      auto result = co_await quorum(s, 2, w.wait(9), w.wait(5), w.wait(7));
      w.keep(result);
      break;
    }
    case 3: {  // Two of three can no longer be had once two have given up.
      auto result = co_await quorum(s, 2, w.wait(90), before(Time::at_ns(5), w.busy_.acquire()),
                                    before(Time::at_ns(7), w.busy_.acquire()));
      w.keep(result);
      break;
    }
    case 4: {  // What was had before the deadline is in the result, and given back.
      auto result = co_await before(Time::at_ns(4), all(s, w.free_.acquire(), w.busy_.acquire()));
      REQUIRE(std::get<0>(result.values));
      REQUIRE(w.free_.in_use() == 1);
      w.keep(result);
      break;
    }
    case 5: {  // Decided while it is set up, and already too late: it ends once.
      auto result = co_await before(s.now(), race(s, w.wait(0), w.busy_.acquire()));
      w.keep(result);
      break;
    }
    case 6: {
      auto result = co_await before(s.now(), race(s, w.wait(9), w.busy_.acquire()));
      w.keep(result);
      break;
    }
    case 7: {  // Broken before it is asked for: a failure, not a success.
      w.trigger_.reset();
      auto result = co_await race(s, w.event_.happens(), w.wait(6));
      w.keep(result);
      break;
    }
    case 8: {  // A nested group that cannot be reached counts as failed.
      auto result =
          co_await race(s, all(s, w.wait(2), before(Time::at_ns(3), w.busy_.acquire())), w.wait(8));
      w.keep(result);
      break;
    }
    case 9: {
      auto result = co_await quorum(s, 3, w.wait(1), w.wait(2));
      w.keep(result);
      break;
    }
    case 10: {  // Nothing that is free is taken beyond the need.
      auto result = co_await race(s, w.event_.happens(), w.free_.acquire(), w.free_.acquire());
      w.keep(result);
      break;
    }
    default: {  // The timer of a group that was decided at once must not ring later.
      auto group = before(Time::at_ns(50), race(s, w.wait(0), w.wait(9)));
      auto result = co_await group;
      w.keep(result);
      co_await w.wait(100);
      REQUIRE(s.now() == Time::at_ns(100));
    }
  }
}

}  // namespace

TEST_CASE("groups: who wins, when, and whether enough were done", "[group]") {
  struct Expected {
    bool reached;
    std::size_t first;
    std::int64_t ended_ns;
  };
  constexpr std::size_t nobody = SIZE_MAX;
  const std::vector<Expected> expected = {{true, 1, 5},       {true, 2, 9},  {true, 1, 7},
                                          {false, nobody, 7}, {false, 0, 4}, {true, 0, 0},
                                          {false, nobody, 0}, {true, 1, 6},  {true, 1, 8},
                                          {false, nobody, 0}, {true, 1, 0},  {true, 0, 0}};
  for (std::size_t kind = 0; kind < expected.size(); ++kind) {
    INFO("kind " << kind);
    World w;
    w.simulation_.spawn(play(w, static_cast<int>(kind)));
    w.simulation_.run();
    REQUIRE(w.reached == expected[kind].reached);
    REQUIRE(w.first == expected[kind].first);
    REQUIRE(w.ended_ns == expected[kind].ended_ns);
    REQUIRE(w.free_.in_use() == 0);
    REQUIRE(w.busy_.waiting() == 0);
  }
}

namespace {

Task<> vote(World& w, Ballot ballot, Duration after, int how) {
  co_await w.simulation_.delay(after);
  if (how < 2) ballot.vote(how == 1);
}
Task<> decide(World& w, std::size_t need, std::vector<int> votes, Time deadline) {
  Poll poll(w.simulation_, need, votes.size());
  std::int64_t after = 0;
  for (int how : votes)
    w.simulation_.spawn(vote(w, poll.ballot(), Duration::ns(++after), how));
  w.reached = co_await before(deadline, poll.decision());
  w.ended_ns = w.simulation_.now().count_ns();
}

}  // namespace

TEST_CASE("a poll ends with the deciding vote; a lost ballot is a no", "[poll]") {
  struct Case {
    std::size_t need;
    std::vector<int> votes;  // 1 yes, 0 no, 2 the ballot is destroyed unused.
    std::int64_t deadline_ns;
    bool yes;
    std::int64_t ended_ns;
  };
  const std::vector<Case> cases = {
      {2, {1, 0, 1, 1, 1}, 100, true, 3},
      {2, {0, 2, 1}, 100, false, 2},
      {3, {1, 1, 0}, 100, false, 3},
      {2, {1, 0, 1}, 2, false, 2},
      {0, {1}, 100, true, 0},
      {1, {2, 2, 1}, 100, true, 3},
  };
  for (const Case& one : cases) {
    World w;
    w.simulation_.spawn(decide(w, one.need, one.votes, Time::at_ns(one.deadline_ns)));
    w.simulation_.run();  // Later ballots outlive the poll.
    REQUIRE(w.reached == one.yes);
    REQUIRE(w.ended_ns == one.ended_ns);
  }
}

}  // namespace headroom::sim
