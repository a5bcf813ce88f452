#include "app/scenario/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace headroom {

std::uint16_t ScenarioPlan::zone_index(std::string_view zone) const {
  const auto found = std::find(zones.begin(), zones.end(), zone);
  return static_cast<std::uint16_t>(found == zones.end() ? 0 : found - zones.begin());
}

const ServerPlan* ScenarioPlan::server(std::string_view service) const {
  const ServicePlan* plan = services.find(service);
  return plan == nullptr ? nullptr : server_of(*plan);
}

const ServerPlan* server_of(const ServicePlan& service) {
  if (const auto* worker = std::get_if<WorkerPlan>(&service.kind)) return worker;
  return std::get_if<ServerPlan>(&service.kind);
}

const BrokerPlan* broker_of(const ServicePlan& service) {
  if (const auto* queue = std::get_if<QueuePlan>(&service.kind)) return queue;
  return std::get_if<LogPlan>(&service.kind);
}

bool is_broker(const ServicePlan& service) {
  return broker_of(service) != nullptr;
}

const WorkerPlan* ScenarioPlan::worker(std::string_view service) const {
  const ServicePlan* plan = services.find(service);
  return plan == nullptr ? nullptr : std::get_if<WorkerPlan>(&plan->kind);
}

bool ScenarioPlan::is_broker(std::string_view service) const {
  const ServicePlan* plan = services.find(service);
  return plan != nullptr && headroom::is_broker(*plan);
}

std::vector<std::pair<std::string, const WorkerPlan*>> ScenarioPlan::workers_of(
    std::string_view broker) const {
  std::vector<std::pair<std::string, const WorkerPlan*>> found;
  for (const auto& [name, service] : services) {
    const auto* plan = std::get_if<WorkerPlan>(&service.kind);
    if (plan != nullptr && plan->consumes.name == broker) found.emplace_back(name, plan);
  }
  return found;
}

const BalancerPlan* ScenarioPlan::balancer(std::string_view service) const {
  const ServicePlan* plan = services.find(service);
  return plan == nullptr ? nullptr : std::get_if<BalancerPlan>(&plan->kind);
}

const CachePlan* ScenarioPlan::cache(std::string_view service) const {
  const ServicePlan* plan = services.find(service);
  return plan == nullptr ? nullptr : std::get_if<CachePlan>(&plan->kind);
}

const ServicePlan* ScenarioPlan::behind(std::string_view service) const {
  const BalancerPlan* through = balancer(service);
  // Balancers may stand in a row, but not in a circle.
  for (std::size_t steps = 0; through != nullptr && steps < services.size(); ++steps) {
    service = through->to.name;
    through = balancer(service);
  }
  return through != nullptr ? nullptr : services.find(service);
}

std::vector<During> ScenarioPlan::parts_of(std::string_view workload) const {
  std::vector<During> parts;
  for (const auto& [name, slo] : slos) {
    if (!slo.during || !slo.workload || slo.workload->name != workload) continue;
    if (std::find(parts.begin(), parts.end(), *slo.during) == parts.end())
      parts.push_back(*slo.during);
  }
  return parts;
}

bool ScenarioPlan::members_change(std::string_view service) const {
  const ServicePlan* plan = services.find(service);
  if (plan != nullptr && plan->autoscale) return true;
  return std::any_of(failures.begin(), failures.end(), [&](const FailurePlan& failure) {
    const auto* drain = std::get_if<DrainPlan>(&failure.verb);
    const auto* deploy = std::get_if<DeployPlan>(&failure.verb);
    const FaultTarget* target = drain ? &drain->target : deploy ? &deploy->target : nullptr;
    if (target == nullptr) return false;
    return target->kind == FaultTarget::Kind::zone || target->name == service;
  });
}

std::string ScenarioPlan::why_it_changes() const {
  for (const auto& [name, workload] : workloads)
    if (!headroom::is_stationary(workload.arrivals.process))
      return fmt::format("the load of \"{}\" changes in time", name);
  for (std::size_t i = 0; i < failures.size(); ++i)
    if (failures[i].at) return fmt::format("failure {} comes at a fixed time", i);
  for (const auto& [name, service] : services) {
    if (service.autoscale && !service.autoscale->scheduled.empty())
      return fmt::format("\"{}\" is scaled at fixed times", name);
    const auto* store = std::get_if<DatabasePlan>(&service.kind);
    if (store != nullptr && !store->rebalance.empty())
      return fmt::format("the shards of \"{}\" change at a fixed time", name);
    if (store != nullptr && !store->membership.empty())
      return fmt::format("the copies of \"{}\" change at a fixed time", name);
  }
  if (network && !network->bulk.empty())
    return fmt::format("bulk \"{}\" comes and goes", network->bulk.begin()->first);
  return {};
}

}  // namespace headroom
