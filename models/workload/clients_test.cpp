#include "models/workload/clients.hpp"

#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include "models/workload/test_laws.hpp"
#include "models/workload/workload.hpp"
#include "sim/kernel/never.hpp"

namespace headroom {

namespace {

using sim::Duration;

/// Answers at once, and keeps what it was asked.
class Counting final : public Endpoint {
 public:
  using Endpoint::Endpoint;
  sim::Task<Reply> call(Request request) override {
    seen.push_back(request);
    co_return Reply::ok();
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }

  std::vector<Request> seen;
};

sim::Task<> ask(sim::Simulation&, Endpoint* whom, Request request) {
  co_await whom->call(request);
}

}  // namespace

TEST_CASE("requests are unknown that will surely never be answered, one by one") {
  /// Answers after 10 ms, until it falls silent: for good, or only as far as it knows.
  class Dying final : public Endpoint {
   public:
    Dying(sim::Simulation& simulation, bool is_certain)
        : Endpoint(simulation), is_certain_(is_certain) {}
    sim::Task<Reply> call(Request) override {
      co_await simulation_.delay(Duration::ms(10));
      if (simulation_.now() > at_s(20)) {
        if (is_certain_) co_await sim::Never();
        co_await simulation_.delay(Duration::forever());
      }
      co_return Reply::ok();
    }
    sim::Task<bool> probe(std::uint16_t) override { co_return false; }

   private:
    bool is_certain_;
  };
  for (const bool is_certain : {false, true}) {
    sim::Simulation simulation;
    Dying dying(simulation, is_certain);
    WorkloadPlan plan;
    plan.arrivals.process = ConstantPlan{Rate{100}};
    WorkloadSetup setup;
    setup.name = "web";
    setup.mix = {{"call", 0, 1.0}};
    setup.measurement = {at_s(0), at_s(30), {at_s(0), Duration::seconds(1), 30}};
    Workload workload(simulation, plan, setup, dying);
    workload.start();
    simulation.run_until(at_s(30));
    const auto all = workload.result().endpoints.at(0);
    const std::uint64_t unknown = all.finished[static_cast<std::size_t>(Outcome::unknown)];
    CHECK(all.issued == 2999);
    CHECK(all.finished[0] == 1999);
    CHECK(unknown + all.in_flight_at_end == 1000);
    CHECK(unknown == (is_certain ? 1000 : 0));
    simulation.close();
  }
}

TEST_CASE("clients: requests are split at random, users evenly, sessions as they are") {
  sim::Simulation simulation;
  constexpr std::size_t clients = 4;
  std::vector<std::unique_ptr<Counting>> each;
  std::vector<Endpoint*> all;
  for (std::size_t i = 0; i < clients; ++i) {
    each.push_back(std::make_unique<Counting>(simulation));
    all.push_back(each.back().get());
  }
  using By = ClientSplit::By;
  for (const auto by : {By::user, By::session, By::request}) {
    for (auto& one : each)
      one->seen.clear();
    Clients shared(simulation, all, {by, clients, 7});
    for (std::uint32_t number = 0; number < 40'000; ++number) {
      Request request;
      request.number = number;
      request.session = by == By::request ? number : number / 10;
      simulation.spawn(ask(simulation, &shared, request));
    }
    for (const auto& one : each)
      CHECK(static_cast<double>(one->seen.size()) == Approx(10'000).margin(by == By::user ? 0
                                                                           : by == By::session
                                                                               ? 1200
                                                                               : 400));
    // A session stays with its client; a request does not care where the one before it went.
    for (const auto& one : each)
      for (std::size_t i = 0; by != By::request && i + 1 < one->seen.size(); ++i)
        REQUIRE(
            (one->seen[i].session == one->seen[i + 1].session || one->seen[i].number % 10 == 9));
  }
}

}  // namespace headroom
