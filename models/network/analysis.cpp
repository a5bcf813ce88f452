#include "models/network/analysis.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/edmonds_karp_max_flow.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace headroom {

namespace {

using Undirected =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property,
                          boost::property<boost::edge_index_t, std::size_t>>;

using Cable = std::pair<std::uint32_t, std::uint32_t>;
Cable cable_of(const Topology::Edge& edge) {
  return {std::min(edge.from, edge.to), std::max(edge.from, edge.to)};
}

/// The topology without directions, some of its nodes or one pair of neighbours left out. A host
/// stays a dead end: it may have several links, so it counts once for each of them.
struct Cables {
  std::vector<Cable> pairs;
  std::vector<std::string> names;  ///< "a <-> b", or what a platform file calls it.

  explicit Cables(const Topology& topology) {
    std::map<Cable, std::uint32_t> links;
    for (const auto& edge : topology.edges)
      links.emplace(cable_of(edge), edge.link);
    for (const auto& [pair, link] : links) {
      const auto& [one, other] = pair;
      pairs.push_back(pair);
      const std::string& name = topology.links[link].name;
      names.push_back(name.find("-> ") == std::string::npos
                          ? name
                          : topology.nodes[one].name + " <-> " + topology.nodes[other].name);
    }
  }
};

/// Hosts of several links hold nothing together, so parts are those of the switches, and a host
/// belongs to all that it reaches.
std::vector<std::uint32_t> cut_off_by(const Topology& topology, const Cables& cables,
                                      std::span<const std::uint32_t> in_use,
                                      const std::set<std::uint32_t>& without_nodes,
                                      const std::set<Cable>& without_cables) {
  Undirected switches(topology.nodes.size());
  std::vector<std::vector<std::uint32_t>> beside(topology.nodes.size());
  for (const auto& pair : cables.pairs) {
    const auto [one, other] = pair;
    if (without_cables.contains(pair) || without_nodes.contains(one) ||
        without_nodes.contains(other))
      continue;
    beside[one].push_back(other);
    beside[other].push_back(one);
    if (!topology.nodes[one].is_host && !topology.nodes[other].is_host)
      boost::add_edge(one, other, switches);
  }
  std::vector<std::uint32_t> part(topology.nodes.size());
  boost::connected_components(switches, part.data());
  // The part that most hosts reach stays; those that cannot reach it are cut off.
  std::map<std::uint32_t, std::size_t> reached_by;
  for (const std::uint32_t host : in_use) {
    std::set<std::uint32_t> parts;
    for (const std::uint32_t next : beside[host])
      if (!topology.nodes[next].is_host) parts.insert(part[next]);
    for (const std::uint32_t each : parts)
      ++reached_by[each];
  }
  std::uint32_t largest = Topology::none;
  for (const auto& [each, hosts] : reached_by)
    if (largest == Topology::none || hosts > reached_by[largest]) largest = each;
  std::vector<std::uint32_t> cut_off;
  for (const std::uint32_t host : in_use) {
    if (without_nodes.contains(host)) continue;
    const bool stays = std::any_of(beside[host].begin(), beside[host].end(), [&](auto next) {
      return topology.nodes[next].is_host || part[next] == largest;
    });
    if (!stays) cut_off.push_back(host);
  }
  return cut_off;
}

}  // namespace

