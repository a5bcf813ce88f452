#include "models/network/network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/draw.hpp"
#include "models/moments.hpp"
#include "models/network/fabric.hpp"
#include "models/network/tcp.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

Network::Network(sim::Simulation& simulation, const NetworkPlan& plan,
                 std::span<const std::string> zones, std::span<const std::uint16_t> further,
                 std::span<const std::uint32_t> nodes)
    : simulation_(simulation),
      sites_(zones.size() + further.size()),
      probes_(simulation.seed(), simulation.replication(), "network/probes") {
  if (!plan.topology.empty()) {
    fabric_ = std::make_unique<Fabric>(simulation, plan.topology, zones, nodes, counts_);
    return;
  }
  paths_.resize(sites_ * sites_);
  if (plan.links.empty()) return;
  const Routes routes(plan, zones);
  for (std::size_t from = 0; from < zones.size(); ++from) {
    for (std::size_t to = 0; to < zones.size(); ++to) {
      const std::uint32_t entry = routes.entry(from, to);
      if (entry == Routes::none) {
        HEADROOM_CHECK(from == to);
        continue;
      }
      const LinkPlan& link = plan.links.entries[entry].second;
      const bool shares = !link.duplex && to < from && routes.entry(to, from) == entry;
      path(from, to).link =
          shares ? path(to, from).link : add_link(link, zones[from] + " -> " + zones[to]);
    }
  }
  const auto zone_of = [&](std::size_t site) {
    return site < zones.size() ? site : further[site - zones.size()];
  };
  for (std::size_t from = 0; from < sites_; ++from)
    for (std::size_t to = 0; to < sites_; ++to)
      path(from, to).link = path(zone_of(from), zone_of(to)).link;
}

Network::~Network() = default;

std::uint32_t Network::add_link(const LinkPlan& plan, std::string name) {
  links_.emplace_back(plan);
  link_names_.push_back(std::move(name));
  return static_cast<std::uint32_t>(links_.size() - 1);
}

void Network::start_measuring() {
  counts_ = {};
  if (fabric_) fabric_->start_measuring();
  for (DelayLink& link : links_)
    link.start_measuring(simulation_.now());
  for (std::uint32_t link = 0; link < carried_before_.size(); ++link)
    carried_before_[link] = carrier_->counts(link);
}

std::vector<LinkReport> Network::links() const {
  std::vector<LinkReport> reports;
  if (fabric_) reports = fabric_->links();
  for (std::size_t number = 0; number < links_.size(); ++number) {
    reports.push_back(links_[number].report(link_names_[number], simulation_.now()));
  }
  for (std::uint32_t link = 0; link < carried_before_.size(); ++link) {
    const FlowCounts before = carried_before_[link], now = carrier_->counts(link);
    LinkReport& report = reports[link];
    report.counts.bytes += now.bytes - before.bytes;
    report.counts.busy_ns += (now.bytes - before.bytes) / report.bytes_per_s * 1e9;
    report.transfers = now.transfers - before.transfers;
    report.more_transfers =
        static_cast<std::int64_t>(now.waiting) - static_cast<std::int64_t>(before.waiting);
  }
  return reports;
}

void Network::receive_from_fabric(Message& message) {
  fabric_->receive(message);
}

void Network::send(Message& message) {
  if (fabric_ != nullptr) [[unlikely]] {
    fabric_->send(message);
    return;
  }
  message.over = nullptr;
  const Path& way = path(message.from, message.to);
  if (way.link == no_link && message.from == message.to) {  // No matter of the network.
    message.state = Message::State::arrived;
    return;
  }
  if (message.transmissions++ == 0) {
    ++counts_.messages;
    counts_.bytes += static_cast<std::uint64_t>(message.bytes);
  }
  if (way.silent + way.refusing > 0) {
    ++counts_.cut;
    message.state = way.silent > 0 ? Message::State::gone : Message::State::refused;
  } else if (way.link == no_link) {
    message.state = Message::State::arrived;
  } else {
    message.cuts = way.begun;
    DelayLink& link = links_[way.link];
    if (is_transfer(message, link)) [[unlikely]] {
      message.state = Message::State::on_the_way;
      message.due = sim::Time::never();
    } else {
      transmit(link, message);
    }
  }
}

void Network::attach(FlowCarrier& carrier, std::int64_t threshold_bytes) {
  carrier_ = &carrier;
  flow_threshold_ = threshold_bytes;
  carried_before_.resize(fabric_ ? fabric_->topology().links.size() : links_.size());
  if (fabric_) return fabric_->attach(carrier, threshold_bytes);
  for (const DelayLink& link : links_)
    carrier.add_link(link.bytes_per_s(), link.shared);
}

void Network::begin_transfer(Message& message, Transit& waiting, double most_bytes_per_s) {
  if (fabric_) return fabric_->begin_transfer(message, waiting, most_bytes_per_s);
  const std::uint32_t there = path(message.from, message.to).link;
  const std::uint32_t back = path(message.to, message.from).link;
  const DelayLink& link = links_[there];
  auto draws = sim::Keyed(sim::mix(message.draw_key, message.transmissions));
  FlowRequest request;
  request.there = {&there, 1};
  if (back != no_link) request.back = {&back, 1};
  request.latency = draw_duration(link.latency, draws);
  if (link.jitter) request.latency = request.latency + draw_duration(*link.jitter, draws);
  request.bytes = message.bytes;
  request.most_bytes_per_s = most_bytes_per_s;
  if (link.loss > 0) {
    const double back_ns = back == no_link ? 0 : mean(links_[back].latency);
    const double most = mathis_bytes_per_s((mean(link.latency) + back_ns) / 1e9, link.loss);
    if (std::isfinite(most) && (most_bytes_per_s <= 0 || most < most_bytes_per_s))
      request.most_bytes_per_s = most;
  }
  carrier_->start(request, waiting);
}

