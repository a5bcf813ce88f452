// What goes wrong in a topology: dead links, partitions, links that are worse; and transfers of the
// flow engine over it.
#include <algorithm>
#include <cmath>

#include "models/draw.hpp"
#include "models/moments.hpp"
#include "models/network/fabric.hpp"
#include "models/network/tcp.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

void Fabric::set_dead(std::span<const std::uint32_t> edges, bool dead) {
  for (const std::uint32_t edge : edges) {
    edges_[edge].dead += dead ? 1u : -1u;
    if (!dead) continue;
    end_transfers_over(edge);
    lose_all_over(edge);
  }
  if (reroute_after_ == sim::Duration()) return route_around(edges, dead);
  simulation_.spawn(learn(simulation_, this, {edges.begin(), edges.end()}, dead));
}

void Fabric::lose_all_over(std::uint32_t edge) {
  DelayLink& link = links_[edges_[edge].link];
  link.lose_all(
      simulation_.now(), [&](const Message& message) { return message.hop == edge; },
      [&](Message& message) {
        ++link.counts.lost;
        lose(message);
      });
}

sim::Task<> Fabric::learn(sim::Simulation& simulation, Fabric* fabric,
                          std::vector<std::uint32_t> edges, bool dead) {
  co_await simulation.delay(fabric->reroute_after_);
  fabric->route_around(edges, dead);
}

/// Of two failures of one link the routes learn as the second begins or ends.
void Fabric::route_around(std::span<const std::uint32_t> edges, bool dead) {
  for (const std::uint32_t edge : edges)
    known_dead_[edge] = dead || edges_[edge].dead > 0;
  forwarding_.avoid(known_dead_);
}

bool Fabric::separates(const Cut& cut, std::uint16_t from, std::uint16_t to) {
  constexpr std::uint32_t in_none = UINT32_MAX;
  const std::uint32_t one = cut.group_of[from], other = cut.group_of[to];
  if (one == other) return false;
  if (cut.partition->groups.size() > 1 && (one == in_none || other == in_none)) return false;
  return !cut.partition->one_way || one == 0;
}

void Fabric::begin_partition(const Partition& partition) {
  auto cut = std::find_if(cuts_.begin(), cuts_.end(),
                          [&](const Cut& each) { return each.partition == &partition; });
  if (cut == cuts_.end()) {
    cuts_.push_back({&partition, std::vector<std::uint32_t>(nodes_.size(), UINT32_MAX), 0});
    cut = cuts_.end() - 1;
    for (std::uint32_t group = 0; group < partition.groups.size(); ++group)
      for (const std::uint16_t site : partition.groups[group])
        cut->group_of[site] = group;
  }
  ++cut->in_force;
  ++cuts_in_force_;
  begun_.push_back(static_cast<std::uint32_t>(cut - cuts_.begin()));
}

void Fabric::end_partition(const Partition& partition) {
  for (Cut& cut : cuts_) {
    if (cut.partition != &partition) continue;
    HEADROOM_CHECK_IN(simulation_, cut.in_force > 0);
    --cut.in_force;
    --cuts_in_force_;
  }
}

void Fabric::expect(const Degradation& degradation) {
  for (const auto& [from, to] : degradation.ways)
    for (const std::uint32_t edge : topology_.edges_between(from, to))
      links_[edges_[edge].link].may_change = true;
}

/// Every link as it is described and then as each degradation in force has it.
void Fabric::degrade(std::span<const Degradation* const> in_force) {
  std::vector<DelayLink> links;
  for (const Topology::Link& link : topology_.links)
    links.emplace_back(link.plan);
  for (const Degradation* degradation : in_force)
    for (const auto& [from, to] : degradation->ways)
      for (const std::uint32_t edge : topology_.edges_between(from, to))
        links[edges_[edge].link].degrade(*degradation);
  for (std::uint32_t number = 0; number < links.size(); ++number)
    if (links_[number].become(links[number], simulation_.now()) && carrier_ != nullptr)
      carrier_->set_bandwidth(number, links_[number].bytes_per_s());
}

void Fabric::attach(FlowCarrier& carrier, std::int64_t threshold_bytes) {
  carrier_ = &carrier;
  flow_threshold_ = threshold_bytes;
  for (const DelayLink& link : links_)
    carrier.add_link(link.bytes_per_s(), link.shared);
}

/// Whether it is large enough, and there is a way on which something limits it. What a dead link
/// will lose is no transfer.
bool Fabric::is_transfer(const Message& message) {
  if (message.bytes < flow_threshold_) return false;
  bool is_limited = false;
  for (std::uint32_t node = host(message.from); node != host(message.to);) {
    const std::uint32_t hop = next_hop(node, host(message.to), message);
    if (hop == Forwarding::none || edges_[hop].dead > 0) return false;
    is_limited |= links_[edges_[hop].link].ns_per_byte > 0;
    node = edges_[hop].to;
  }
  return is_limited;
}

void Fabric::begin_transfer(Message& message, Transit& waiting, double most_bytes_per_s) {
  Transfer transfer{&waiting, &message, {}};
  std::vector<std::uint32_t> there, back;
  auto draws = sim::Keyed(sim::mix(message.draw_key, message.transmissions));
  FlowRequest request;
  double passes = 1, round_trip_ns = 0;
  for (std::uint32_t node = host(message.from); node != host(message.to);) {
    const std::uint32_t hop = next_hop(node, host(message.to), message);
    const DelayLink& link = links_[edges_[hop].link];
    transfer.hops.push_back(hop);
    there.push_back(edges_[hop].link);
    request.latency = request.latency + draw_duration(link.latency, draws);
    if (link.jitter) request.latency = request.latency + draw_duration(*link.jitter, draws);
    passes *= 1 - link.loss;
    round_trip_ns += mean(link.latency);
    node = edges_[hop].to;
  }
  for (std::uint32_t node = host(message.to); node != host(message.from);) {
    const std::uint32_t hop = next_hop(node, host(message.from), message);
    if (hop == Forwarding::none) break;
    back.push_back(edges_[hop].link);
    round_trip_ns += mean(links_[edges_[hop].link].latency);
    node = edges_[hop].to;
  }
  request.there = there;
  request.back = back;
  request.bytes = message.bytes;
  request.most_bytes_per_s = most_bytes_per_s;
  const double most = mathis_bytes_per_s(round_trip_ns / 1e9, 1 - passes);
  if (std::isfinite(most) && (most_bytes_per_s <= 0 || most < most_bytes_per_s))
    request.most_bytes_per_s = most;
  transfers_.push_back(std::move(transfer));
  carrier_->start(request, waiting);
}

void Fabric::forget(Transit& waiting) {
  std::erase_if(transfers_, [&](const Transfer& each) { return each.waiting == &waiting; });
  carrier_->forget(waiting);
}

/// What was on the way there is lost, and sent again from its first byte.
void Fabric::end_transfers_over(std::uint32_t edge) {
  for (std::size_t i = 0; i < transfers_.size();) {
    const Transfer& transfer = transfers_[i];
    if (std::find(transfer.hops.begin(), transfer.hops.end(), edge) == transfer.hops.end()) {
      ++i;
      continue;
    }
    Transit& waiting = *transfer.waiting;
    lose(*transfer.message);
    transfers_.erase(transfers_.begin() + static_cast<std::ptrdiff_t>(i));
    carrier_->cancel(waiting);
    waiting.arrive();
  }
}

}  // namespace headroom
