// The hold model in ns-3: each callback schedules the next. Arguments: how many are pending,
// seconds to simulate, name of the scheduler. Answer: callbacks of one a second.
#include <ns3/object-factory.h>
#include <ns3/simulator.h>

#include "tests/bench/peers/answer.hpp"

namespace {

using ns3::Simulator;

class Holds {
 public:
  void next() {
    const auto length_ns = static_cast<int64_t>(pause_() * 1e9 + 0.5);
    Simulator::Schedule(ns3::NanoSeconds(length_ns), &Holds::happen, this);
  }
  long operations() const { return operations_; }

 private:
  void happen() {
    ++operations_;
    next();
  }

  Exponential pause_{"pauses", 1};
  long operations_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const long pending = argument(argc, argv, 1);
  const long horizon_s = argument(argc, argv, 2);
  if (argc > 3) Simulator::SetScheduler(ns3::ObjectFactory(argv[3]));
  Holds holds;
  for (long i = 0; i < pending; ++i)
    holds.next();
  Simulator::Stop(ns3::Seconds(static_cast<double>(horizon_s)));
  const double start_s = processor_s();
  Simulator::Run();
  const auto done = static_cast<double>(holds.operations());
  print_answer(done, processor_s() - start_s, done / static_cast<double>(pending * horizon_s));
  Simulator::Destroy();
}