void Network::forget(Transit& waiting) {
  if (fabric_) return fabric_->forget(waiting);
  carrier_->forget(waiting);
}

void Transit::begin_transfer(double most_bytes_per_s) {
  network_.begin_transfer(message_, *this, most_bytes_per_s);
}

void Transit::forget() {
  network_.forget(*this);
}

void Network::transmit(DelayLink& link, Message& message) {
  const sim::Time now = simulation_.now();
  if (!link.has_room(now, message.bytes)) {
    ++link.counts.lost;
    return lose(message, now);
  }
  double ns_per_byte = link.ns_per_byte;
  if (carrier_ != nullptr && ns_per_byte > 0) [[unlikely]]
    ns_per_byte = 1e9 / carrier_->residual_bytes_per_s(number_of(link));
  const sim::Time left = link.send(now, message.bytes, ns_per_byte);
  const bool draws_nothing =
      link.latency.kind == Distribution::Kind::constant && link.loss <= 0 && !link.jitter;
  if (draws_nothing) {
    message.due = left + sim::Duration::rounded_ns(link.latency.a);
  } else {
    auto draws = sim::Keyed(sim::mix(message.draw_key, message.transmissions));
    // The latency first, so that a lossy link draws the same latencies as one that loses nothing.
    sim::Duration latency = draw_duration(link.latency, draws);
    if (link.loss > 0 && draws.uniform() < link.loss) {
      ++link.counts.lost;
      return lose(message, left);
    }
    if (link.jitter) latency = latency + draw_duration(*link.jitter, draws);
    message.due = left + latency;
  }
  message.state = message.due > now ? Message::State::on_the_way : Message::State::arrived;
  if (link.may_change) [[unlikely]] {
    message.over = &link;
    message.left = left;
  }
}

void Network::lose(Message& message, sim::Time left) {
  ++counts_.lost;
  if (message.transmissions >= most_transmissions) {
    message.state = Message::State::gone;
  } else {
    message.due = left + retransmission_timeout(message.transmissions);
  }
}

/// A message that arrives although a partition of its way has begun since it was sent.
void Network::cut(Message& message, const Cuts& begun) {
  message.state =
      begun.silent != message.cuts.silent ? Message::State::gone : Message::State::refused;
  ++counts_.cut;
}

sim::Duration Network::retransmission_timeout(std::uint32_t transmissions) {
  const std::int64_t doubled = shortest_timeout.count_ns() << std::min(transmissions - 1, 20u);
  return std::min(sim::Duration::ns(doubled), longest_timeout);
}

template <class Change>
void Network::each_cut(const Partition& partition, Change change) {
  constexpr std::uint32_t in_none = UINT32_MAX;
  std::vector<std::uint32_t> group_of(sites_, in_none);
  for (std::uint32_t group = 0; group < partition.groups.size(); ++group) {
    for (const std::uint16_t site : partition.groups[group])
      group_of[site] = group;
  }
  const bool from_the_rest = partition.groups.size() == 1;
  for (std::size_t from = 0; from < sites_; ++from) {
    for (std::size_t to = 0; to < sites_; ++to) {
      const bool touches = group_of[from] != in_none && group_of[to] != in_none;
      if (group_of[from] == group_of[to] || !(touches || from_the_rest)) continue;
      if (partition.one_way && group_of[from] != 0) continue;
      change(path(from, to));
    }
  }
}

void Network::begin_partition(const Partition& partition) {
  if (fabric_) return fabric_->begin_partition(partition);
  const bool silent = partition.mode == PartitionMode::silent;
  each_cut(partition, [&](Path& way) {
    ++(silent ? way.silent : way.refusing);
    ++(silent ? way.begun.silent : way.begun.refusing);
  });
}

void Network::end_partition(const Partition& partition) {
  if (fabric_) return fabric_->end_partition(partition);
  const bool silent = partition.mode == PartitionMode::silent;
  each_cut(partition, [&](Path& way) {
    std::uint32_t& in_force = silent ? way.silent : way.refusing;
    HEADROOM_CHECK_IN(simulation_, in_force > 0);
    --in_force;
  });
}

void Network::expect_degradation(const Degradation& degradation) {
  if (fabric_) return fabric_->expect(degradation);
  for (const auto& [from, to] : degradation.ways) {
    const std::uint32_t number = path(from, to).link;
    if (number != no_link) links_[number].may_change = true;
  }
}

void Network::begin_degradation(const Degradation& degradation) {
  if (sound_links_.empty()) sound_links_ = links_;
  degradations_.push_back(&degradation);
  degrade_links();
}

void Network::end_degradation(const Degradation& degradation) {
  std::erase(degradations_, &degradation);
  degrade_links();
}

/// Every link as it is described and then as each degradation in force has it.
void Network::degrade_links() {
  if (fabric_) return fabric_->degrade(degradations_);
  std::vector<DelayLink> links = sound_links_;
  for (const Degradation* degradation : degradations_) {
    for (const auto& [from, to] : degradation->ways) {
      const std::uint32_t number = path(from, to).link;
      if (number != no_link) links[number].degrade(*degradation);
    }
  }
  for (std::uint32_t number = 0; number < links.size(); ++number)
    if (links_[number].become(links[number], simulation_.now()) && carrier_ != nullptr)
      carrier_->set_bandwidth(number, links_[number].bytes_per_s());
}

}  // namespace headroom
