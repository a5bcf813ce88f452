#include "models/server/core_sharing.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "sim/kernel/random.hpp"
#include "sim/kernel/work.hpp"

namespace headroom {

namespace {

/// A processor of two cores and the books on it.
struct Machine {
  sim::Simulation world;
  sim::SharedProcessor processor{world, 2};
  CoreSharing books{world, 2};

  ~Machine() { world.close(); }
  sim::Simulation& simulation() { return world; }
  sim::Task<> piece(sim::Duration after, sim::Duration amount) {
    co_await world.delay(after);
    const double begun = books.begin();
    co_await processor.work(amount);
    CHECK(books.end(begun, amount, true));
  }
  void set_speed(double speed) {
    processor.set_speed(speed);
    books.set_speed(speed);
  }
};

}  // namespace

TEST_CASE("work on shared cores is conserved, whatever comes, at any speed, at any time") {
  sim::Stream draws(3, 0, "sharing");
  for (int round = 0; round < 20; ++round) {
    Machine machine;
    for (int i = 0; i < 60; ++i) {
      const auto after = sim::Duration::ns(static_cast<std::int64_t>(draws.uniform() * 3e5));
      const auto amount = sim::Duration::ns(static_cast<std::int64_t>(draws.uniform() * 1e4));
      machine.world.spawn(machine.piece(after, amount));
    }
    for (std::int64_t until = 10'000; until <= 400'000; until += 10'000) {
      machine.world.run_until(sim::Time::at_ns(until));
      CHECK(machine.books.work_is_conserved());
      machine.set_speed(until % 30'000 == 0 ? 0.3 : until % 50'000 == 0 ? 0 : 1.7);
    }
  }
}

TEST_CASE("work that is given up counts as far as it came") {
  sim::Simulation simulation;
  CoreSharing books(simulation, 2);
  const auto hold = [&](std::int64_t until) { simulation.run_until(sim::Time::at_ns(until)); };
  const double first = books.begin();
  hold(1000);
  const double second = books.begin();
  hold(3000);
  CHECK(books.work_is_conserved());
  CHECK(books.end(second, sim::Duration::ns(9000), false));  // after 2000
  hold(4000);
  CHECK(books.end(first, sim::Duration::ns(4000), true));
  hold(9000);
  CHECK(books.work_is_conserved());
  CHECK(books.pieces() == 0);
}

TEST_CASE("a piece that ends too early or too late shows in the books") {
  for (const std::int64_t amount : {990, 1010}) {
    sim::Simulation simulation;
    CoreSharing books(simulation, 1);
    const double begun = books.begin();
    simulation.run_until(sim::Time::at_ns(1000));
    CHECK_FALSE(books.end(begun, sim::Duration::ns(amount), true));
    CHECK_FALSE(books.work_is_conserved());
  }
}

}  // namespace headroom