std::vector<WeakPoint> weak_points(const Topology& topology,
                                   std::span<const std::uint32_t> in_use) {
  std::vector<WeakPoint> found;
  if (in_use.size() < 2) return found;
  const Cables cables(topology);
  // Hosts do not pass on messages, so each end of a cable at one is an end by itself.
  std::size_t ends = topology.nodes.size();
  Undirected graph(ends + 2 * cables.pairs.size());
  const auto end_at = [&](std::uint32_t node) {
    return topology.nodes[node].is_host ? ends++ : std::size_t{node};
  };
  for (std::size_t number = 0; number < cables.pairs.size(); ++number) {
    const std::size_t one = end_at(cables.pairs[number].first);
    const std::size_t other = end_at(cables.pairs[number].second);
    boost::add_edge(one, other, number, graph);
  }
  std::vector<std::size_t> component(cables.pairs.size());
  const auto index = boost::get(boost::edge_index, graph);
  const auto of_edge = boost::make_iterator_property_map(component.begin(), index);
  std::vector<std::uint32_t> points;
  boost::biconnected_components(graph, of_edge, std::back_inserter(points));
  std::sort(points.begin(), points.end());
  const auto add = [&](std::string name, bool is_link, std::vector<std::uint32_t> cut_off) {
    if (!cut_off.empty()) found.push_back({std::move(name), is_link, std::move(cut_off)});
  };
  for (const std::uint32_t node : points) {
    if (topology.nodes[node].is_host) continue;
    add(topology.nodes[node].name, false, cut_off_by(topology, cables, in_use, {node}, {}));
  }
  std::vector<std::uint32_t> cables_at(topology.nodes.size());
  for (const auto& [one, other] : cables.pairs) {
    ++cables_at[one];
    ++cables_at[other];
  }
  std::vector<bool> is_used(topology.nodes.size());
  for (const std::uint32_t host : in_use)
    is_used[host] = true;
  // A bridge is a biconnected component of one edge.
  std::map<std::size_t, std::size_t> sizes;
  for (const std::size_t each : component)
    ++sizes[each];
  for (std::size_t number = 0; number < cables.pairs.size(); ++number) {
    if (sizes[component[number]] != 1) continue;
    const auto [one, other] = cables.pairs[number];
    const bool ends_at_host = topology.nodes[one].is_host != topology.nodes[other].is_host;
    const std::uint32_t host = topology.nodes[one].is_host ? one : other;
    std::vector<std::uint32_t> cut_off;
    if (ends_at_host && cables_at[host] == 1) {  // It holds nothing but that host.
      if (is_used[host]) cut_off.push_back(host);
    } else {
      cut_off = cut_off_by(topology, cables, in_use, {}, {cables.pairs[number]});
    }
    add(cables.names[number], true, std::move(cut_off));
  }
  return found;
}

std::vector<std::uint32_t> cut_off_without(const Topology& topology,
                                           std::span<const std::uint32_t> in_use,
                                           std::span<const std::uint32_t> nodes,
                                           std::span<const std::uint32_t> edges) {
  std::set<Cable> cables;
  for (const std::uint32_t edge : edges)
    cables.insert(cable_of(topology.edges[edge]));
  return cut_off_by(topology, Cables(topology), in_use, {nodes.begin(), nodes.end()}, cables);
}

namespace {

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
using Capacities = boost::adjacency_list<
    boost::vecS, boost::vecS, boost::directedS, boost::no_property,
    boost::property<
        boost::edge_capacity_t, double,
        boost::property<boost::edge_residual_capacity_t, double,
                        boost::property<boost::edge_reverse_t, Traits::edge_descriptor>>>>;

struct FlowGraph {
  Capacities graph;
  explicit FlowGraph(std::size_t nodes) : graph(nodes) {}

  void add(std::size_t from, std::size_t to, double capacity, double back) {
    const auto there = boost::add_edge(from, to, graph).first;
    const auto reverse = boost::add_edge(to, from, graph).first;
    boost::put(boost::edge_capacity, graph, there, capacity);
    boost::put(boost::edge_capacity, graph, reverse, back);
    boost::put(boost::edge_reverse, graph, there, reverse);
    boost::put(boost::edge_reverse, graph, reverse, there);
  }
};

}  // namespace

