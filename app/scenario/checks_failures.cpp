#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/scenario/checks.hpp"
#include "app/scenario/checks_network.hpp"
#include "app/scenario/quantity.hpp"
#include "app/scenario/suggest.hpp"
#include "app/scenario/tiers.hpp"
#include "app/study/sites.hpp"
#include "models/fault/target.hpp"
#include "models/moments.hpp"
#include "models/network/routes.hpp"
#include "models/network/topology.hpp"

namespace headroom {

namespace {

/// A clock that is set back makes a lease last longer.
bool goes_by_leases(const ReplicationPlan& plan) {
  return plan.protocol == "raft" && plan.reads_from() == ReadsFrom::lease;
}

/// Services with replicas that can fail.
std::vector<std::string_view> tiers_of(const ScenarioPlan& plan) {
  std::vector<std::string_view> names;
  for (const auto& [name, service] : plan.services)
    if (tier_of(service)) names.push_back(name);
  return names;
}

/// Whether some replica stands in that zone.
bool is_inhabited(const ScenarioPlan& plan, const std::string& zone) {
  for (const auto& [name, service] : plan.services) {
    const auto tier = tier_of(service);
    if (!tier) continue;
    if (tier->zones.empty() && plan.zones.front() == zone) return true;
    const std::size_t used = std::min<std::size_t>(tier->zones.size(), tier->most);
    for (std::size_t i = 0; i < used; ++i)
      if (tier->zones[i].name == zone) return true;
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

/// "host h1" or "switch s1" where the topology has a node of that name; else empty.
std::string node_named(const ScenarioPlan& plan, const std::string& name) {
  if (!plan.network || plan.network->topology.empty()) return {};
  const Topology topology = topology_of(plan.network->topology, plan.zones);
  const std::uint32_t node = topology.node(name);
  if (node == Topology::none) return {};
  return (topology.nodes[node].is_host ? "host " : "switch ") + name;
}

bool check_replicas(const Checking& checking, const std::string& at, const FaultTarget& target,
                    std::size_t replicas) {
  const std::uint32_t shards = shards_of(checking.plan, target.name);
  const ServicePlan* service = checking.plan.services.find(target.name);
  const bool has_shards = service && std::holds_alternative<DatabasePlan>(service->kind);
  if (target.shard && !has_shards) {
    checking.error(at, fmt::format("\"{}\" is no database: it has no shards", target.name),
                   fmt::format("write \"{}[{}]\" for a replica", target.name, *target.shard));
    return false;
  }
  if (target.shard && *target.shard >= shards) {
    checking.error(at, fmt::format("\"{}\" has no shard {}", target.name, *target.shard),
                   shards == 1 ? "it has one, number 0"
                               : fmt::format("it has {}, 0 to {}", shards, shards - 1));
    return false;
  }
  if (target.leader && !target.shard) {
    const auto* log = service ? std::get_if<LogPlan>(&service->kind) : nullptr;
    const bool is_queue = service && std::holds_alternative<QueuePlan>(service->kind);
    if (is_queue || (log && log->partitions == 1)) return true;
    if (has_shards)
      checking.error(at, "each shard has a leader of its own",
                     fmt::format("write \"{}.shard[0].leader\"", target.name));
    else if (log)
      checking.error(
          at,
          fmt::format("\"{}\" has {} partitions, each with a leader", target.name, log->partitions),
          fmt::format("name a machine: \"{}[0]\"", target.name));
    else
      checking.error(at, fmt::format("nobody leads \"{}\"", target.name),
                     fmt::format("name a replica: \"{}[0]\"", target.name));
    return false;
  }
  const auto* store = has_shards ? std::get_if<DatabasePlan>(&service->kind) : nullptr;
  if (target.leader && store && !store->has_leader()) {
    checking.error(at, fmt::format("nobody leads a shard of \"{}\"", target.name),
                   fmt::format("a protocol with a leader, or \"{}.shard[{}]\" for all copies",
                               target.name, *target.shard));
    return false;
  }
  if (!target.last || *target.last < replicas) return true;
  checking.error(at, fmt::format("\"{}\" has no replica {}", target.name, *target.last),
                 replicas == 1 ? "it has one, number 0; \"replicas\" says how many"
                               : fmt::format("it has {}, 0 to {}", replicas, replicas - 1));
  return false;
}

/// What can be done to a load balancer: it can be killed.
void check_target(const Checking& checking, const std::string& at, const FaultTarget& target,
                  bool balancers_too = false) {
  if (target.kind == FaultTarget::Kind::zone) return check_zone(checking, at, target.name);
  if (target.kind != FaultTarget::Kind::service) {
    if (balancers_too) return check_network_target(checking, at, target);
    checking.error(at, "links, hosts and switches can only be killed",
                   "a link is made worse with \"degrade\"");
    return;
  }
  const ScenarioPlan& plan = checking.plan;
  const auto tiers = tiers_of(plan);
  const auto tier = tier_of(plan, target.name);
  if (!tier) {
    const bool is_zone =
        std::find(plan.zones.begin(), plan.zones.end(), target.name) != plan.zones.end();
    if (plan.workloads.find(target.name))
      checking.error(at,
                     fmt::format("\"{}\" is a workload; servers and zones can fail", target.name),
                     "load changes with \"surge\"");
    else if (plan.balancer(target.name) && balancers_too)
      check_replicas(checking, at, target, zones_of_instances(plan, target.name).size());
    else if (plan.services.find(target.name))
      checking.error(
          at, fmt::format("\"{}\" is a load balancer, which can only be killed", target.name),
          "servers and caches: " + listed(tiers));
    else if (is_zone)
      checking.error(at, fmt::format("there is no service \"{}\"", target.name),
                     fmt::format("write \"zone {}\"", target.name));
    else if (const std::string node = node_named(plan, target.name); !node.empty())
      checking.error(at, fmt::format("there is no service \"{}\"", target.name),
                     balancers_too ? fmt::format("write \"{}\"", node)
                                   : fmt::format("it is a {}, which can only be killed",
                                                 node.substr(0, node.find(' '))));
    else
      checking.error(at, fmt::format("there is no service \"{}\"", target.name),
                     suggestion(target.name, tiers));
    return;
  }
  check_replicas(checking, at, target, tier->most);
}

/// What a group of a partition names, as places that must not stand on two sides: "zone az-a", or
/// "app[3]".
std::vector<std::string> places_of(const ScenarioPlan& plan, const FaultTarget& target) {
  if (names_zone(plan, target)) return {"zone " + target.name};
  const auto instances = static_cast<std::uint32_t>(zones_of_instances(plan, target.name).size());
  const ReplicaRange range = replicas_of(target, instances, shards_of(plan, target.name));
  std::vector<std::string> places;
  for (std::uint32_t i = range.first; i < std::min(range.end, instances); ++i)
    places.push_back(fmt::format("{}[{}]", target.name, i));
  return places;
}

/// What can be written for a link, a host or a switch in a group of a partition.
std::string instead_of(const FaultTarget& target) {
  std::string kill = fmt::format("cut it off with \"kill\": \"{}\"", print_target(target));
  if (target.kind == FaultTarget::Kind::node && target.is_host)
    kill = "name the replicas that stand on it, or kill its link: \"kill\": \"link A <-> B\"";
  return kill;
}

/// False where the target is no zone and no service, or where it is not clear which.
bool check_side(const Checking& checking, const std::string& at, const FaultTarget& target) {
  const ScenarioPlan& plan = checking.plan;
  if (target.kind == FaultTarget::Kind::link || target.kind == FaultTarget::Kind::node) {
    checking.error(at, "a partition is between zones and replicas", instead_of(target));
    return false;
  }
  const bool is_service = plan.services.find(target.name) != nullptr;
  const bool is_bare =
      target.kind == FaultTarget::Kind::service && !target.first && !target.share && !target.shard;
  if (is_bare && is_service && names_zone(plan, target)) {
    checking.error(
        at, fmt::format("\"{}\" is a zone and a service", target.name),
        fmt::format("write \"zone {0}\", or \"{0} 100%\" for all its replicas", target.name));
    return false;
  }
  if (names_zone(plan, target)) {
    const auto& zones = plan.zones;
    if (std::find(zones.begin(), zones.end(), target.name) != zones.end()) return true;
    checking.error(
        at, fmt::format("there is no zone \"{}\"", target.name),
        suggestion(target.name, std::vector<std::string_view>(zones.begin(), zones.end())));
    return false;
  }
  if (const std::string node = is_service ? "" : node_named(plan, target.name); !node.empty()) {
    FaultTarget meant;
    meant.kind = FaultTarget::Kind::node;
    meant.name = target.name;
    meant.is_host = node.starts_with("host ");
    checking.error(at,
                   fmt::format("\"{}\" is a {}; a partition is between zones and replicas",
                               target.name, meant.is_host ? "host" : "switch"),
                   instead_of(meant));
    return false;
  }
  if (!is_service) {
    std::vector<std::string_view> names(plan.zones.begin(), plan.zones.end());
    for (const auto& [name, service] : plan.services)
      names.push_back(name);
    checking.error(
        at, fmt::format("there is no zone and no service \"{}\"", target.name),
        plan.workloads.find(target.name)
            ? fmt::format("\"{}\" is a workload; name the zone it stands in", target.name)
            : suggestion(target.name, names));
    return false;
  }
  if (target.leader) {
    checking.error(at, "who leads changes; a partition is between zones and replicas",
                   fmt::format("name a copy: \"{}[0]\"", target.name));
    return false;
  }
  const std::size_t instances = zones_of_instances(plan, target.name).size();
  return check_replicas(checking, at, target, instances);
}

void check_partition(const Checking& checking, const std::string& at, const PartitionPlan& plan) {
  if (!checking.plan.network) {
    checking.error(at, "without a network there is nothing to cut",
                   R"(write "network": {"* <-> *": {"latency": "1ms"}})");
    return;
  }
  std::set<std::string> places;
  std::size_t zones = 0;
  for (std::size_t group = 0; group < plan.groups.size(); ++group) {
    for (std::size_t i = 0; i < plan.groups[group].size(); ++i) {
      const FaultTarget& target = plan.groups[group][i];
      const std::string here = fmt::format("{}/{}/{}", at, group, i);
      if (!check_side(checking, here, target)) continue;
      zones += names_zone(checking.plan, target) ? 1 : 0;
      for (const std::string& place : places_of(checking.plan, target)) {
        if (places.insert(place).second) continue;
        checking.error(here, fmt::format("\"{}\" stands in this partition twice", place),
                       "what a partition names is on one side of it");
        break;
      }
    }
  }
  if (plan.groups.size() == 1 && zones >= checking.plan.zones.size())
    checking.error(at, "all zones are in one group: nothing is cut",
                   "zones in different groups cannot reach one another");
}

void check_is_server(const Checking& checking, const std::string& at, const FaultTarget& target) {
  const bool is_other = target.kind == FaultTarget::Kind::service &&
                        tier_of(checking.plan, target.name) && !checking.plan.server(target.name);
  if (is_other)
    checking.error(at, fmt::format("\"{}\" is no server", target.name),
                   "callers of a server can be told to leave one of its replicas");
}

void check_degradation(const Checking& checking, const std::string& at, const DegradePlan& plan) {
  const auto& zones = checking.plan.zones;
  if (!checking.plan.network) {
    checking.error(at, "without a network there is no link to degrade",
                   R"(write "network": {"* <-> *": {"latency": "1ms"}})");
    return;
  }
  const NetworkPlan& network = *checking.plan.network;
  if (plan.bandwidth && network.engine == NetworkEngine::flow && network.model == FlowModel::LV08)
    // Its weights of transfers can become negative, at which it gives up.
    checking.error(at, "SimGrid 3.32 cannot change a bandwidth under model LV08",
                   R"(write "model": "exact" or "CM02", or degrade latency or loss)");
  if (!network.topology.empty() || plan.link.to.empty()) {
    FaultTarget link;
    link.kind = FaultTarget::Kind::link;
    link.name = plan.link.from;
    link.to = plan.link.to;
    return check_network_target(checking, at, link);
  }
  for (const std::string& zone : {plan.link.from, plan.link.to}) {
    if (std::find(zones.begin(), zones.end(), zone) != zones.end()) continue;
    const std::vector<std::string_view> names(zones.begin(), zones.end());
    checking.error(at, fmt::format("there is no zone \"{}\"", zone), suggestion(zone, names));
    return;
  }
  const Routes routes(*checking.plan.network, zones);
  const std::size_t from = checking.plan.zone_index(plan.link.from);
  const std::size_t to = checking.plan.zone_index(plan.link.to);
  if (routes.entry(from, to) == Routes::none)
    checking.error(at, fmt::format("the network has no {}", print_link_target(plan.link)),
                   "messages inside a zone take no time without \"same zone\"");
}

struct VerbCheck {
  const Checking& checking;
  const std::string& at;

  void operator()(const KillPlan& plan) const {
    check_target(checking, at + "/kill", plan.target, true);
  }
  void operator()(const DrainPlan& plan) const {
    check_target(checking, at + "/drain", plan.target);
    check_is_server(checking, at + "/drain", plan.target);
  }
  void operator()(const DeployPlan& plan) const {
    check_target(checking, at + "/deploy", plan.target);
    check_is_server(checking, at + "/deploy", plan.target);
  }
  void operator()(const PausePlan& plan) const {
    check_target(checking, at + "/pause", plan.target);
  }
  void operator()(const ClockSkewPlan& plan) const {
    check_target(checking, at + "/clock_skew", plan.target);
    const ServicePlan* service = checking.plan.services.find(plan.target.name);
    const auto* store = service ? std::get_if<DatabasePlan>(&service->kind) : nullptr;
    const bool has_stamps =
        store != nullptr &&
        (store->replication.goes_by_clocks() ||
         (store->replication.protocol == "quorum" && !store->replication.has_siblings()));
    const bool is_useless =
        plan.target.kind == FaultTarget::Kind::service && service != nullptr &&
        (store == nullptr || (!has_stamps && !goes_by_leases(store->replication)));
    if (is_useless)
      checking.warning(
          at + "/clock_skew", fmt::format("nothing in \"{}\" goes by its clocks", plan.target.name),
          "protocols multi_leader and gossip_crdt do, and raft with \"reads\": \"lease\"; "
          "who writes to a quorum numbers its writes without the clocks of copies");
  }
  void operator()(const SlowPlan& plan) const { check_target(checking, at + "/slow", plan.target); }
  void operator()(const ErrorPlan& plan) const {
    check_target(checking, at + "/error", plan.target);
  }
  void operator()(const FlushPlan& plan) const {
    check_target(checking, at + "/flush", plan.target);
    const bool is_other = plan.target.kind == FaultTarget::Kind::service &&
                          tier_of(checking.plan, plan.target.name) &&
                          !checking.plan.cache(plan.target.name);
    if (is_other)
      checking.error(at + "/flush", fmt::format("\"{}\" is no cache", plan.target.name),
                     "only a cache can be flushed");
  }
  void operator()(const PartitionPlan& plan) const {
    check_partition(checking, at + "/partition", plan);
  }
  void operator()(const DegradePlan& plan) const {
    check_degradation(checking, at + "/degrade", plan);
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
  // Chosen: each pair of sites has a path of its own, but in a topology.
  const auto& network = checking.plan.network;
  const std::size_t most = network && !network->topology.empty() ? 65'000 : 2000;
  const std::size_t sites = checking.diagnostics.has_errors() ? 0 : Sites(checking.plan).size();
  if (sites > most)
    checking.error("/failures",
                   fmt::format("the partitions divide the network into {} parts", sites),
                   fmt::format("{} at most, zones included", most));
}

}  // namespace headroom
