// A bank with one counter: M/M/1 at a load of 0.8, a process for each customer.
#include <cmath>
#include <cstdio>

#include "sim/kernel/random.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/stats/tally.hpp"

using namespace headroom::sim;

struct Bank {
  Simulation simulation;
  Resource counter{simulation, 1};
  Stream arrivals{simulation.seed(), 0, "bank/arrivals"};
  Stream services{simulation.seed(), 0, "bank/services"};
  Tally stays_s;
};

Duration exponential(Stream& random, double mean_s) {
  return Duration::rounded_ns(-std::log(1 - random.uniform()) * mean_s * 1e9);
}

Task<> customer(Simulation& simulation, Bank& bank) {
  const Time arrived = simulation.now();
  co_await bank.counter.hold(exponential(bank.services, 60));
  bank.stays_s.add((simulation.now() - arrived).in_seconds());
}

Task<> open(Simulation& simulation, Bank& bank) {
  for (int i = 0; i < 1'000'000; ++i) {
    co_await simulation.delay(exponential(bank.arrivals, 75));
    simulation.spawn(customer(simulation, bank));
  }
}

int main() {
  Bank bank;
  bank.simulation.spawn(open(bank.simulation, bank));
  bank.simulation.run();
  std::printf("a stay of %.1f s in the mean\n", bank.stays_s.mean());
}
