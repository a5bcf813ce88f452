// The hold model in headroom's kernel: each of those pending is a process that pauses over and
// over. Arguments: how many are pending, seconds to simulate. Answer: pauses of one a second.
#include "sim/kernel/simulation.hpp"
#include "tests/bench/peers/answer.hpp"

namespace {

using namespace headroom::sim;

Task<> hold(Simulation& simulation, Exponential& pause, long& operations) {
  for (;;) {
    co_await simulation.delay(Duration::rounded_ns(pause() * 1e9));
    ++operations;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const long pending = argument(argc, argv, 1);
  const long horizon_s = argument(argc, argv, 2);
  Exponential pause("pauses", 1);
  long operations = 0;
  Simulation simulation;
  for (long i = 0; i < pending; ++i) {
    simulation.spawn(hold(simulation, pause, operations));
  }
  const double start_s = processor_s();
  simulation.run_until(Time() + Duration::seconds(horizon_s));
  const auto done = static_cast<double>(operations);
  print_answer(done, processor_s() - start_s, done / static_cast<double>(pending * horizon_s));
}
