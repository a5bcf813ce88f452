#include "app/study/cap.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/store/replication.hpp"

namespace headroom {

namespace {

const DatabasePlan& database(const ScenarioPlan& plan, const std::string& name) {
  return std::get<DatabasePlan>(plan.services.find(name)->kind);
}

struct Quorums {
  std::uint32_t reads, writes;
};

/// One, all and a majority, each pair once, by what a read waits for.
std::vector<Quorums> quorums_of(std::uint32_t copies) {
  const std::uint32_t majority = copies / 2 + 1;
  std::vector<Quorums> found;
  for (const Quorums& each : {Quorums{1, 1}, Quorums{1, majority}, Quorums{1, copies},
                              Quorums{majority, majority}, Quorums{copies, 1}}) {
    const auto same = [&](const Quorums& known) {
      return known.reads == each.reads && known.writes == each.writes;
    };
    if (std::none_of(found.begin(), found.end(), same)) found.push_back(each);
  }
  return found;
}

/// What would be an error elsewhere.
void clear_what_is_of_quorums(const ReplicationPlan& written, const std::string& at,
                              CapSetting& setting) {
  if (written.R) setting.set.push_back(at + ".R=null");
  if (written.W) setting.set.push_back(at + ".W=null");
  if (written.conflict) setting.set.push_back(at + ".conflict=null");
  if (written.legs) setting.set.push_back(at + ".legs=null");
  if (written.reads) setting.set.push_back(at + ".reads=null");
  if (written.sloppy) setting.set.push_back(at + ".sloppy=false");
}

/// Latencies of requests that began while nothing failed, one histogram each run.
std::vector<sim::Histogram> calm_latencies(const ScenarioPlan& plan, const StudyResult& study) {
  std::vector<sim::Histogram> calm(study.runs.size());
  for (std::size_t run = 0; run < study.runs.size(); ++run) {
    for (std::size_t i = 0; i < plan.workloads.size(); ++i) {
      const WorkloadResult& workload = study.runs[run].workloads[i];
      const auto parts = plan.parts_of(workload.name);
      const auto outside = std::find(parts.begin(), parts.end(), During(DuringFailures::outside));
      const auto& endpoints =
          outside == parts.end()
              ? workload.endpoints
              : workload.parts[static_cast<std::size_t>(outside - parts.begin())].endpoints;
      for (const EndpointResult& endpoint : endpoints)
        calm[run].merge(endpoint.latency);
    }
  }
  return calm;
}

}  // namespace

std::string database_of(const ScenarioPlan& plan) {
  for (const auto& [name, service] : plan.services)
    if (std::holds_alternative<DatabasePlan>(service.kind)) return name;
  return {};
}

std::vector<CapSetting> cap_settings(const ScenarioPlan& plan, const std::string& name) {
  const DatabasePlan& store = database(plan, name);
  const std::string service = "services." + name;
  const std::string replication = service + ".replication";
  std::vector<CapSetting> settings;
  for (const Choice& protocol : replication_protocols()) {
    CapSetting setting;
    setting.name = std::string(protocol.name);
    setting.set.push_back(replication + ".protocol=" + setting.name);
    if (setting.name == "quorum") {
      const std::uint32_t majority = store.replicas / 2 + 1;
      for (const auto& [reads, writes] : quorums_of(store.replicas)) {
        CapSetting one = setting;
        if (store.replication.reads) one.set.push_back(replication + ".reads=null");
        one.name += fmt::format(" R={} W={}", reads, writes);
        one.set.push_back(fmt::format("{}.R={}", replication, reads));
        one.set.push_back(fmt::format("{}.W={}", replication, writes));
        CapSetting beside = one;
        if (store.replication.conflict) one.set.push_back(replication + ".conflict=null");
        settings.push_back(std::move(one));
        if (reads != majority || writes != majority || store.replicas == 1) continue;
        beside.name += " siblings";
        beside.set.push_back(replication + ".conflict=siblings");
        settings.push_back(std::move(beside));
      }
      continue;
    }
    clear_what_is_of_quorums(store.replication, replication, setting);
    if (setting.name == "none" && store.replicas > 1)
      setting.set.push_back(service + ".replicas=1");
    settings.push_back(setting);
    // What readers of any copy see of a leader's writes.
    if (setting.name != "raft" && setting.name != "async") continue;
    settings.back().set.push_back(replication + ".reads=leader");
    setting.name += " reads=nearest";
    setting.set.push_back(replication + ".reads=nearest");
    settings.push_back(std::move(setting));
  }
  return settings;
}

ScenarioPlan prepared_for_cap(ScenarioPlan plan, const std::string& name) {
  for (auto& [service, what] : plan.services.entries) {
    auto* store = std::get_if<DatabasePlan>(&what.kind);
    // Chosen: as many as others keep; one copy is recorded only where it is asked for.
    if (store != nullptr && service == name && store->kept_operations() == 0)
      store->history = 50'000;
  }
  if (plan.failures.empty()) return plan;
  for (const auto& [workload, ignored] : plan.workloads) {
    SloPlan& goal = plan.slos.add("calm latency of " + workload);
    goal.workload = WorkloadRef{workload};
    goal.during = DuringFailures::outside;
    goal.require.percentile = 99;
    goal.require.limit = 3600;
    goal.require.written = "p99 < 1h";
  }
  return plan;
}

CapPoint cap_point(CapSetting setting, const ScenarioPlan& plan, const StudyResult& study,
                   const Summary& summary, const std::string& name) {
  CapPoint point;
  point.setting = std::move(setting);
  point.digest = summary.digest;
  const auto calm = calm_latencies(plan, study);
  std::vector<const sim::Histogram*> pointers;
  for (const sim::Histogram& each : calm)
    pointers.push_back(&each);
  point.calm_p50_s = percentile_over_runs(pointers, 50);
  point.calm_p99_s = percentile_over_runs(pointers, 99);
  for (const ConsistencySummary& each : summary.consistency)
    if (each.service == name) point.consistency = each;
  std::vector<double> stale, reads;
  for (const RunResult& run : study.runs) {
    for (const StoreAudit& audit : run.audits) {
      if (audit.service != name) continue;
      stale.push_back(static_cast<double>(audit.staleness.stale));
      reads.push_back(static_cast<double>(audit.staleness.reads));
    }
  }
  point.stale_reads = proportion_over_runs(stale, reads, "nothing was read");
  return point;
}

Figure worst_side(const CapPoint& point) {
  Figure worst = Figure::none("the network was not cut");
  for (const auto& [side, figure] : point.consistency.during_partition)
    if (figure.value && (!worst.value || *figure.value < *worst.value)) worst = figure;
  return worst;
}

}  // namespace headroom
