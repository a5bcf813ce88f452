// A bank with one counter: M/M/1 at a load of 0.8, a process for each customer.
#include <cmath>
#include <cstdio>

#include "sim/kernel/random.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/stats/tally.hpp"

using namespace headroom::sim;

Task<> customer(Simulation& simulation, Resource& counter, Duration work, Tally& stays_s) {
  const Time arrived = simulation.now();
  co_await counter.hold(work);
  stays_s.add((simulation.now() - arrived).in_seconds());
}

Task<> open(Simulation& simulation, Resource& counter, Tally& stays_s) {
  Stream gaps(simulation.seed(), 0, "bank/gaps"), works(simulation.seed(), 0, "bank/works");
  for (int i = 0; i < 1'000'000; ++i) {
    co_await simulation.delay(Duration::rounded_ns(-75e9 * std::log(1 - gaps.uniform())));
    const auto work = Duration::rounded_ns(-60e9 * std::log(1 - works.uniform()));
    simulation.spawn(customer(simulation, counter, work, stays_s));
  }
}

int main() {
  Simulation simulation;
  Resource counter(simulation, 1);
  Tally stays_s;
  simulation.spawn(open(simulation, counter, stays_s));
  simulation.run();
  std::printf("a stay of %.1f s in the mean\n", stays_s.mean());
}
