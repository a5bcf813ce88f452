// M/M/1 in SimGrid: one actor produces customers, one serves them, a semaphore between the two.
// Argument: customers.
#include <queue>
#include <simgrid/s4u.hpp>

#include "tests/bench/peers/answer.hpp"

namespace {

namespace sg = simgrid::s4u;

class Bank {
 public:
  explicit Bank(long customers) : customers_(customers) {}
  void produce() {
    for (long i = 0; i < customers_; ++i) {
      sg::this_actor::sleep_for(gap_());
      arrived_s_.push(sg::Engine::get_clock());
      waiting_->release();
    }
  }
  void serve() {
    for (long i = 0; i < customers_; ++i) {
      waiting_->acquire();
      sg::this_actor::sleep_for(service_());
      sojourns_s_ += sg::Engine::get_clock() - arrived_s_.front();
      arrived_s_.pop();
    }
  }
  double sojourns_s() const { return sojourns_s_; }

 private:
  long customers_;
  sg::SemaphorePtr waiting_ = sg::Semaphore::create(0);
  std::queue<double> arrived_s_;
  Exponential gap_{"arrivals", load};
  Exponential service_{"services", 1};
  double sojourns_s_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  sg::Engine engine(&argc, argv);
  auto* zone = sg::create_full_zone("zone");
  auto* host = zone->create_host("host", 1e9);
  zone->seal();
  const long customers = argument(argc, argv, 1);
  Bank bank(customers);
  sg::Actor::create("producer", host, [&bank] { bank.produce(); });
  sg::Actor::create("server", host, [&bank] { bank.serve(); });
  const double start_s = processor_s();
  engine.run();
  const auto served = static_cast<double>(customers);
  print_answer(served, processor_s() - start_s, bank.sojourns_s() / served);
}
