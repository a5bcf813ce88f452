#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <string>

#include "models/balancer/service.hpp"
#include "models/draw.hpp"
#include "sim/kernel/resource.hpp"

namespace headroom {
namespace {

/// One slot, first come first served, exponential work of mean 1 ms drawn from the request.
class SingleServer final : public Endpoint {
 public:
  explicit SingleServer(sim::Simulation& simulation) : Endpoint(simulation), slot_(simulation, 1) {}
  sim::Task<Reply> call(Request request) override {
    sim::Keyed draws(request.draw_key);
    const double work_ns = 1e6 * detail::draw_exponential(draws);
    co_await slot_.hold(sim::Duration::rounded_ns(work_ns));
    co_return Reply::ok();
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }

 private:
  sim::Resource slot_;
};

/// n single servers at a given load behind one balancer.
class Supermarket {
 public:
  Supermarket(const BalancerPlan& plan, std::size_t n, double load, std::uint32_t replication)
      : simulation_(1, replication),
        mean_gap_ns_(1e6 / (load * static_cast<double>(n))),
        plan_(plan) {
    std::vector<BackendTarget> targets;
    for (std::size_t i = 0; i < n; ++i) {
      servers_.push_back(std::make_unique<SingleServer>(simulation_));
      targets.push_back({servers_.back().get(), 0});
    }
    service_ = std::make_unique<BalancerService>(
        simulation_, plan_, "lb", std::vector<BalancerSite>(1), targets, Measurement());
  }
  ~Supermarket() { simulation_.close(); }
  sim::Simulation& simulation() { return simulation_; }

  /// Mean sojourn in ms.
  double run(sim::Duration warm_up, sim::Duration length) {
    simulation_.spawn(arrivals());
    simulation_.run_until(sim::Time() + warm_up);
    service_->start_measuring();
    simulation_.run_until(sim::Time() + warm_up + length);
    return service_->result().sojourn.mean() * 1e-6;
  }

 private:
  sim::Task<> arrivals() {
    sim::Stream gaps(simulation_.seed(), simulation_.replication(), "gaps");
    for (std::uint64_t number = 0;; ++number) {
      const double gap_ns = mean_gap_ns_ * detail::draw_exponential(gaps);
      co_await simulation_.delay(sim::Duration::rounded_ns(gap_ns));
      simulation_.spawn(one(number));
    }
  }
  sim::Task<> one(std::uint64_t number) {
    Request request;
    request.draw_key = sim::mix(simulation_.replication(), number);
    co_await service_->instance(0).call(request);
  }

  sim::Simulation simulation_;
  double mean_gap_ns_;
  std::vector<std::unique_ptr<SingleServer>> servers_;
  BalancerPlan plan_;
  std::unique_ptr<BalancerService> service_;
};

/// Checks the mean sojourn over `replications` runs against `expected`, 4 standard errors plus the
/// error of `expected` itself.
void check_mean(const BalancerPlan& plan, std::size_t n, double load, double expected, double error,
                std::uint32_t replications, sim::Duration length) {
  double sum = 0, squares = 0;
  for (std::uint32_t r = 0; r < replications; ++r) {
    const double mean = Supermarket(plan, n, load, r).run(sim::Duration::seconds(1), length);
    sum += mean;
    squares += mean * mean;
  }
  const double mean = sum / replications;
  const double variance = (squares - sum * mean) / (replications - 1);
  const double standard_error = std::sqrt(variance / replications);
  INFO(plan.policy << " n=" << n << " mean " << mean << " +- " << standard_error);
  CHECK(std::abs(mean - expected) < 4 * standard_error + error);
  CHECK(standard_error < 0.02 * expected);
}

BalancerPlan plan_of(std::string policy) {
  BalancerPlan plan;
  plan.policy = policy;
  return plan;
}

TEST_CASE("B02: power of two choices with replacement, n = 100") {
  BalancerPlan plan = plan_of("power_of_two");
  plan.distinct = false;
  check_mean(plan, 100, 0.9, 2.6576, 0.003, 8, sim::Duration::seconds(1));
  check_mean(plan, 100, 0.5, 1.2721, 0.0013, 4, sim::Duration::seconds(1));
  plan.choices = 3;
  check_mean(plan, 100, 0.9, 2.0748, 0.003, 4, sim::Duration::seconds(1));
}

TEST_CASE("B04: join the shortest of two queues") {
  const BalancerPlan plan = plan_of("least_outstanding");
  check_mean(plan, 2, 0.9, 5.474913, 0, 12, sim::Duration::seconds(40));
  check_mean(plan, 2, 0.7, 2.108197, 0, 8, sim::Duration::seconds(20));
  // Two distinct choices of two are the same queue discipline.
  check_mean(plan_of("power_of_two"), 2, 0.7, 2.108197, 0, 8, sim::Duration::seconds(20));
}

TEST_CASE("Random balancing makes n independent M/M/1 queues") {
  check_mean(plan_of("random"), 20, 0.7, 1 / 0.3, 0, 6, sim::Duration::seconds(5));
}

TEST_CASE("Join-Idle-Queue of one balancer: full servers only when none is idle") {
  // n large, one balancer: an arrival practically always finds an idle server.
  check_mean(plan_of("join_idle_queue"), 200, 0.5, 1, 0.001, 4, sim::Duration::seconds(1));
}

}  // namespace
}  // namespace headroom
