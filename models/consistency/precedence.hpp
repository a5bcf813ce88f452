#pragma once

#include <cstdint>
#include <vector>

namespace headroom::consistency {

/// What must come before what, and by which two operations that is known.
class Precedence {
 public:
  explicit Precedence(std::size_t nodes) : nodes_(nodes) {}

  void add(std::uint32_t from, std::uint32_t to, std::uint32_t because, std::uint32_t and_because) {
    edges_.push_back({from, to, because, and_because});
  }
  /// The reasons of a cycle, a short one; empty where there is none.
  std::vector<std::uint32_t> cycle();

 private:
  struct Edge {
    std::uint32_t from, to, because, and_because;
  };
  /// Whether nodes are left when those without predecessors are taken away again and again.
  std::vector<bool> on_cycles() const;
  /// Edges of the shortest way from a node back to itself, over marked nodes.
  std::vector<std::uint32_t> round_trip(std::uint32_t node, const std::vector<bool>& marked) const;

  std::size_t nodes_;
  std::vector<Edge> edges_;         ///< Sorted by `from` once it is asked.
  std::vector<std::uint32_t> out_;  ///< Where the edges of a node begin.
};

}  // namespace headroom::consistency
