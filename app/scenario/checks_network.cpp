#include "app/scenario/checks_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/scenario/suggest.hpp"
#include "app/scenario/tiers.hpp"
#include "app/study/network_targets.hpp"
#include "app/study/sites.hpp"
#include "models/network/routes.hpp"
#include "models/network/topology.hpp"

namespace headroom {

namespace {

std::string pointer_of(const std::string& key) {
  std::string at = "/network";
  if (key.empty()) return at;
  // Names of links hold blanks and arrows, none a slash.
  for (std::size_t begin = 0; begin <= key.size();) {
    const std::size_t end = std::min(key.find('/', begin), key.size());
    at += pointer_step(key.substr(begin, end - begin));
    begin = end + 1;
  }
  return at;
}

/// False where something is at fault.
bool tell(const Checking& checking, const Findings& findings) {
  bool good = true;
  for (const Finding& finding : findings.all()) {
    const std::string at = pointer_of(finding.key);
    if (finding.is_warning)
      checking.warning(at, finding.message, finding.hint);
    else
      checking.error(at, finding.message, finding.hint);
    good &= finding.is_warning;
  }
  return good;
}

std::set<std::string> zones_in_use(const ScenarioPlan& plan) {
  const auto& placement = plan.network->topology.placement;
  std::set<std::string> zones;
  for (const auto& [name, service] : plan.services)
    if (!placement.find(name))
      for (const std::uint16_t zone : zones_of_instances(plan, name))
        zones.insert(plan.zones[zone]);
  for (const auto& [name, workload] : plan.workloads)
    if (!placement.find(name)) zones.insert(workload.zone ? workload.zone->name : plan.zones[0]);
  return zones;
}

void check_placement(const Checking& checking) {
  const ScenarioPlan& plan = checking.plan;
  const Topology topology = topology_of(plan.network->topology, plan.zones);
  for (const auto& [name, hosts] : plan.network->topology.placement) {
    const std::string at = "/network/placement" + pointer_step(name);
    if (plan.workloads.find(name)) {
      if (hosts.size() > 1)
        checking.error(at, "the clients of a workload stand on one host",
                       "make several workloads of it");
      if (plan.services.find(name))
        checking.warning(at,
                         fmt::format("\"{}\" is a service and a workload: both stand there", name));
      continue;
    }
    if (plan.services.find(name)) continue;
    std::vector<std::string_view> names;
    for (const auto& [service, unused] : plan.services)
      names.push_back(service);
    for (const auto& [workload, unused] : plan.workloads)
      names.push_back(workload);
    checking.error(at, fmt::format("there is no service and no workload \"{}\"", name),
                   suggestion(name, names));
  }
  for (const std::string& zone : zones_in_use(plan))
    if (topology.hosts_of(plan.zone_index(zone)).empty())
      checking.error("/network", fmt::format("zone \"{}\" has no host to stand on", zone),
                     "give a host its \"zone\", or name hosts in \"placement\"");
}

/// A copy from a host to itself, of those that `bulk` pairs.
void check_ways(const Checking& checking, const Sites& sites, const std::string& at,
                const BulkPlan& bulk) {
  if (!sites.topology()) return;  // Inside a zone there may be a link.
  for (std::size_t i = 0; i < std::max(bulk.from.size(), bulk.to.size()); ++i) {
    const std::string &from = bulk.from[i % bulk.from.size()], &to = bulk.to[i % bulk.to.size()];
    const auto one = site_named(checking.plan, sites, from);
    const auto other = site_named(checking.plan, sites, to);
    if (!one || !other || sites.nodes()[*one] != sites.nodes()[*other]) continue;
    const std::string& host = sites.topology()->nodes[sites.nodes()[*one]].name;
    checking.warning(
        at, fmt::format("the copy from \"{}\" to \"{}\" stays on host \"{}\"", from, to, host),
        "no link carries it; name another host");
    return;
  }
}

void check_bulk(const Checking& checking) {
  const ScenarioPlan& plan = checking.plan;
  const Sites sites(plan);
  for (const auto& [name, bulk] : plan.network->bulk) {
    const std::string at = "/network/bulk" + pointer_step(name);
    const auto check_places = [&](const std::vector<std::string>& places, const char* key) {
      for (std::size_t i = 0; i < places.size(); ++i)
        if (!site_named(plan, sites, places[i]))
          checking.error(fmt::format("{}/{}/{}", at, key, i),
                         fmt::format("there is no host, zone or replica \"{}\"", places[i]),
                         "write \"east\" for a zone, \"db[0]\" for a replica");
    };
    check_places(bulk.from, "from");
    check_places(bulk.to, "to");
    check_ways(checking, sites, at, bulk);
    if (bulk.after_failure) {
      const std::string here = at + "/after_failure";
      if (*bulk.after_failure >= plan.failures.size())
        checking.error(here, fmt::format("there is no failure {}", *bulk.after_failure),
                       fmt::format("\"failures\" has {}, counted from 0", plan.failures.size()));
      else if (!plan.failures[*bulk.after_failure].at)
        checking.error(here, "that failure has no time of its own", "give it \"at\"");
    } else if (*bulk.at >= plan.run.duration) {
      checking.warning(at + "/at", "this begins after the end of the run");
    }
  }
}

std::string listed_nodes(const Topology& topology, const std::string& name) {
  std::vector<std::string_view> names;
  for (const Topology::Node& node : topology.nodes)
    names.push_back(node.name);
  return suggestion(name, names);
}

/// What only the flow engine reads.
void check_engine(const Checking& checking) {
  const NetworkPlan& plan = *checking.plan.network;
  if (plan.engine == NetworkEngine::flow) return;
  const NetworkPlan usual;
  const auto look = [&](const std::string& at, bool is_changed) {
    if (is_changed && checking.is_given(at))
      checking.warning(at, "the delay engine has no use for this",
                       R"(write "engine": "flow", or run it with --network flow)");
  };
  look("/network/model", plan.model != usual.model);
  look("/network/flow_threshold", plan.flow_threshold != usual.flow_threshold);
}

/// A link by the name that a platform file gives it.
void check_link_name(const Checking& checking, const std::string& at, const std::string& name) {
  const TopologyPlan& plan = checking.plan.network->topology;
  if (!plan.platform) {
    checking.error(at,
                   fmt::format("\"link {}\" names no link: only those of a \"platform\" have "
                               "names of their own",
                               name),
                   "a link is written \"link a -> b\", or \"link a <-> b\" for both directions");
    return;
  }
  const Topology topology = topology_of(plan, checking.plan.zones);
  if (!hops_of_link(topology, name, {}, false).empty()) return;
  std::vector<std::string_view> names;
  for (const auto& link : plan.drawn.links)
    names.push_back(link.name);
  checking.error(at, fmt::format("no route of the platform crosses a link \"{}\"", name),
                 suggestion(name, names));
}

}  // namespace

void check_network_plan(const Checking& checking) {
  const NetworkPlan& network = *checking.plan.network;
  check_engine(checking);
  const auto& zones = checking.plan.zones;
  Findings findings;
  if (network.topology.empty()) {
    const TopologyPlan& unused = network.topology;
    if (!unused.links.empty() || !unused.switches.empty() || !unused.placement.empty())
      findings.error(
          unused.links.empty() ? unused.switches.empty() ? "placement" : "switches" : "links",
          "a topology has hosts", "write \"hosts\" or \"generate\"");
    check_network(network, zones, findings);
    if (!tell(checking, findings)) return;
  } else {
    check_topology(network.topology, zones, findings);
    if (!tell(checking, findings)) return;
    check_placement(checking);
  }
  if (!network.bulk.empty() && !checking.diagnostics.has_errors()) check_bulk(checking);
}

void check_network_target(const Checking& checking, const std::string& at,
                          const FaultTarget& target) {
  const ScenarioPlan& plan = checking.plan;
  if (!plan.network) {
    checking.error(at, "without a network there is nothing to kill",
                   R"(write "network": {"* <-> *": {"latency": "1ms"}})");
    return;
  }
  const bool is_link = target.kind == FaultTarget::Kind::link;
  if (is_link && target.to.empty()) return check_link_name(checking, at, target.name);
  if (plan.network->topology.empty()) {
    if (!is_link) {
      checking.error(at, "this network has no hosts and switches, only links between zones",
                     "kill \"link a -> b\", a zone, or replicas");
      return;
    }
    for (const std::string& zone : {target.name, target.to}) {
      if (std::find(plan.zones.begin(), plan.zones.end(), zone) != plan.zones.end()) continue;
      checking.error(
          at, fmt::format("there is no zone \"{}\"", zone),
          suggestion(zone, std::vector<std::string_view>(plan.zones.begin(), plan.zones.end())));
      return;
    }
    if (target.name == target.to)
      checking.error(at, "the inside of a zone cannot be killed",
                     "kill \"zone " + target.to + "\"");
    return;
  }
  const Topology topology = topology_of(plan.network->topology, plan.zones);
  for (const std::string& name : {target.name, is_link ? target.to : target.name}) {
    const std::uint32_t node = topology.node(name);
    if (node == Topology::none) {
      checking.error(at, fmt::format("there is no host and no switch \"{}\"", name),
                     listed_nodes(topology, name));
      return;
    }
    if (!is_link && topology.nodes[node].is_host != target.is_host) {
      checking.error(at, fmt::format("\"{}\" is a {}", name, target.is_host ? "switch" : "host"));
      return;
    }
  }
  if (is_link &&
      topology.edges_between(topology.node(target.name), topology.node(target.to)).empty())
    checking.error(at, fmt::format("no link leads from \"{}\" to \"{}\"", target.name, target.to),
                   "links are killed one by one; a switch with \"switch NAME\"");
}

}  // namespace headroom
