#include "sim/kernel/call.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <vector>

#include "sim/kernel/scope.hpp"

namespace headroom::sim {
namespace {

/// Answers 7 after a time, in a scope that can be closed.
struct Service {
  explicit Service(Simulation& simulation) : simulation_(simulation), scope(simulation) {}
  Simulation& simulation() const { return simulation_; }
  Task<int> work(Duration length) {
    co_await simulation_.delay(length);
    ++ended;
    co_return 7;
  }
  Task<int> call(Duration length) { return scope.host(work(length)); }
  Task<int> refuse() {
    co_await simulation_.delay(Duration());
    co_return -1;
  }

  Simulation& simulation_;
  Scope scope;
  int ended = 0;
};

struct Answer {
  std::optional<int> value;
  Time at;
};

Task<> caller(Simulation& simulation, Service* service, Duration length, Answer* answer) {
  const int value = co_await service->call(length);
  *answer = {value, simulation.now()};
}

Task<> patient_caller(Simulation& simulation, Service* service, Duration length, Duration timeout,
                      Answer* answer) {
  const Time gives_up = simulation.now() + timeout;
  const auto value = co_await before(gives_up, Call(simulation, service->call(length)));
  *answer = {value, simulation.now()};
}

constexpr Time at_ms(std::int64_t ms) {
  return Time() + Duration::ms(ms);
}

TEST_CASE("a hosted call answers its caller like any other") {
  Simulation simulation;
  Service service(simulation);
  Answer answer;
  simulation.spawn(caller(simulation, &service, Duration::ms(3), &answer));
  REQUIRE(!service.scope.empty());
  simulation.run();
  REQUIRE((answer.value == 7 && answer.at == at_ms(3)));
  REQUIRE(service.scope.empty());
}

TEST_CASE("a hosted call goes on when its caller is gone") {
  Simulation simulation;
  Service service(simulation);
  Answer answer;
  {
    Scope callers(simulation);
    callers.spawn(caller(simulation, &service, Duration::ms(3), &answer));
    simulation.run_until(at_ms(1));
  }
  simulation.run();
  REQUIRE((service.ended == 1 && !answer.value));
  REQUIRE(service.scope.empty());
}

TEST_CASE("when a scope closes, callers wait on or get what stands in") {
  const bool answers = GENERATE(false, true);
  const bool patient = GENERATE(false, true);
  Simulation simulation;
  Service service(simulation);
  std::vector<Answer> of(3);
  for (Answer& answer : of) {
    if (patient) {
      simulation.spawn(
          patient_caller(simulation, &service, Duration::ms(9), Duration::ms(5), &answer));
    } else {
      simulation.spawn(caller(simulation, &service, Duration::ms(9), &answer));
    }
  }
  simulation.run_until(at_ms(2));
  if (answers) {
    service.scope.close([&] { return service.refuse(); });
  } else {
    service.scope.close();
  }
  simulation.run();
  for (const Answer& answer : of) {
    REQUIRE(answer.value == (answers ? std::optional(-1) : std::nullopt));
    REQUIRE(answer.at == (answers ? at_ms(2) : patient ? at_ms(5) : Time()));
  }
  REQUIRE((service.ended == 0 && service.scope.empty()));
}

TEST_CASE("a call given up goes on") {
  Simulation simulation;
  Service service(simulation);
  Answer late;
  simulation.spawn(patient_caller(simulation, &service, Duration::ms(9), Duration::ms(5), &late));
  simulation.run();
  REQUIRE((!late.value && late.at == at_ms(5) && service.ended == 1));
}

TEST_CASE("an answer and a timeout at one instant: what was scheduled first wins") {
  Simulation simulation;
  Service service(simulation);
  Answer answer;
  simulation.spawn(patient_caller(simulation, &service, Duration::ms(5), Duration::ms(5), &answer));
  simulation.run();
  REQUIRE(answer.at == at_ms(5));
  REQUIRE(service.ended == 1);
}

TEST_CASE("a hosted call that nobody awaits, and worlds that end midway, leave nothing behind") {
  Simulation simulation;
  Service service(simulation);
  { const auto unused = service.call(Duration::ms(1)); }
  REQUIRE(service.scope.empty());
  Answer answer;
  simulation.spawn(caller(simulation, &service, Duration::ms(3), &answer));
  simulation.spawn(patient_caller(simulation, &service, Duration::ms(3), Duration::ms(1), &answer));
  simulation.run_until(at_ms(2));
  simulation.close();
  REQUIRE(service.scope.empty());
}

}  // namespace
}  // namespace headroom::sim
