// What happens at the very start and the very end of the measurement, for services and workloads.
#include <catch2/catch.hpp>

#include "app/study/run.hpp"
#include "app/study/test_runs.hpp"

namespace headroom {
namespace {

/// Requests of 100 ms for one slot and one place to wait, at these times of the measurement.
ScenarioPlan replayed(const std::vector<std::int64_t>& at_ms) {
  ScenarioPlan plan = made_plan();
  plan.run.duration = sim::Duration::seconds(1);
  ReplayPlan replay;
  for (const std::int64_t ms : at_ms)
    replay.times.push_back(sim::Time() + sim::Duration::ms(ms));
  plan.workloads.entries[0].second.arrivals.process = replay;
  auto& app = std::get<ServerPlan>(plan.services.entries[0].second.kind);
  app.replicas = 1;
  app.queue_limit = Limit{1};
  app.service_time->a = 100e6;
  return plan;
}

RunResult run_of(const ScenarioPlan& plan, std::int64_t warmup_s) {
  return simulate(plan, 0, measurement_of(plan, sim::Duration::seconds(warmup_s), 10), {});
}

double busy_s(const RunResult& run) {
  return static_cast<double>(run.services[0].replicas[0].used.busy) * 1e-9;
}
double available_s(const RunResult& run) {
  return static_cast<double>(run.services[0].replicas[0].used.available) * 1e-9;
}

constexpr double a_nanosecond = 2e-9;

TEST_CASE("what happens at the start of the measurement counts, warmed up or not") {
  const ScenarioPlan plan = replayed({0, 0, 0, 0});
  for (const std::int64_t warmup_s : {0, 1}) {
    const RunResult run = run_of(plan, warmup_s);
    const EndpointResult& seen = run.workloads[0].endpoints[0];
    const ServiceResult& app = run.services[0];
    CHECK(seen.finished[index_of(Outcome::ok)] == 2);
    CHECK(seen.finished[index_of(Outcome::rejected)] == 2);
    CHECK(app.arrivals == 4);
    CHECK(app.completions == 2);
    CHECK(app.in_system_at_start == 0);
    CHECK(app.drops[static_cast<std::size_t>(DropCause::queue_full)] == 2);
    CHECK(app.replicas[0].arrivals == 4);
    CHECK(app.wait.count() == 2);
    CHECK(app.sojourn.count() == 2);
    CHECK(busy_s(run) == Approx(0.2).margin(a_nanosecond));
    CHECK(available_s(run) == Approx(1).margin(a_nanosecond));
    REQUIRE(run.services[0].signals.size() == 10);
    CHECK(run.services[0].signals[0].arrivals == 4);
  }
}

TEST_CASE("what happens at the end of the measurement does not count") {
  const RunResult run = run_of(replayed({900, 1000, 1000}), 1);
  CHECK(run.workloads[0].endpoints[0].issued == 1);
  CHECK(run.services[0].arrivals == 1);
  CHECK(run.services[0].completions == 0);  // its answer leaves at the end
  CHECK(run.services[0].in_system_at_end == 1);
  CHECK(run.services[0].signals[9].arrivals == 1);
}

TEST_CASE("a workload and its service count the same arrivals") {
  ScenarioPlan plan = replayed({});
  plan.run.duration = sim::Duration::seconds(10);
  plan.workloads.entries[0].second.arrivals.process = ConstantPlan{Rate{10}};
  for (const std::int64_t warmup_s : {0, 1, 3}) {
    const RunResult run = run_of(plan, warmup_s);
    const std::uint64_t issued = run.workloads[0].endpoints[0].issued;
    CHECK(issued == (warmup_s == 0 ? 99 : 100));  // the first one comes after a gap
    CHECK(run.services[0].arrivals == issued);
    CHECK(available_s(run) == Approx(10).margin(a_nanosecond));
  }
}

TEST_CASE("events of the instant at which a run ends are dispatched all the same") {
  const RunResult with = run_of(replayed({500, 1000}), 0);
  const RunResult without = run_of(replayed({500}), 0);
  CHECK(with.events > without.events);
  CHECK(with.services[0].arrivals == without.services[0].arrivals);
}

}  // namespace
}  // namespace headroom
