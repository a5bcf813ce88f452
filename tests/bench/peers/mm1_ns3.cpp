// M/M/1 in ns-3: callbacks for arrivals and departures, the customers a queue of instants.
// Arguments: customers, name of the scheduler.
#include <ns3/object-factory.h>
#include <ns3/simulator.h>

#include <queue>

#include "tests/bench/peers/answer.hpp"

namespace {

using ns3::NanoSeconds;
using ns3::Simulator;

class Bank {
 public:
  explicit Bank(long customers) : to_come_(customers) {}
  double run() {
    Simulator::Schedule(time_of(gap_()), &Bank::arrive, this);
    Simulator::Run();
    return sojourns_s_;
  }

 private:
  static ns3::Time time_of(double s) { return NanoSeconds(static_cast<int64_t>(s * 1e9 + 0.5)); }
  void arrive() {
    waiting_.push(Simulator::Now());
    if (waiting_.size() == 1) Simulator::Schedule(time_of(service_()), &Bank::depart, this);
    if (--to_come_ > 0) Simulator::Schedule(time_of(gap_()), &Bank::arrive, this);
  }
  void depart() {
    sojourns_s_ += (Simulator::Now() - waiting_.front()).GetSeconds();
    waiting_.pop();
    if (!waiting_.empty()) Simulator::Schedule(time_of(service_()), &Bank::depart, this);
  }

  long to_come_;
  std::queue<ns3::Time> waiting_;
  Exponential gap_{"arrivals", load};
  Exponential service_{"services", 1};
  double sojourns_s_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const long customers = argument(argc, argv, 1);
  if (argc > 2) Simulator::SetScheduler(ns3::ObjectFactory(argv[2]));
  Bank bank(customers);
  const double start_s = processor_s();
  const double sojourns_s = bank.run();
  const auto served = static_cast<double>(customers);
  print_answer(served, processor_s() - start_s, sojourns_s / served);
  Simulator::Destroy();
}
