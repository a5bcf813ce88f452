#include "app/study/run.hpp"

#include <algorithm>

#include "app/study/recorded_run.hpp"
#include "app/study/world.hpp"

namespace headroom {

namespace {

constexpr std::uint64_t most_at_one_instant = 10'000'000;
constexpr int slices = 200;  // how often a run asks whether to go on

/// When the last partition ended; nothing where there was none or one goes on.
std::optional<sim::Time> heals_of(const ScenarioPlan& plan, const RunResult& result) {
  std::optional<sim::Time> healed;
  for (const FailureSpan& span : result.failures) {
    if (!std::holds_alternative<PartitionPlan>(plan.failures[span.failure].verb)) continue;
    if (span.end >= result.measurement.end) return std::nullopt;
    healed = std::max(healed.value_or(span.end), span.end);
  }
  return healed;
}

/// The last instant that comes before what happens at this one; the start of the run has none.
sim::Time just_before(sim::Time at) {
  return std::max(sim::Time(), sim::Time::at_ns(at.count_ns() - 1));
}

/// The windows of the measurement as they end. Each is closed one nanosecond before the next
/// begins: what happens at that instant belongs to the next.
class WindowReader {
 public:
  WindowReader(World& world, const Measurement& measurement, std::uint32_t replication)
      : world_(world),
        measurement_(measurement),
        count_(replication < first_pilot ? measurement.windows.count : 0) {}

  /// Lets the world run up to and including `limit`.
  sim::Simulation::Status run_until(sim::Time limit) {
    for (; next_ < count_; ++next_) {
      const sim::Time end = measurement_.windows.begin(next_ + 1);
      if (end > limit) break;
      const auto status = world_.run_until(just_before(end));
      if (status != sim::Simulation::Status::reached) return status;
      world_.note_window();
    }
    return world_.run_until(limit);
  }
  /// The last one may be longer than the measurement.
  void finish() {
    if (next_ < count_) world_.note_window();
  }

 private:
  World& world_;
  const Measurement& measurement_;
  std::size_t count_;
  std::size_t next_ = 0;
};

RunResult simulate_once(const ScenarioPlan& plan, std::uint32_t replication,
                        const Measurement& measurement, Tracing tracing,
                        const std::function<bool(double)>& go_on, bool audits = true) {
  using Status = sim::Simulation::Status;
  World world(plan, replication, measurement, std::move(tracing));
  WindowReader windows(world, measurement, replication);
  sim::Simulation& simulation = world.simulation();
  simulation.limit_events(plan.run.max_events.value_or(default_max_events));
  simulation.limit_events_at_one_instant(most_at_one_instant);
  world.start();
  const auto give_up = [&](Status status) {
    RunResult result;
    result.replication = replication;
    result.events = simulation.events();
    result.status = status;
    return result;
  };
  bool measuring = false;
  // The measurement is a window too: what happens at its start belongs to it, for services as for
  // workloads, and what happens at its end does not.
  const auto start_measuring = [&] {
    const bool is_reached = measurement.start > sim::Time();
    const Status status =
        is_reached ? world.run_until(just_before(measurement.start)) : Status::reached;
    if (status == Status::reached) world.start_measuring();
    measuring = true;
    return status;
  };
  for (int slice = 1; slice <= slices; ++slice) {
    const double share = static_cast<double>(slice) / slices;
    const std::int64_t end_ns = measurement.end.count_ns();
    const auto until =
        just_before(slice == slices ? measurement.end : sim::Time::at_ns(end_ns / slices * slice));
    if (!measuring && until >= measurement.start) {
      const Status status = start_measuring();
      if (status != Status::reached) return give_up(status);
    }
    const Status status = windows.run_until(until);
    if (status != Status::reached) return give_up(status);
    if (go_on && !go_on(share)) return give_up(Status::stopped);
  }
  windows.finish();
  RunResult result = world.result();
  const Status last = world.run_until(measurement.end);
  if (last != Status::reached) return give_up(last);
  world.add_clients(result);
  if (!audits) return result;
  for (StoreHistory& history : result.histories) {
    result.audits.push_back(audit(history, heals_of(plan, result), measurement.end));
    history.held.clear();
    if (replication != 0) history.operations.clear();
  }
  return result;
}

}  // namespace

std::size_t windows_of(const ScenarioPlan& plan) {
  constexpr std::size_t of_a_timeline = 240;  // Chosen: a pixel or two each in a chart.
  constexpr std::size_t of_a_steady_run = 60;
  return plan.is_stationary() ? of_a_steady_run : of_a_timeline;
}

Measurement measurement_of(const ScenarioPlan& plan, sim::Duration warmup, std::size_t windows) {
  Measurement measurement;
  measurement.start = sim::Time() + warmup;
  measurement.end = measurement.start + plan.run.duration;
  const std::int64_t duration_ns = plan.run.duration.count_ns();
  const auto count = static_cast<std::int64_t>(windows);
  // Rounded up, so that the windows cover the whole measurement.
  measurement.windows = {
      measurement.start,
      sim::Duration::ns(std::max<std::int64_t>(1, (duration_ns + count - 1) / count)), windows};
  return measurement;
}

RunResult simulate(const ScenarioPlan& plan, std::uint32_t replication,
                   const Measurement& measurement, const std::function<bool(double)>& go_on) {
  Tracing tracing;
  using Mode = Tracing::Mode;
  const TracePick* pick = picked_by(plan.run);
  if (pick != nullptr)
    tracing = {pick->quantile ? Mode::ranked : Mode::single, pick->workload,
               pick->quantile.value_or(0), pick->number};
  if (replication >= first_pilot || (pick != nullptr && replication > 0)) tracing.mode = Mode::none;
  return simulate_once(plan, replication, measurement, std::move(tracing), go_on);
}

RunResult recorded_run(const ScenarioPlan& plan, const Measurement& measurement) {
  Tracing tracing;
  tracing.mode = Tracing::Mode::none;
  return simulate_once(plan, 0, measurement, std::move(tracing), {}, false);
}

}  // namespace headroom
