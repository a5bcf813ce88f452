#include "models/network/spread.hpp"

#include <algorithm>

namespace headroom {

Spread::Spread(const Topology& topology, Forwarding& forwarding, Ecmp ecmp)
    : topology_(topology),
      forwarding_(forwarding),
      all_(ecmp != Ecmp::off),
      towards_(topology.nodes.size()),
      over_last_(topology.edges.size()),
      amount_(topology.nodes.size()),
      awaited_(topology.nodes.size()) {}

void Spread::add(std::uint32_t from, std::uint32_t to, double amount) {
  if (from == to || amount <= 0) return;
  // Hosts behind one link are reached by the routes to their switch.
  if (const std::uint32_t last = forwarding_.only_into(to); last != Forwarding::none) {
    if (over_last_[last] == 0) last_hops_.push_back(last);
    over_last_[last] += amount;
    to = topology_.edges[last].from;
  }
  if (towards_[to].empty()) destinations_.push_back(to);
  towards_[to].emplace_back(from, amount);
}

void Spread::lay(const Visit& visit) {
  for (const std::uint32_t to : destinations_) {
    lay_towards(to, visit);
    towards_[to].clear();
  }
  for (const std::uint32_t edge : last_hops_)
    visit(edge, std::exchange(over_last_[edge], 0));
  destinations_.clear();
  last_hops_.clear();
}

std::span<const std::uint32_t> Spread::hops(std::uint32_t node, std::uint32_t to) {
  if (node == to) return {};
  const auto hops = forwarding_.hops(node, to);
  return all_ ? hops : hops.first(std::min<std::size_t>(1, hops.size()));
}

/// Shortest routes hold no circle: a node comes when all hops that lead to it have been followed.
void Spread::lay_towards(std::uint32_t to, const Visit& visit) {
  std::vector<std::uint32_t> reached, ready;
  std::vector<bool> is_reached(topology_.nodes.size());
  const auto reach = [&](std::uint32_t node) {
    if (!is_reached[node]) reached.push_back(node);
    is_reached[node] = true;
  };
  for (const auto& [from, amount] : towards_[to]) {
    amount_[from] += amount;
    reach(from);
  }
  for (std::size_t i = 0; i < reached.size(); ++i) {
    for (const std::uint32_t edge : hops(reached[i], to)) {
      ++awaited_[topology_.edges[edge].to];
      reach(topology_.edges[edge].to);
    }
  }
  for (const std::uint32_t node : reached)
    if (awaited_[node] == 0) ready.push_back(node);
  while (!ready.empty()) {
    const std::uint32_t node = ready.back();
    ready.pop_back();
    const double amount = std::exchange(amount_[node], 0);
    const auto ways = hops(node, to);
    for (const std::uint32_t edge : ways) {
      const double share = amount / static_cast<double>(ways.size());
      const std::uint32_t next = topology_.edges[edge].to;
      visit(edge, share);
      amount_[next] += share;
      if (--awaited_[next] == 0) ready.push_back(next);
    }
  }
}

}  // namespace headroom
