// M/M/1 in headroom's kernel: a process for each customer. Argument: customers.
#include "sim/kernel/resource.hpp"
#include "sim/kernel/simulation.hpp"
#include "tests/bench/peers/answer.hpp"

namespace {

using namespace headroom::sim;

class Bank {
 public:
  explicit Bank(long customers) : customers_(customers) {}
  double mean_sojourn_s() {
    simulation_.spawn(arrivals());
    simulation_.run();
    return sojourns_.in_seconds() / static_cast<double>(customers_);
  }
  Simulation& simulation() { return simulation_; }

 private:
  Task<> arrivals() {
    for (long i = 0; i < customers_; ++i) {
      co_await simulation_.delay(Duration::rounded_ns(gap_() * 1e9));
      simulation_.spawn(customer());
    }
  }
  Task<> customer() {
    const Time arrived = simulation_.now();
    co_await server_.hold(Duration::rounded_ns(service_() * 1e9));
    sojourns_ = sojourns_ + (simulation_.now() - arrived);
  }

  long customers_;
  Simulation simulation_;
  Resource server_{simulation_, 1};
  Exponential gap_{"arrivals", load};
  Exponential service_{"services", 1};
  Duration sojourns_;
};

}  // namespace

int main(int argc, char** argv) {
  const long customers = argument(argc, argv, 1);
  Bank bank(customers);
  const double start_s = processor_s();
  const double answer = bank.mean_sojourn_s();
  print_answer(static_cast<double>(customers), processor_s() - start_s, answer);
}
