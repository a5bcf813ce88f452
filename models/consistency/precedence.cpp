#include "models/consistency/precedence.hpp"

namespace headroom::consistency {

namespace {

constexpr std::uint32_t nowhere = UINT32_MAX;
// Chosen: starts that are tried for a shorter cycle; each costs a walk over the cyclic part.
constexpr std::size_t tried = 64;

}  // namespace

std::vector<bool> Precedence::on_cycles() const {
  std::vector<std::uint32_t> waits_for(nodes_), ready;
  for (const Edge& edge : edges_)
    ++waits_for[edge.to];
  for (std::uint32_t node = 0; node < nodes_; ++node)
    if (waits_for[node] == 0) ready.push_back(node);
  std::vector<bool> left(nodes_, true);
  while (!ready.empty()) {
    const std::uint32_t node = ready.back();
    ready.pop_back();
    left[node] = false;
    for (std::uint32_t i = out_[node]; i < out_[node + 1]; ++i)
      if (--waits_for[edges_[i].to] == 0) ready.push_back(edges_[i].to);
  }
  return left;
}

std::vector<std::uint32_t> Precedence::round_trip(std::uint32_t node,
                                                  const std::vector<bool>& marked) const {
  std::vector<std::uint32_t> by(nodes_, nowhere), queue{node};
  for (std::size_t i = 0; i < queue.size() && by[node] == nowhere; ++i) {
    for (std::uint32_t edge = out_[queue[i]]; edge < out_[queue[i] + 1]; ++edge) {
      const std::uint32_t to = edges_[edge].to;
      if (!marked[to] || by[to] != nowhere) continue;
      by[to] = edge;
      queue.push_back(to);
    }
  }
  std::vector<std::uint32_t> way;
  if (by[node] == nowhere) return way;
  std::uint32_t at = node;
  do {
    way.push_back(by[at]);
    at = edges_[by[at]].from;
  } while (at != node);
  return way;
}

std::vector<std::uint32_t> Precedence::cycle() {
  out_.assign(nodes_ + 1, 0);
  for (const Edge& edge : edges_)
    ++out_[edge.from + 1];
  for (std::size_t node = 0; node < nodes_; ++node)
    out_[node + 1] += out_[node];
  std::vector<Edge> sorted(edges_.size());
  std::vector<std::uint32_t> next = out_;
  for (const Edge& edge : edges_)
    sorted[next[edge.from]++] = edge;
  edges_.swap(sorted);
  const std::vector<bool> marked = on_cycles();
  std::vector<std::uint32_t> shortest;
  std::size_t starts = 0;
  for (std::uint32_t node = 0; node < nodes_ && (starts < tried || shortest.empty()); ++node) {
    if (!marked[node]) continue;
    const auto way = round_trip(node, marked);
    ++starts;
    if (!way.empty() && (shortest.empty() || way.size() < shortest.size())) shortest = way;
    if (shortest.size() == 2) break;
  }
  std::vector<std::uint32_t> reasons;
  for (const std::uint32_t edge : shortest) {
    reasons.push_back(edges_[edge].because);
    reasons.push_back(edges_[edge].and_because);
  }
  return reasons;
}

}  // namespace headroom::consistency
