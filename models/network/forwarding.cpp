#include "models/network/forwarding.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <limits>

#include "models/moments.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

namespace {

using Properties = boost::property<boost::edge_weight_t, std::int64_t>;
using Reversed = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS,
                                       boost::no_property, Properties>;
constexpr std::int64_t unreachable = std::numeric_limits<std::int64_t>::max();

}  // namespace

struct Forwarding::Graph {
  explicit Graph(std::size_t nodes) : edges(nodes) {}
  Reversed edges;
};

Forwarding::Forwarding(const Topology& topology) : topology_(topology) {
  for (const Topology::Edge& edge : topology.edges) {
    const auto& latency = topology.links[edge.link].plan.latency;
    // One nanosecond a hop: of two ways that take no time the one of fewer hops.
    lengths_ns_.push_back(
        1 + (latency ? std::max<std::int64_t>(0, static_cast<std::int64_t>(mean(*latency))) : 0));
  }
  first_out_.assign(topology.nodes.size() + 1, 0);
  for (const Topology::Edge& edge : topology.edges)
    ++first_out_[edge.from + 1];
  for (std::size_t node = 0; node < topology.nodes.size(); ++node)
    first_out_[node + 1] += first_out_[node];
  out_.resize(topology.edges.size());
  auto at = first_out_;
  for (std::uint32_t edge = 0; edge < topology.edges.size(); ++edge)
    out_[at[topology.edges[edge].from]++] = edge;
  only_into_.assign(topology.nodes.size(), none);
  std::vector<std::uint32_t> into(topology.nodes.size());
  for (std::uint32_t edge = 0; edge < topology.edges.size(); ++edge) {
    const std::uint32_t from = topology.edges[edge].from, to = topology.edges[edge].to;
    if (topology.nodes[to].is_host && !topology.nodes[from].is_host) only_into_[to] = edge;
    ++into[to];
  }
  for (std::uint32_t node = 0; node < topology.nodes.size(); ++node)
    if (into[node] != 1) only_into_[node] = none;
  avoid(std::vector<bool>(topology.edges.size()));
}

Forwarding::Forwarding(Forwarding&&) noexcept = default;
Forwarding::~Forwarding() = default;

void Forwarding::avoid(std::vector<bool> edges) {
  avoided_ = std::move(edges);
  tables_.clear();
  reversed_ = std::make_unique<Graph>(topology_.nodes.size());
  for (std::uint32_t number = 0; number < topology_.edges.size(); ++number) {
    const Topology::Edge& edge = topology_.edges[number];
    // A host is a beginning or an end, so nothing that ends at one leads on from it: in the
    // reversed graph only the destination itself, which `table` allows, may be a host with ways.
    if (!avoided_[number] && !topology_.nodes[edge.to].is_host)
      boost::add_edge(edge.to, edge.from, lengths_ns_[number], reversed_->edges);
  }
}

const Forwarding::Table& Forwarding::table(std::uint32_t destination) {
  const auto found = tables_.find(destination);
  if (found != tables_.end()) return found->second;
  auto& graph = reversed_->edges;
  const bool is_host = topology_.nodes[destination].is_host;
  if (is_host) {
    for (std::uint32_t number = 0; number < topology_.edges.size(); ++number) {
      const Topology::Edge& edge = topology_.edges[number];
      if (edge.to == destination && !avoided_[number])
        boost::add_edge(edge.to, edge.from, lengths_ns_[number], graph);
    }
  }
  const std::size_t nodes = topology_.nodes.size();
  std::vector<std::int64_t> distance_ns(nodes, unreachable);
  boost::dijkstra_shortest_paths(graph, destination,
                                 boost::distance_map(distance_ns.data())
                                     .distance_inf(unreachable)
                                     .distance_compare(std::less<std::int64_t>()));
  if (is_host) boost::clear_out_edges(destination, graph);
  Table& table = tables_[destination];
  table.first.assign(nodes + 1, 0);
  for (std::uint32_t node = 0; node < nodes; ++node) {
    table.first[node] = static_cast<std::uint32_t>(table.hops.size());
    if (node == destination || distance_ns[node] == unreachable) continue;
    for (std::uint32_t at = first_out_[node]; at < first_out_[node + 1]; ++at) {
      const std::uint32_t edge = out_[at];
      const std::uint32_t to = topology_.edges[edge].to;
      if (avoided_[edge] || distance_ns[to] == unreachable) continue;
      if (to != destination && topology_.nodes[to].is_host) continue;
      if (distance_ns[to] + lengths_ns_[edge] == distance_ns[node]) table.hops.push_back(edge);
    }
  }
  table.first[nodes] = static_cast<std::uint32_t>(table.hops.size());
  return table;
}

std::span<const std::uint32_t> Forwarding::hops(std::uint32_t node, std::uint32_t destination) {
  if (const std::uint32_t& last = only_into_[destination]; last != none) {
    if (avoided_[last] || node == destination) return {};
    if (node == topology_.edges[last].from) return {&last, 1};
    destination = topology_.edges[last].from;
  }
  const Table& known = table(destination);
  return {known.hops.data() + known.first[node], known.hops.data() + known.first[node + 1]};
}

std::uint32_t Forwarding::next(std::uint32_t node, std::uint32_t destination,
                               std::uint64_t choice) {
  const auto ways = hops(node, destination);
  if (ways.empty()) return none;
  // Mixed with the node, or switches one above the other would choose alike and leave some idle.
  return ways[ways.size() == 1 ? 0 : sim::mix(choice, node) % ways.size()];
}

std::uint32_t Forwarding::first(std::uint32_t node, std::uint32_t destination) {
  const auto ways = hops(node, destination);
  return ways.empty() ? none : ways.front();
}

std::size_t Forwarding::bytes() const {
  std::size_t sum = 0;
  for (const auto& [destination, table] : tables_)
    sum += sizeof(std::uint32_t) * (table.first.capacity() + table.hops.capacity());
  return sum;
}

std::vector<std::uint32_t> Forwarding::route(std::uint32_t from, std::uint32_t to,
                                             std::uint64_t choice) {
  std::vector<std::uint32_t> hops;
  while (from != to) {
    const std::uint32_t hop = next(from, to, choice);
    if (hop == none) return {};
    hops.push_back(hop);
    from = topology_.edges[hop].to;
  }
  return hops;
}

}  // namespace headroom
