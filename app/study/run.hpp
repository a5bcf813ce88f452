#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/scenario/plan.hpp"
#include "app/study/audit.hpp"
#include "models/event_log.hpp"
#include "models/network/report.hpp"
#include "models/results.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

/// A failure as it happened, in simulated time from the start of the run.
struct FailureSpan {
  std::size_t failure = 0;  ///< Position in the scenario.
  sim::Time begin;
  sim::Time end;
  std::string replica{};  ///< Where only one of several targets failed.
};

/// Replications from here on are pilots: only how many requests are in the system counts.
inline constexpr std::uint32_t first_pilot = 1u << 31;

/// One replication.
struct RunResult {
  std::uint32_t replication = 0;
  std::uint64_t digest = 0;
  std::uint64_t events = 0;
  Measurement measurement;
  std::vector<WorkloadResult> workloads;
  std::vector<ServiceResult> services;
  std::vector<FailureSpan> failures;
  std::vector<LinkReport> links;
  std::vector<BulkReport> bulk;
  std::vector<LoggedEvent> log;         ///< Of the first replication only.
  std::uint64_t log_left_out = 0;       ///< Events beyond those that a log keeps.
  std::vector<RequestTrace> traces;     ///< Of the first replication only.
  std::optional<PickedRequest> picked;  ///< Where one was asked for by its rank.
  std::vector<StoreAudit> audits;       ///< Of each store that is recorded.
  std::vector<StoreHistory> histories;  ///< The same; operations of the first replication only.
  sim::Simulation::Status status = sim::Simulation::Status::reached;  ///< `stopped`: interrupted.

  double measured_s() const { return (measurement.end - measurement.start).in_seconds(); }
};

/// In how many windows a study measures.
std::size_t windows_of(const ScenarioPlan& plan);

/// When to measure: `warmup` first, then the scenario's duration in `windows` windows.
Measurement measurement_of(const ScenarioPlan& plan, sim::Duration warmup, std::size_t windows);

/// Simulates one replication. `go_on` is asked now and then with the share done, from 0 to 1; when
/// it says no, the result is marked as stopped and holds nothing else of use.
RunResult simulate(const ScenarioPlan& plan, std::uint32_t replication,
                   const Measurement& measurement, const std::function<bool(double)>& go_on);

}  // namespace headroom
