#include <fmt/format.h>

#include <algorithm>

#include "app/scenario/call_graph.hpp"
#include "app/scenario/checks.hpp"
#include "app/scenario/quantity.hpp"
#include "app/scenario/suggest.hpp"
#include "app/scenario/tiers.hpp"
#include "models/results.hpp"

namespace headroom {

namespace {

using Metric = Requirement::Metric;

/// The endpoints a workload calls, by name.
std::vector<std::string_view> called_endpoints(const ScenarioPlan& plan,
                                               const WorkloadPlan& workload) {
  std::vector<std::string_view> names;
  if (workload.mix) {
    for (const auto& [name, share] : *workload.mix)
      names.push_back(name);
    return names;
  }
  const ServicePlan* service = plan.behind(workload.target.service);
  const auto index = service ? endpoint_index(*service, workload.target.endpoint) : std::nullopt;
  if (index) names.push_back(endpoint_names(*service)[*index]);
  return names;
}

void check_endpoint(const Checking& checking, const std::string& at, const SloPlan& slo) {
  const WorkloadPlan* workload = checking.plan.workloads.find(slo.workload->name);
  if (!workload) return;
  const auto names = called_endpoints(checking.plan, *workload);
  if (names.empty() || std::find(names.begin(), names.end(), *slo.endpoint) != names.end()) return;
  checking.error(
      at + "/endpoint",
      fmt::format("workload \"{}\" never calls endpoint \"{}\"", slo.workload->name, *slo.endpoint),
      suggestion(*slo.endpoint, names));
}

bool is_of_messages(Metric metric) {
  return metric == Metric::lag || metric == Metric::percentile_lag || metric == Metric::mean_lag ||
         metric == Metric::max_lag || metric == Metric::lost;
}

/// Nothing to be a share of: neither cores nor slots have an end.
bool is_unlimited(const ServicePlan& service) {
  const auto* server = server_of(service);
  return tier_of(service)->concurrency.is_unlimited() &&
         !(server && uses_cpu(*server) && server->cores);
}

void check_shard(const Checking& checking, const std::string& at, const SloPlan& slo,
                 const ServicePlan& service) {
  const auto* store = std::get_if<DatabasePlan>(&service.kind);
  if (!store) {
    checking.error(at, fmt::format("\"{}\" is no database: it has no shards", slo.service->name),
                   "leave \"shard\" out");
    return;
  }
  const std::uint32_t shards = store->most_shards();
  if (shards > most_shards_told)
    checking.error(at, fmt::format("\"{}\" has {} shards", slo.service->name, shards),
                   fmt::format("each is measured where there are {} at most", most_shards_told));
  const auto* number = std::get_if<std::uint32_t>(&*slo.shard);
  if (number && *number >= shards)
    checking.error(at, fmt::format("\"{}\" has no shard {}", slo.service->name, *number),
                   shards == 1 ? "there is one, number 0"
                               : fmt::format("there are {}, 0 to {}", shards, shards - 1));
}

/// Those that a log has without being asked for bear the names of their workers.
void check_group(const Checking& checking, const std::string& at, const SloPlan& slo,
                 const ServicePlan& service) {
  const std::string& name = slo.about()->name;
  const auto* log = std::get_if<LogPlan>(&service.kind);
  if (log == nullptr) {
    checking.error(at, fmt::format("\"{}\" is no log: it has no consumer groups", name),
                   "leave \"group\" out");
    return;
  }
  std::vector<std::string_view> groups;
  for (const auto& [group, terms] : log->groups)
    groups.push_back(group);
  for (const auto& [worker, plan] : checking.plan.services) {
    const auto* works = std::get_if<WorkerPlan>(&plan.kind);
    if (works == nullptr || works->consumes.name != name) continue;
    groups.push_back(works->group ? std::string_view(*works->group) : std::string_view(worker));
  }
  if (std::find(groups.begin(), groups.end(), *slo.group) == groups.end())
    checking.error(at, fmt::format("\"{}\" has no consumer group \"{}\"", name, *slo.group),
                   suggestion(*slo.group, groups));
}

void check_service(const Checking& checking, const std::string& at, const SloPlan& slo) {
  const std::string& name = slo.about()->name;
  const ServicePlan* service = checking.plan.services.find(name);
  if (slo.require.metric == Metric::cost && service && !service->cost)
    checking.error(at + "/require", fmt::format("\"{}\" costs nothing", name),
                   fmt::format("give \"{}\" a \"cost\" of one instance for an hour", name));
  if (service && slo.shard && slo.service) check_shard(checking, at + "/shard", slo, *service);
  if (service && slo.group) check_group(checking, at + "/group", slo, *service);
  const bool of_messages = is_of_messages(slo.require.metric);
  if (service && !is_broker(*service) && (of_messages || slo.queue))
    checking.error(at + (slo.queue ? "/queue" : "/require"),
                   fmt::format("\"{}\" is neither a queue nor a log", name),
                   "name a service of kind \"queue\" or \"log\"");
  const bool of_reads =
      slo.require.metric == Metric::hit_ratio || slo.require.metric == Metric::stale_reads;
  const bool has_stale_reads = service && goes_by_operation(*service);
  const bool has_hits = service && std::holds_alternative<CachePlan>(service->kind);
  if (of_reads && service &&
      !(slo.require.metric == Metric::hit_ratio ? has_hits : has_stale_reads))
    checking.error(at + "/require", fmt::format("\"{}\" is no cache: it has no hits", name),
                   "name a service of kind \"cache\"");
  const bool of_busy_time = slo.require.metric == Metric::utilization;
  const bool has_slots = service && tier_of(*service);
  if (of_busy_time && !has_slots)
    checking.error(at + "/require",
                   fmt::format("\"{}\" is a load balancer, which is never busy", name),
                   "take the utilization of the server behind it");
  if (of_busy_time && has_slots && is_unlimited(*service))
    checking.error(at + "/require", fmt::format("\"{}\" is unlimited: it has no utilization", name),
                   fmt::format("give \"{}\" a \"concurrency\" or \"cores\"", name));
}

void check_during(const Checking& checking, const std::string& at, const During& during) {
  const auto& failures = checking.plan.failures;
  const auto* index = std::get_if<std::uint32_t>(&during);
  if (failures.empty()) {
    checking.error(at, "nothing fails in this scenario",
                   "leave \"during\" out, or add \"failures\"");
  } else if (index && *index >= failures.size()) {
    checking.error(at, fmt::format("there is no failure {}", *index),
                   failures.size() == 1 ? "there is one, number 0"
                                        : fmt::format("there are {}, 0 to {}", failures.size(),
                                                      failures.size() - 1));
  } else if (index && failures[*index].at && *failures[*index].at >= checking.plan.run.duration) {
    checking.error(at, fmt::format("failure {} begins after the end of the run", *index),
                   fmt::format("the run measures {}", print(checking.plan.run.duration)));
  }
}

}  // namespace

void check_slos(const Checking& checking) {
  for (const auto& [name, slo] : checking.plan.slos) {
    const std::string at = "/slos" + pointer_step(name);
    if (slo.workload && slo.endpoint) check_endpoint(checking, at, slo);
    if (slo.during) check_during(checking, at + "/during", *slo.during);
    if (slo.about() != nullptr) check_service(checking, at, slo);
  }
}

}  // namespace headroom