FlowBound max_flow(const Topology& topology, std::span<const std::uint32_t> from,
                   std::span<const std::uint32_t> to) {
  const std::size_t nodes = topology.nodes.size(), source = nodes, sink = nodes + 1;
  FlowGraph flow(nodes + 2);
  // More than all limited links together carry, and no larger, so that sums stay exact.
  double unlimited = 1;
  for (const auto& link : topology.links)
    if (link.plan.bandwidth) unlimited += link.plan.bandwidth->bytes_per_s;
  const auto holds = [](std::span<const std::uint32_t> all, std::uint32_t node) {
    return std::find(all.begin(), all.end(), node) != all.end();
  };
  for (const auto& edge : topology.edges) {
    // Hosts pass on nothing: only what begins leaves one, only what ends enters one.
    if (topology.nodes[edge.from].is_host && !holds(from, edge.from)) continue;
    if (topology.nodes[edge.to].is_host && !holds(to, edge.to)) continue;
    const LinkPlan& link = topology.links[edge.link].plan;
    // A link that is not shared gives each message all it has, however many they are.
    const bool is_limited = link.bandwidth && link.shared;
    flow.add(edge.from, edge.to, is_limited ? link.bandwidth->bytes_per_s : unlimited, 0);
  }
  for (const std::uint32_t node : from)
    flow.add(source, node, 4 * unlimited, 0);
  for (const std::uint32_t node : to)
    flow.add(node, sink, 4 * unlimited, 0);
  std::vector<boost::default_color_type> colors(nodes + 2);
  std::vector<Traits::edge_descriptor> before(nodes + 2);
  FlowBound bound;
  bound.bytes_per_s = boost::edmonds_karp_max_flow(
      flow.graph, source, sink, boost::color_map(colors.data()).predecessor_map(before.data()));
  if (bound.bytes_per_s >= unlimited) {
    bound.bytes_per_s = std::numeric_limits<double>::infinity();
    return bound;
  }
  // Black: still reached from the source over what is left, so the cut leads out of it.
  std::set<std::uint32_t> links;
  for (const auto& edge : topology.edges) {
    if (topology.nodes[edge.to].is_host && !holds(to, edge.to)) continue;
    if (topology.nodes[edge.from].is_host && !holds(from, edge.from)) continue;
    if (colors[edge.from] != boost::white_color && colors[edge.to] == boost::white_color)
      links.insert(edge.link);
  }
  bound.links.assign(links.begin(), links.end());
  return bound;
}

std::string dot_of(const Topology& topology, std::string_view name,
                   const std::map<std::uint32_t, std::vector<std::string>>& residents) {
  std::string text = "graph \"" + std::string(name) + "\" {\n";
  for (std::uint32_t node = 0; node < topology.nodes.size(); ++node) {
    const auto& each = topology.nodes[node];
    text += "  \"" + each.name + "\" [shape=" + (each.is_host ? "box" : "ellipse");
    const auto here = residents.find(node);
    if (here != residents.end()) {
      text += ", label=\"" + each.name;
      for (const std::string& resident : here->second)
        text += "\\n" + resident;
      text += '"';
    }
    text += "];\n";
  }
  std::set<std::pair<std::uint32_t, std::uint32_t>> drawn;
  std::set<std::pair<std::uint32_t, std::uint32_t>> ways;
  for (const auto& edge : topology.edges)
    ways.insert({edge.from, edge.to});
  for (const auto& edge : topology.edges) {
    if (!drawn.insert({std::min(edge.from, edge.to), std::max(edge.from, edge.to)}).second)
      continue;
    const LinkPlan& plan = topology.links[edge.link].plan;
    const bool one_way = !ways.contains({edge.to, edge.from});
    text += "  \"" + topology.nodes[edge.from].name + "\" -- \"" + topology.nodes[edge.to].name +
            "\" [" + (one_way ? "dir=forward, " : "");
    const double gbit_s = plan.bandwidth ? plan.bandwidth->bytes_per_s * 8 / 1e9 : 0;
    std::string label = topology.links[edge.link].name;
    if (label.find("-> ") != std::string::npos) label.clear();  // Its ends say that.
    if (gbit_s > 0) {
      char number[32];
      std::snprintf(number, sizeof number, "%g Gbit/s", gbit_s);
      label += (label.empty() ? "" : ", ") + std::string(number);
    }
    text += "label=\"" + label + "\"];\n";
  }
  return text + "}\n";
}

}  // namespace headroom
