#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "sim/kernel/call.hpp"
#include "sim/kernel/group.hpp"
#include "sim/kernel/never.hpp"
#include "sim/kernel/poll.hpp"
#include "sim/kernel/scope.hpp"

namespace headroom::sim {
namespace {

/// A tier in front of one that answers with silence.
struct World {
  explicit World(Simulation& simulation)
      : simulation_(simulation), front(simulation), back(simulation) {}
  Simulation& simulation() const { return simulation_; }
  Task<int> silence() {
    co_await Never();
    co_return 0;
  }
  Task<int> ask_back() {
    const auto value = co_await Call(simulation_, back.host(silence()));
    co_return *value;
  }
  Task<int> ask() { return front.host(ask_back()); }
  Task<int> refuse() {
    co_await simulation_.delay(Duration());
    co_return -1;
  }

  Simulation& simulation_;
  Scope front, back;
  std::string lost, ended;
};

struct Mark {
  World& world;
  char name;
  bool is_over = false;
  ~Mark() {
    if (!is_over) world.lost += name;
  }
  void end() {
    is_over = true;
    world.ended += name;
  }
};

constexpr Time soon = Time() + Duration::seconds(1);
constexpr Time at_the_end = Time() + Duration::seconds(2);
constexpr Time late = Time() + Duration::seconds(3);

Task<> asks(World& w, char name) {
  Mark mark{w, name};
  co_await Call(w.simulation_, w.ask());
  mark.end();
}
Task<> asks_until(World& w, char name, Time limit) {
  Mark mark{w, name};
  co_await before(limit, Call(w.simulation_, w.ask()));
  mark.end();
}
Task<> asks_for_both(World& w, char name, Duration pause) {
  Mark mark{w, name};
  co_await all(w.simulation_, Call(w.simulation_, w.ask()), w.simulation_.delay(pause));
  mark.end();
}
Task<> asks_for_either(World& w, char name, Duration pause) {
  Mark mark{w, name};
  co_await race(w.simulation_, Call(w.simulation_, w.ask()), w.simulation_.delay(pause));
  mark.end();
}
Task<> votes(World& w, Duration pause, Ballot ballot) {
  co_await w.simulation_.delay(pause);
  ballot.vote(true);
}
Task<> votes_when_answered(World& w, Ballot ballot) {
  co_await Call(w.simulation_, w.ask());
  ballot.vote(true);
}
Task<int> polls(World& w, std::size_t need, Duration pause) {
  Poll poll(w.simulation_, need, 2);
  w.simulation_.spawn(votes_when_answered(w, poll.ballot()));
  w.simulation_.spawn(votes(w, pause, poll.ballot()));
  const bool is_enough = co_await poll.decision();
  co_return is_enough ? 1 : 0;
}
Task<> asks_by_poll(World& w, char name, std::size_t need, Duration pause) {
  Mark mark{w, name};
  auto answer = polls(w, need, pause);
  co_await answer;
  mark.end();
}

}  // namespace

TEST_CASE("who waits in vain at the end is lost, whose answer may come is not", "[hopeless]") {
  constexpr Duration short_pause = Duration::ms(100);
  constexpr Duration long_pause = Duration::seconds(9);
  Simulation simulation;
  World w(simulation);
  simulation.spawn(asks(w, 'a'));
  simulation.spawn(asks_until(w, 'b', soon));
  simulation.spawn(asks_until(w, 'c', late));
  simulation.spawn(asks_for_both(w, 'd', short_pause));
  simulation.spawn(asks_for_both(w, 'e', long_pause));
  simulation.spawn(asks_for_either(w, 'f', short_pause));
  simulation.spawn(asks_for_either(w, 'g', long_pause));
  simulation.spawn(asks_by_poll(w, 'h', 2, short_pause));
  simulation.spawn(asks_by_poll(w, 'i', 2, long_pause));
  simulation.spawn(asks_by_poll(w, 'j', 1, short_pause));
  simulation.spawn(asks_by_poll(w, 'k', 1, long_pause));
  simulation.run_until(at_the_end);
  CHECK(w.lost.empty());
  const auto events = simulation.events();
  simulation.lose_hopeless();
  std::sort(w.lost.begin(), w.lost.end());
  std::sort(w.ended.begin(), w.ended.end());
  CHECK(w.lost == "adehi");
  CHECK(w.ended == "bfj");
  CHECK(simulation.events() == events);
  // The tier between hangs on, as it does when a caller gives up.
  CHECK(!w.front.empty());
  simulation.lose_hopeless();
  CHECK(w.lost.size() == 5);
  simulation.close();
}

TEST_CASE("who was answered by what stands in is not lost", "[hopeless]") {
  Simulation simulation;
  World w(simulation);
  simulation.spawn(asks(w, 'a'));
  simulation.run_until(soon);
  w.front.close([&] { return w.refuse(); });
  simulation.run_until(at_the_end);
  simulation.lose_hopeless();
  CHECK(w.ended == "a");
  CHECK(w.lost.empty());
  simulation.close();
}

TEST_CASE("a silence of a hundred thousand is lost one by one", "[hopeless]") {
  Simulation simulation;
  World w(simulation);
  for (int i = 0; i < 100'000; ++i)
    simulation.spawn(asks(w, 'a'));
  simulation.run_until(at_the_end);
  simulation.lose_hopeless();
  CHECK(w.lost.size() == 100'000);
  simulation.close();
}

}  // namespace headroom::sim
