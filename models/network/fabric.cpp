// Store and forward over routes of several hops.
#include "models/network/fabric.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/draw.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

/// Some hops as failures see them.
class Fabric::Power final : public Faultable {
 public:
  Power(Fabric& fabric, std::vector<std::uint32_t> edges)
      : fabric_(fabric), edges_(std::move(edges)) {}

 private:
  void on_kill() override { fabric_.set_dead(edges_, true); }
  void on_restart() override { fabric_.set_dead(edges_, false); }
  void on_speed(double) override {}

  Fabric& fabric_;
  std::vector<std::uint32_t> edges_;
};

Fabric::Fabric(sim::Simulation& simulation, const TopologyPlan& plan,
               std::span<const std::string> zones, std::span<const std::uint32_t> nodes,
               NetworkCounts& counts)
    : simulation_(simulation),
      topology_(topology_of(plan, zones)),
      forwarding_(topology_),
      ecmp_(plan.ecmp),
      reroute_after_(plan.reroute_after),
      nodes_(nodes.begin(), nodes.end()),
      known_dead_(topology_.edges.size()),
      counts_(counts) {
  HEADROOM_CHECK_IN(simulation_, topology_.edges.size() <= most_edges);
  for (const Topology::Link& link : topology_.links)
    links_.emplace_back(link.plan);
  for (const Topology::Edge& edge : topology_.edges)
    edges_.push_back({edge.to, edge.link});
}

Fabric::~Fabric() = default;

Faultable& Fabric::power_of(std::vector<std::uint32_t> edges) {
  for (const std::uint32_t edge : edges)
    links_[edges_[edge].link].may_change = true;
  powers_.push_back(std::make_unique<Power>(*this, std::move(edges)));
  return *powers_.back();
}

std::uint64_t Fabric::choice_of(const Message& message) const {
  if (ecmp_ == Ecmp::off) return 0;
  if (ecmp_ == Ecmp::message) return message.draw_key;
  return sim::mix(host(message.from), host(message.to));
}

std::uint32_t Fabric::next_hop(std::uint32_t node, std::uint32_t destination,
                               const Message& message) {
  if (ecmp_ == Ecmp::off) return forwarding_.first(node, destination);
  return forwarding_.next(node, destination, choice_of(message));
}

bool Fabric::send(Message& message) {
  message.over = nullptr;
  if (message.state == Message::State::with_sender) {
    if (message.due > simulation_.now() && message.transmissions > 0) return false;  // to wait on
    if (!depart(message)) return false;
    if (is_transfer(message)) {
      message.state = Message::State::on_the_way;
      message.due = sim::Time::never();
      return true;
    }
  }
  while (pass_on(message)) {
  }
  return false;
}

/// False where it goes no further.
bool Fabric::depart(Message& message) {
  if (message.from == message.to) {  // No matter of the network.
    message.state = Message::State::arrived;
    return false;
  }
  if (message.transmissions++ == 0) {
    ++counts_.messages;
    counts_.bytes += static_cast<std::uint64_t>(message.bytes);
  }
  message.hop = no_hop;
  message.cuts.silent = static_cast<std::uint32_t>(begun_.size());
  if (cuts_in_force_ > 0) {
    bool refuses = false, swallows = false;
    for (const Cut& cut : cuts_) {
      if (cut.in_force == 0 || !separates(cut, message.from, message.to)) continue;
      (cut.partition->mode == PartitionMode::silent ? swallows : refuses) = true;
    }
    if (refuses || swallows) {
      ++counts_.cut;
      message.state = swallows ? Message::State::gone : Message::State::refused;
      return false;
    }
  }
  if (host(message.from) == host(message.to)) message.state = Message::State::arrived;
  return message.state == Message::State::with_sender;
}

/// From where it is over the next hop; true where it is at the other end of that at once and has
/// further to go.
bool Fabric::pass_on(Message& message) {
  const std::uint32_t node = message.hop == no_hop ? host(message.from) : edges_[message.hop].to;
  const std::uint32_t hop = next_hop(node, host(message.to), message);
  if (hop == Forwarding::none || edges_[hop].dead > 0) {
    if (hop != Forwarding::none) ++links_[edges_[hop].link].counts.lost;
    lose(message);
    return false;
  }
  return hop_over(hop, message);
}

bool Fabric::hop_over(std::uint32_t hop, Message& message) {
  message.over = nullptr;
  const sim::Time now = simulation_.now();
  DelayLink& link = links_[edges_[hop].link];
  if (!link.has_room(now, message.bytes)) {
    ++link.counts.lost;
    lose(message);
    return false;
  }
  double ns_per_byte = link.ns_per_byte;
  if (ns_per_byte > 0 && carrier_ != nullptr)
    ns_per_byte = 1e9 / carrier_->residual_bytes_per_s(edges_[hop].link);
  const sim::Time left = link.send(now, message.bytes, ns_per_byte);
  auto draws = sim::Keyed(sim::mix(sim::mix(message.draw_key, message.transmissions), hop));
  sim::Duration latency = draw_duration(link.latency, draws);
  const bool is_lost = link.loss > 0 && draws.uniform() < link.loss;
  if (link.jitter) latency = latency + draw_duration(*link.jitter, draws);
  message.hop = static_cast<std::uint16_t>(hop);
  if (is_lost) {
    ++link.counts.lost;
    lose(message);
    return false;
  }
  message.due = left + latency;
  message.state = Message::State::on_the_way;
  if (link.may_change) [[unlikely]] {
    message.over = &link;
    message.left = left;
  }
  if (message.due > now) return false;
  receive(message);
  return message.state == Message::State::on_the_way;
}

void Fabric::receive(Message& message) {
  if (message.state != Message::State::on_the_way) return;
  if (message.due == sim::Time::never()) {  // its transfer has ended
    std::erase_if(transfers_, [&](const Transfer& each) { return each.message == &message; });
    return arrive(message);
  }
  const Edge& edge = edges_[message.hop];
  if (edge.to == host(message.to)) arrive(message);
}

/// At its end, unless a partition has begun since it was sent.
void Fabric::arrive(Message& message) {
  message.state = Message::State::arrived;
  for (std::size_t i = message.cuts.silent; i < begun_.size(); ++i) {
    const Cut& cut = cuts_[begun_[i]];
    if (!separates(cut, message.from, message.to)) continue;
    if (message.state == Message::State::arrived) ++counts_.cut;
    const bool silent = cut.partition->mode == PartitionMode::silent;
    if (silent) message.state = Message::State::gone;
    if (message.state == Message::State::arrived) message.state = Message::State::refused;
  }
}

void Fabric::lose(Message& message) {
  ++counts_.lost;
  if (message.transmissions >= Network::most_transmissions) {
    message.state = Message::State::gone;
    return;
  }
  message.state = Message::State::with_sender;
  message.due = simulation_.now() + Network::retransmission_timeout(message.transmissions);
}

void Fabric::start_measuring() {
  for (DelayLink& link : links_)
    link.start_measuring(simulation_.now());
}

std::vector<LinkReport> Fabric::links() const {
  std::vector<LinkReport> reports;
  for (std::size_t number = 0; number < links_.size(); ++number)
    reports.push_back(links_[number].report(topology_.links[number].name, simulation_.now()));
  return reports;
}

}  // namespace headroom
