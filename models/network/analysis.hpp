#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/network/topology.hpp"

namespace headroom {

/// One failure that divides a topology.
struct WeakPoint {
  std::string name;  ///< Of a switch or host, or "a <-> b" of a link.
  bool is_link = false;
  /// The smallest parts that are cut off from the largest one: hosts of `in_use`, by number. A node
  /// does not count as cut off from itself.
  std::vector<std::uint32_t> cut_off;
};

/// Switches, hosts and links whose loss alone cuts hosts of `in_use` off from others of them.
/// Directions are not told apart. Source: Tarjan 1972, biconnected components, by Boost.Graph;
/// hosts do not pass on messages, so only switches hold a topology together.
std::vector<WeakPoint> weak_points(const Topology& topology, std::span<const std::uint32_t> in_use);

/// The hosts of `in_use` that cannot reach the part that most of them reach, once these nodes and
/// hops are gone; hosts that are gone themselves are not told.
std::vector<std::uint32_t> cut_off_without(const Topology& topology,
                                           std::span<const std::uint32_t> in_use,
                                           std::span<const std::uint32_t> nodes,
                                           std::span<const std::uint32_t> edges);

/// The most that can flow, and what limits it.
struct FlowBound {
  double bytes_per_s = 0;            ///< Infinite where some way has no limit.
  std::vector<std::uint32_t> links;  ///< Of the minimum cut nearest to where it comes from.
};

/// From some nodes together to others together, over all ways at once. Source: Ford, Fulkerson
/// 1956; Edmonds, Karp 1972, by Boost.Graph.
FlowBound max_flow(const Topology& topology, std::span<const std::uint32_t> from,
                   std::span<const std::uint32_t> to);

}  // namespace headroom
