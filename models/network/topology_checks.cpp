// What is wrong with a topology by itself.
#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <set>

#include "models/network/topology.hpp"
#include "models/text.hpp"

namespace headroom {

namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

void check_names(const TopologyPlan& plan, std::span<const std::string> zones,
                 const Topology& topology, Findings& findings) {
  std::set<std::string> names;
  for (const auto& node : plan.drawn.nodes)
    names.insert(node.name);
  Topology generated;
  if (plan.generate) generate(*plan.generate, zones, generated);
  const auto add = [&](const std::string& key, const std::string& name) {
    if (!names.insert(name).second || generated.node(name) != Topology::none)
      findings.error(key, in_quotes(name) + " is the name of another host or switch");
  };
  for (const auto& [name, host] : plan.hosts) {
    add("hosts/" + name, name);
    if (host.zone && std::find(zones.begin(), zones.end(), *host.zone) == zones.end())
      findings.error("hosts/" + name + "/zone", "there is no zone " + in_quotes(*host.zone));
  }
  for (std::size_t i = 0; i < plan.switches.size(); ++i)
    add("switches/" + std::to_string(i), plan.switches[i]);
  std::set<std::pair<std::string, std::string>> ways;
  for (const auto& [name, link] : plan.links) {
    const auto key = parse_link_key(name);
    const std::string at = "links/" + name;
    if (!key || key->same_zone) {
      findings.error(at, in_quotes(name) + " names no link", "write \"a <-> b\" or \"a -> b\"");
      continue;
    }
    for (const std::string& end : {key->from, key->to})
      if (topology.node(end) == Topology::none)
        findings.error(at, "there is no host and no switch " + in_quotes(end),
                       "switches are listed in \"switches\"");
    if (key->from == key->to) findings.error(at, "a link has two ends");
    bool is_new = ways.insert({key->from, key->to}).second;
    if (key->both_ways) is_new &= ways.insert({key->to, key->from}).second;
    if (!is_new)
      findings.error(at, "another link connects these two in the same direction",
                     "add the bandwidths up, or put a switch between");
    if (!key->both_ways && !link.duplex)
      findings.warning(at, "a link of one direction has no other to share its bandwidth with",
                       "write it with <->");
  }
}

/// From a host, through switches only.
void check_reach(const Topology& topology, Findings& findings) {
  // From the first host to all others and back is enough: every way may pass its switch.
  std::vector<std::uint32_t> hosts;
  for (std::uint32_t node = 0; node < topology.nodes.size(); ++node)
    if (topology.nodes[node].is_host) hosts.push_back(node);
  if (hosts.empty()) return;
  for (const bool back : {false, true}) {
    Graph graph(topology.nodes.size());
    for (const Topology::Edge& edge : topology.edges) {
      const std::uint32_t from = back ? edge.to : edge.from, to = back ? edge.from : edge.to;
      if (!topology.nodes[from].is_host || from == hosts.front()) boost::add_edge(from, to, graph);
    }
    std::vector<boost::default_color_type> colors(topology.nodes.size());
    boost::breadth_first_search(graph, hosts.front(), boost::color_map(colors.data()));
    for (const std::uint32_t host : hosts) {
      if (colors[host] != boost::white_color) continue;
      const std::string one = in_quotes(topology.nodes[hosts.front()].name);
      const std::string other = in_quotes(topology.nodes[host].name);
      findings.error("links",
                     "no route from " + (back ? other : one) + " to " + (back ? one : other),
                     "hosts do not pass on what is not theirs");
      return;
    }
  }
}

}  // namespace

void check_topology(const TopologyPlan& plan, std::span<const std::string> zones,
                    Findings& findings) {
  if (plan.generate) {
    if (const auto* regions = std::get_if<RegionsPlan>(&plan.generate->kind)) {
      (void)regions;
      const auto known = known_regions();
      bool all_known = true;
      for (const std::string& zone : zones) {
        if (std::find(known.begin(), known.end(), zone) != known.end()) continue;
        std::string list;
        for (const auto name : known)
          list += (list.empty() ? "" : ", ") + std::string(name);
        findings.error("generate", "zone " + in_quotes(zone) + " is no region that was measured",
                       "name the zones after " + list);
        all_known = false;
        break;
      }
      if (!all_known) return;
    }
  }
  const Topology topology = topology_of(plan, zones);
  check_names(plan, zones, topology, findings);
  if (topology.edges.size() > most_edges) {
    findings.error("", "the topology has " + std::to_string(topology.edges.size() / 2) + " links",
                   std::to_string(most_edges / 2) + " at most");
    return;
  }
  for (const auto& [name, hosts] : plan.placement) {
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      const std::uint32_t node = topology.node(hosts[i]);
      if (node == Topology::none || !topology.nodes[node].is_host)
        findings.error("placement/" + name + "/" + std::to_string(i),
                       "there is no host " + in_quotes(hosts[i]));
    }
    if (hosts.empty()) findings.error("placement/" + name, "no host is named");
  }
  const bool is_sound = std::none_of(findings.all().begin(), findings.all().end(),
                                     [](const Finding& each) { return !each.is_warning; });
  if (is_sound) check_reach(topology, findings);
}

}  // namespace headroom
