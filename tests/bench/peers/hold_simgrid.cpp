// The hold model in SimGrid: timers of the engine, each of which sets the next. Arguments: how
// many are pending, seconds to simulate. Answer: timers of one a second.
#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u.hpp>

#include "tests/bench/peers/answer.hpp"

namespace {

using simgrid::kernel::timer::Timer;
using simgrid::s4u::Engine;

class Holds {
 public:
  void next() {
    Timer::set(Engine::get_clock() + pause_(), [this] {
      ++operations_;
      next();
    });
  }
  long operations() const { return operations_; }

 private:
  Exponential pause_{"pauses", 1};
  long operations_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Engine engine(&argc, argv);
  auto* zone = simgrid::s4u::create_full_zone("zone");
  zone->create_host("host", 1e9);
  zone->seal();
  const long pending = argument(argc, argv, 1);
  const long horizon_s = argument(argc, argv, 2);
  Holds holds;
  for (long i = 0; i < pending; ++i)
    holds.next();
  const double start_s = processor_s();
  engine.run_until(static_cast<double>(horizon_s));
  const auto done = static_cast<double>(holds.operations());
  print_answer(done, processor_s() - start_s, done / static_cast<double>(pending * horizon_s));
}
