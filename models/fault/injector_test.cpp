#include "models/fault/injector.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <string>

#include "models/test_distributions.hpp"
#include "sim/kernel/work.hpp"

using namespace headroom;
using sim::Duration;
using sim::Simulation;
using sim::Time;

namespace {

Time at_s(std::int64_t seconds) {
  return Time() + Duration::seconds(seconds);
}

/// Writes down what is done to it, and works at the speed it is told.
class Machine final : public Faultable, public Surgeable, public Partitionable {
 public:
  explicit Machine(Simulation& simulation) : processor(simulation), simulation_(simulation) {}
  void on_kill() override {
    note("kill");
    down_since_ = simulation_.now();
  }
  void on_restart() override {
    note("restart");
    down += simulation_.now() - down_since_;
  }
  void on_speed(double speed) override { processor.set_speed(speed); }
  void begin_surge(double factor) override { surge *= factor; }
  void end_surge(double factor) override { surge /= factor; }
  void begin_partition(const Partition&) override { note("cut"); }
  void end_partition(const Partition&) override { note("healed"); }

  sim::Processor processor;
  double surge = 1;
  std::string log;
  struct Sum {
    std::int64_t ns = 0;
    void operator+=(Duration d) { ns += d.count_ns(); }
  } down;

 private:
  void note(const char* what) {
    log += what + std::string("@") + std::to_string(simulation_.now().count_ns() / 1'000'000'000) +
           " ";
  }
  Simulation& simulation_;
  Time down_since_;
};

Failure failure_of(Failure::Verb verb, std::vector<Faultable*> targets, std::int64_t at,
                   std::optional<std::int64_t> length, double amount = 0) {
  Failure failure;
  failure.verb = verb;
  failure.targets = std::move(targets);
  failure.amount = amount;
  failure.at = Duration::seconds(at);
  if (length) failure.length = Duration::seconds(*length);
  return failure;
}

sim::Task<> work(Simulation& simulation, sim::Processor* processor, Duration amount, Time* done) {
  co_await processor->work(amount);
  *done = simulation.now();
}

/// When 60 s of work that begin at 0 end under these failures, with warm-up of 10 s.
Time work_under(std::vector<Failure> failures) {
  Simulation simulation;
  Machine machine(simulation);
  for (auto& failure : failures)
    failure.targets = {&machine};
  Injector injector(simulation, std::move(failures), at_s(10));
  injector.start();
  Time done;
  simulation.spawn(work(simulation, &machine.processor, Duration::seconds(60), &done));
  simulation.run();
  return done;
}

}  // namespace

using Verb = Failure::Verb;

TEST_CASE("failures begin `at` after the warm-up and end when `for` is over", "[fault]") {
  Simulation simulation;
  Machine first(simulation), second(simulation);
  Injector injector(simulation,
                    {failure_of(Verb::kill, {&first, &second}, 20, 5),
                     failure_of(Verb::kill, {&second}, 40, std::nullopt)},
                    at_s(10));
  injector.start();
  simulation.run_until(at_s(60));
  CHECK(first.log == "kill@30 restart@35 ");
  CHECK(second.log == "kill@30 restart@35 kill@50 ");
  const auto windows = injector.windows();
  REQUIRE(windows.size() == 2);
  CHECK(windows[0].failure == 0);
  CHECK(windows[0].begin == at_s(30));
  CHECK(windows[0].end == at_s(35));
  CHECK(windows[1].failure == 1);
  CHECK(windows[1].begin == at_s(50));
  CHECK(windows[1].end == at_s(60));  // it lasts to the end of the run
}

TEST_CASE("overlapping failures: killed twice is up again when both have ended", "[fault]") {
  Simulation simulation;
  Machine machine(simulation);
  Injector injector(
      simulation,
      {failure_of(Verb::kill, {&machine}, 0, 20), failure_of(Verb::kill, {&machine}, 5, 5),
       failure_of(Verb::error, {&machine}, 0, 30, 0.1),
       failure_of(Verb::error, {&machine}, 10, 10, 0.4)},
      Time());
  injector.start();
  simulation.run_until(at_s(15));
  CHECK(machine.error_rate() == 0.4);
  CHECK_FALSE(machine.alive());
  simulation.run_until(at_s(25));
  CHECK(machine.error_rate() == 0.1);
  CHECK(machine.alive());
  simulation.run();
  CHECK(machine.error_rate() == 0);
  CHECK(machine.log == "kill@0 restart@20 ");
}

TEST_CASE("a pause stretches work by its length, a slow-down by its factor", "[fault]") {
  const auto pause = [](std::int64_t at, std::int64_t length) {
    return failure_of(Verb::pause, {}, at, length);
  };
  const auto slow = [](std::int64_t at, std::int64_t length, double factor) {
    return failure_of(Verb::slow, {}, at, length, factor);
  };
  CHECK(work_under({}) == at_s(60));
  CHECK(work_under({pause(10, 7)}) == at_s(67));
  CHECK(work_under({pause(10, 20), pause(20, 20)}) == at_s(90));    // 20 to 50: one pause of 30
  CHECK(work_under({pause(60, 20)}) == at_s(60));                   // begins at 70
  CHECK(work_under({slow(10, 20, 4)}) == at_s(75));                 // 20 s do the work of 5
  CHECK(work_under({slow(0, 20, 2), slow(0, 20, 5)}) == at_s(78));  // factors multiply
  // Until 30: 10 s of work, then 5 s at a quarter, none, and 10 s at a quarter.
  CHECK(work_under({slow(0, 20, 4), pause(5, 5)}) == Time() + Duration::ms(76'250));
}

TEST_CASE("a surge and a partition begin and end once", "[fault]") {
  Simulation simulation;
  Machine machine(simulation);
  Failure surge = failure_of(Verb::surge, {}, 10, 10, 3);
  surge.workloads = {&machine};
  Failure more = failure_of(Verb::surge, {}, 15, 10, 2);
  more.workloads = {&machine};
  Failure partition = failure_of(Verb::partition, {}, 5, 3);
  partition.network = &machine;
  Injector injector(simulation, {surge, more, partition}, Time());
  injector.start();
  double seen[4];
  for (int i = 0; i < 4; ++i) {
    simulation.run_until(at_s(9 + 6 * i));  // 9, 15, 21, 27
    seen[i] = machine.surge;
  }
  CHECK(seen[0] == 1);
  CHECK(seen[1] == 6);
  CHECK(seen[2] == 2);
  CHECK(seen[3] == 1);
  CHECK(machine.log == "cut@5 healed@8 ");
}

namespace {

struct Availability {
  std::vector<double> down_share;
  std::vector<FailureWindow> windows;
  std::uint64_t digest = 0;
};

/// `count` machines that fail by themselves for `length`.
Availability run_machines(std::size_t count, Distribution up, Distribution down, Duration length,
                          std::uint64_t seed, bool with_another_failure = false) {
  Simulation simulation(seed);
  std::vector<std::unique_ptr<Machine>> machines;
  Failure failure;
  failure.every = std::move(up);
  failure.repair = std::move(down);
  for (std::size_t i = 0; i < count; ++i) {
    machines.push_back(std::make_unique<Machine>(simulation));
    failure.targets.push_back(machines.back().get());
  }
  Machine other(simulation);
  std::vector<Failure> failures{failure};
  if (with_another_failure) {
    failures.push_back(failure);
    failures.back().targets = {&other};
  }
  Injector injector(simulation, failures, Time());
  injector.start();
  simulation.run_until(Time() + length);
  Availability result;
  for (const auto& machine : machines) {
    result.down_share.push_back(static_cast<double>(machine->down.ns) * 1e-9 / length.in_seconds());
  }
  for (const auto& window : injector.windows()) {
    if (window.failure == 0) result.windows.push_back(window);
  }
  result.digest = simulation.digest();
  simulation.close();
  return result;
}

}  // namespace

TEST_CASE("alternating renewal: availability is up / (up + down)", "[fault]") {
  for (const auto& down : {exponential(Duration::seconds(25)), constant(Duration::seconds(25))}) {
    const auto run =
        run_machines(200, exponential(Duration::seconds(100)), down, Duration::seconds(100'000), 3);
    double sum = 0, squares = 0;
    for (const double share : run.down_share) {
      sum += share;
      squares += share * share;
    }
    const double mean = sum / 200;
    const double error = std::sqrt((squares / 200 - mean * mean) / 200);
    CHECK(std::abs(mean - 0.2) < 4 * error);
    CHECK(error < 0.001);
    // Second oracle: one failure in each 125 s and machine, give or take the square root at most.
    const double expected = 200 * 100'000 / 125.0;
    CHECK(std::abs(static_cast<double>(run.windows.size()) - expected) < 4 * std::sqrt(expected));
  }
}

TEST_CASE("repairmen without number: the machines that are down are binomial", "[fault]") {
  // Source: Erlang's machine repairman with as many repairmen as machines; each is down with
  // probability a / (a + b) whatever the others do. Here a = 0.1/s, b = 1/s, 5 machines.
  const auto run = run_machines(5, exponential(Duration::seconds(10)),
                                exponential(Duration::seconds(1)), Duration::seconds(100'000), 8);
  std::vector<int> down(6);
  for (int second = 100; second < 100'000; second += 20) {  // far enough apart to be independent
    const Time now = at_s(second);
    std::size_t count = 0;
    for (const auto& window : run.windows) {
      if (window.begin > now) break;
      count += window.end > now && window.begin <= now;
    }
    ++down[count];
  }
  const double samples = (100'000 - 100) / 20;
  const double p = 0.1 / 1.1;
  const double choose[] = {1, 5, 10, 10, 5, 1};
  for (int k = 0; k <= 2; ++k) {
    const double expected = choose[k] * std::pow(p, k) * std::pow(1 - p, 5 - k);
    CHECK(std::abs(down[static_cast<std::size_t>(k)] / samples - expected) <
          4 * std::sqrt(expected * (1 - expected) / samples));
  }
}

TEST_CASE("failures are the same for the same seed and are not disturbed by others", "[fault]") {
  const auto begins = [](const Availability& run, std::uint32_t target) {
    std::vector<std::int64_t> times;
    for (const auto& window : run.windows) {
      if (window.target == target) times.push_back(window.begin.count_ns());
    }
    return times;
  };
  const auto up = exponential(Duration::seconds(100)), down = exponential(Duration::seconds(9));
  const Duration length = Duration::seconds(10'000);
  const auto run = run_machines(3, up, down, length, 21);
  CHECK(run.digest == run_machines(3, up, down, length, 21).digest);
  CHECK(run.digest != run_machines(3, up, down, length, 22).digest);
  const auto more = run_machines(5, up, down, length, 21, true);
  for (std::uint32_t target = 0; target < 3; ++target) {
    CHECK(begins(run, target).size() > 50);
    CHECK(begins(run, target) == begins(more, target));
  }
  CHECK(begins(run, 0) != begins(run, 1));
}
