#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/network/plan.hpp"

namespace headroom {

/// Hosts and switches, and what connects them.
struct Topology {
  static constexpr std::uint32_t none = UINT32_MAX;

  struct Node {
    std::string name;
    bool is_host = false;
    std::uint16_t zone = 0;
  };
  /// What messages share: one direction of a cable, or both where it is not duplex.
  struct Link {
    std::string name;  ///< "a -> b"; "a <-> b" where both directions share it.
    LinkPlan plan;
  };
  /// One hop, over one link. Several may use the same one.
  struct Edge {
    std::uint32_t from, to, link;
  };

  std::vector<Node> nodes;
  std::vector<Link> links;
  std::vector<Edge> edges;
  std::map<std::string, std::uint32_t, std::less<>> node_by_name;

  std::uint32_t node(std::string_view name) const {
    const auto found = node_by_name.find(name);
    return found == node_by_name.end() ? none : found->second;
  }
  std::uint32_t add_node(std::string name, bool is_host, std::uint16_t zone = 0);
  std::uint32_t add_link(std::string name, const LinkPlan& plan);
  void add_edge(std::uint32_t from, std::uint32_t to, std::uint32_t link) {
    edges.push_back({from, to, link});
  }
  /// Both directions: two links, or one where it is not duplex.
  void connect(std::uint32_t one, std::uint32_t other, const LinkPlan& plan);
  /// Edges from one node to another.
  std::vector<std::uint32_t> edges_between(std::uint32_t from, std::uint32_t to) const;
  /// Edges that begin or end there.
  std::vector<std::uint32_t> edges_of(std::uint32_t node) const;
  /// The hosts of a zone, in order.
  std::vector<std::uint32_t> hosts_of(std::uint16_t zone) const;
};

/// Most hops of a topology; the messages of the delay engine number them in 16 bits.
constexpr std::size_t most_edges = 65'000;

/// What the plan describes: hosts, switches and links as written, and what is generated. Names
/// that do not exist are left out; `check_topology` tells of them.
Topology topology_of(const TopologyPlan& plan, std::span<const std::string> zones);

/// Adds those that are generated or written, to what there is of a platform.
void add_written(const TopologyPlan& plan, std::span<const std::string> zones, Topology& topology);

/// Adds the nodes and links of a shape.
void generate(const GeneratePlan& plan, std::span<const std::string> zones, Topology& topology);

/// The round trip between two regions of AWS, in milliseconds; nothing where one is not known.
std::optional<double> region_round_trip_ms(std::string_view one, std::string_view other);
std::vector<std::string_view> known_regions();

/// What is wrong with a topology by itself: names twice or of nothing, zones without hosts, hosts
/// that cannot reach one another.
void check_topology(const TopologyPlan& plan, std::span<const std::string> zones,
                    Findings& findings);

/// In the language of Graphviz.
/// `residents`: what stands on a host, by node; may be empty.
std::string dot_of(const Topology& topology, std::string_view name,
                   const std::map<std::uint32_t, std::vector<std::string>>& residents);

}  // namespace headroom
