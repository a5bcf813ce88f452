#include "app/study/arithmetic_rates.hpp"
#include "app/study/world.hpp"
#include "models/moments.hpp"

namespace headroom {

namespace {

// Chosen: enough for 50 requests beyond p99 in each replication, of all workloads together.
constexpr double traced_requests = 5000;
constexpr double share_of_unknown = 0.01;

/// Requests of a workload in the measurement, as far as they can be told in advance.
std::optional<double> expected_requests(const RunPlan& run, const WorkloadPlan& workload) {
  const double duration_s = run.duration.in_seconds();
  const auto* closed = std::get_if<ClosedPlan>(&workload.arrivals.process);
  if (closed == nullptr)
    return offered_rate(run, workload.arrivals.process).mean_per_s * duration_s;
  const double think_s = mean(closed->closed.think_time) * 1e-9;
  if (think_s <= 0) return std::nullopt;
  return closed->closed.users * duration_s / think_s;
}

}  // namespace

void World::build_tracer(const Tracing& tracing) {
  using Mode = Tracing::Mode;
  if (tracing.mode == Mode::none) return;
  const auto* share = plan_.run.trace ? std::get_if<Ratio>(&*plan_.run.trace) : nullptr;
  if (share != nullptr && share->value <= 0) return;
  tracer_.emplace(simulation_, measurement_.start, measurement_.end);
  for (const auto& [name, workload] : plan_.workloads) {
    if (tracing.mode != Mode::sampled && name != tracing.workload) {
      tracer_->add_sampled(name, 0);
    } else if (tracing.mode == Mode::ranked) {
      tracer_->add_ranked(name);
    } else if (tracing.mode == Mode::single) {
      tracer_->add_single(name, tracing.number);
    } else if (share != nullptr) {
      tracer_->add_sampled(name, share->value);
    } else {
      const auto expected = expected_requests(plan_.run, workload);
      const double each = traced_requests / static_cast<double>(plan_.workloads.size());
      tracer_->add_sampled(name, expected ? each / *expected : share_of_unknown);
    }
  }
}

void World::add_traces(RunResult& result, const Tracing& tracing) const {
  if (!tracer_) return;
  using Mode = Tracing::Mode;
  for (std::size_t i = 0; i < result.workloads.size(); ++i) {
    const bool is_of = result.workloads[i].name == tracing.workload;
    if (tracing.mode == Mode::sampled) result.workloads[i].time_spent = tracer_->time_spent(i);
    if (tracing.mode == Mode::ranked && is_of) result.picked = tracer_->pick(i, tracing.quantile);
  }
  if (tracing.mode == Mode::ranked) return;
  if (simulation_.replication() == 0) result.traces = tracer_->traces();
}

namespace {

/// What happened from one reading of the counters to the next.
ServiceCounts since(const ServiceCounts& before, const ServiceCounts& now) {
  return {now.arrivals - before.arrivals,
          now.answers - before.answers,
          now.errors - before.errors,
          now.sojourn_ns - before.sojourn_ns,
          {now.used.busy - before.used.busy, now.used.available - before.used.available}};
}

}  // namespace

void World::open_windows() {
  read_.resize(plan_.services.size());
  windows_.resize(plan_.services.size());
  for (auto& windows : windows_)
    windows.reserve(measurement_.windows.count);
}

void World::note_window() {
  std::size_t service = 0;
  for (const auto& [name, each] : plan_.services) {
    ServiceCounts now;
    if (server_of(each) != nullptr)
      now = servers_.at(name)->counts();
    else if (std::holds_alternative<CachePlan>(each.kind))
      now = caches_.at(name)->counts();
    else if (std::holds_alternative<DatabasePlan>(each.kind))
      now = databases_.at(name)->counts();
    else if (is_broker(each))
      now = brokers_.at(name)->counts();
    else
      now = balancers_.at(name)->counts();
    windows_[service].push_back(since(read_[service], now));
    read_[service++] = now;
  }
}

}  // namespace headroom
