#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "models/network/topology.hpp"

namespace headroom {

/// Next hops by destination, along the routes of the least mean latency (of two equally long ones
/// both), as the forwarding tables of switches have them.
///
/// A table is computed when a message is first sent to that destination: the memory is that of the
/// nodes times the destinations in use. Hosts behind one link share the table of their switch.
/// Hosts do not pass on what is not theirs. Source: Dijkstra 1959, by Boost.Graph, on the reversed
/// graph.
class Forwarding {
 public:
  static constexpr std::uint32_t none = Topology::none;

  /// `topology` must outlive it.
  explicit Forwarding(const Topology& topology);
  Forwarding(Forwarding&&) noexcept;
  ~Forwarding();

  /// The hop after `node` on the way to `destination`, one of the equally short ones by `choice`;
  /// `none` where it cannot be reached.
  std::uint32_t next(std::uint32_t node, std::uint32_t destination, std::uint64_t choice);
  /// All of them.
  std::span<const std::uint32_t> hops(std::uint32_t node, std::uint32_t destination);
  /// The first of them.
  std::uint32_t first(std::uint32_t node, std::uint32_t destination);
  /// Hops from one node to another; empty where there is no way, or it is the same one.
  std::vector<std::uint32_t> route(std::uint32_t from, std::uint32_t to, std::uint64_t choice);
  /// Of a host behind one link: the hop that alone ends there, from a switch; else `none`.
  std::uint32_t only_into(std::uint32_t node) const { return only_into_[node]; }
  /// Routes avoid these hops from now on; all tables are computed anew as they are needed.
  void avoid(std::vector<bool> edges);

  std::size_t tables() const { return tables_.size(); }
  /// Memory of the tables.
  std::size_t bytes() const;

 private:
  struct Graph;
  /// The hops of node n are those from first[n] to before first[n + 1].
  struct Table {
    std::vector<std::uint32_t> first, hops;
  };
  const Table& table(std::uint32_t destination);

  const Topology& topology_;
  std::vector<std::int64_t> lengths_ns_;        ///< Of each edge.
  std::vector<std::uint32_t> first_out_, out_;  ///< Edges by the node where they begin.
  std::vector<std::uint32_t> only_into_;        ///< By node.
  std::vector<bool> avoided_;
  std::unique_ptr<Graph> reversed_;
  std::map<std::uint32_t, Table> tables_;
};

}  // namespace headroom
