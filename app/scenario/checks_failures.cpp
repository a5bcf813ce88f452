#include <fmt/format.h>

#include <algorithm>

#include "app/scenario/checks.hpp"
#include "app/scenario/quantity.hpp"
#include "app/scenario/suggest.hpp"
#include "models/fault/target.hpp"
#include "models/moments.hpp"

namespace headroom {

namespace {

std::vector<std::string_view> servers_of(const ScenarioPlan& plan) {
  std::vector<std::string_view> names;
  for (const auto& [name, service] : plan.services)
    if (std::holds_alternative<ServerPlan>(service.kind)) names.push_back(name);
  return names;
}

/// Whether some replica of some server stands in that zone.
bool is_inhabited(const ScenarioPlan& plan, const std::string& zone) {
  for (const auto& [name, service] : plan.services) {
    const auto* server = std::get_if<ServerPlan>(&service.kind);
    if (!server) continue;
    if (server->zones.empty() && plan.zones.front() == zone) return true;
    const std::size_t used = std::min<std::size_t>(server->zones.size(), server->replicas);
    for (std::size_t i = 0; i < used; ++i)
      if (server->zones[i].name == zone) return true;
  }
  return false;
}

void check_zone(const Checking& checking, const std::string& at, const std::string& zone) {
  const auto& zones = checking.plan.zones;
  if (std::find(zones.begin(), zones.end(), zone) == zones.end()) {
    const std::vector<std::string_view> names(zones.begin(), zones.end());
    checking.error(at, fmt::format("there is no zone \"{}\"", zone), suggestion(zone, names));
  } else if (!is_inhabited(checking.plan, zone)) {
    checking.warning(at, fmt::format("no replica of a server stands in zone \"{}\"", zone));
  }
}

void check_target(const Checking& checking, const std::string& at, const FaultTarget& target) {
  if (target.kind == FaultTarget::Kind::zone) return check_zone(checking, at, target.name);
  const ScenarioPlan& plan = checking.plan;
  const auto servers = servers_of(plan);
  const ServerPlan* server = plan.server(target.name);
  if (!server) {
    const bool is_zone =
        std::find(plan.zones.begin(), plan.zones.end(), target.name) != plan.zones.end();
    if (plan.workloads.find(target.name))
      checking.error(at,
                     fmt::format("\"{}\" is a workload; servers and zones can fail", target.name),
                     "load changes with \"surge\"");
    else if (plan.services.find(target.name))
      checking.error(at, fmt::format("\"{}\" is a load balancer, which cannot fail", target.name),
                     "servers: " + listed(servers));
    else if (is_zone)
      checking.error(at, fmt::format("there is no service \"{}\"", target.name),
                     fmt::format("write \"zone {}\"", target.name));
    else
      checking.error(at, fmt::format("there is no service \"{}\"", target.name),
                     suggestion(target.name, servers));
    return;
  }
  if (target.last && *target.last >= server->replicas)
    checking.error(at, fmt::format("\"{}\" has no replica {}", target.name, *target.last),
                   server->replicas == 1
                       ? "it has one, number 0"
                       : fmt::format("it has {}, 0 to {}", server->replicas, server->replicas - 1));
}

void check_partition(const Checking& checking, const std::string& at, const PartitionPlan& plan) {
  if (!checking.plan.network) {
    checking.error(at, "without a network there is nothing to cut",
                   R"(write "network": {"* <-> *": {"latency": "1ms"}})");
    return;
  }
  std::size_t zones = 0;
  for (const auto& group : plan.groups)
    zones += group.size();
  if (plan.groups.size() == 1 && zones >= checking.plan.zones.size())
    checking.error(at, "all zones are in one group: nothing is cut",
                   "zones in different groups cannot reach one another");
}

struct VerbCheck {
  const Checking& checking;
  const std::string& at;

  void operator()(const KillPlan& plan) const { check_target(checking, at + "/kill", plan.target); }
  void operator()(const PausePlan& plan) const {
    check_target(checking, at + "/pause", plan.target);
  }
  void operator()(const SlowPlan& plan) const { check_target(checking, at + "/slow", plan.target); }
  void operator()(const ErrorPlan& plan) const {
    check_target(checking, at + "/error", plan.target);
  }
  void operator()(const PartitionPlan& plan) const {
    check_partition(checking, at + "/partition", plan);
  }
  void operator()(const SurgePlan& plan) const {
    const WorkloadPlan* workload = checking.plan.workloads.find(plan.workload.name);
    if (workload == nullptr || !std::holds_alternative<ClosedPlan>(workload->arrivals.process))
      return;
    checking.error(at + "/surge", "a closed workload has a number of users, not a rate to multiply",
                   "use an open workload, or more users");
  }
};

void check_times(const Checking& checking, const std::string& at, const FailurePlan& plan) {
  const sim::Duration duration = checking.plan.run.duration;
  if (plan.at && *plan.at >= duration) {
    checking.warning(at + "/at", "this failure begins after the end of the run",
                     fmt::format("the run measures {}", print(duration)));
  } else if (plan.at && plan.length && *plan.at + *plan.length > duration) {
    checking.warning(at + "/for", "this failure lasts beyond the end of the run",
                     fmt::format("the run measures {}", print(duration)));
  }
  // Chosen: shorter turns are no failures but a way to spend all events at one instant.
  constexpr double least_ns = 1000;
  if (plan.every && plan.repair && mean(*plan.every) + mean(*plan.repair) < least_ns)
    checking.error(at + "/every", "up and down together take less than 1us in the mean",
                   "a failure every few milliseconds or more can be simulated");
}

}  // namespace

void check_failures(const Checking& checking) {
  const auto& failures = checking.plan.failures;
  for (std::size_t i = 0; i < failures.size(); ++i) {
    const std::string at = "/failures/" + std::to_string(i);
    check_times(checking, at, failures[i]);
    std::visit(VerbCheck{checking, at}, failures[i].verb);
  }
}

}  // namespace headroom
