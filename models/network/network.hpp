#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/degradable.hpp"
#include "models/network/carrier.hpp"
#include "models/network/link.hpp"
#include "models/network/message.hpp"
#include "models/network/plan.hpp"
#include "models/network/routes.hpp"
#include "models/partitionable.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

class Fabric;

/// The delay engine: links between zones with latency, bandwidth, loss and partitions, computed
/// when a message is sent, so that one message costs one event.
///
/// Each ordered pair of zones has a link of its own, also where a wildcard describes many; the
/// inside of a zone is one link. A message first waits until the link has sent all that was given
/// to it before (store and forward, first come first served), then takes bytes / bandwidth, then
/// its latency. Latencies are drawn independently, so messages of one pair may overtake another.
///
/// A lost message is sent again by its sender, `retransmission_timeout` after it had left, and
/// uses the bandwidth again. Departs from RFC 6298: messages are not cut into segments and the
/// timeout does not adapt to the round trip. After `most_transmissions` the message is given up
/// and never arrives, nor does anybody learn of it but by a timeout of his own.
///
/// A partition cuts what is sent while it lasts and what is between the zones when it begins (in
/// the queue of the link, or on the way); a message that waits to be sent again is with its sender.
class Network final : public Partitionable, public Degradable {
 public:
  /// Chosen: TCP_RTO_MIN, TCP_RTO_MAX and tcp_retries2 of Linux, with the doubling of RFC 6298.
  static constexpr sim::Duration shortest_timeout = sim::Duration::ms(200);
  static constexpr sim::Duration longest_timeout = sim::Duration::seconds(120);
  static constexpr std::uint32_t most_transmissions = 16;
  /// How long the sender waits after the n-th transmission (from 1) before the next.
  static sim::Duration retransmission_timeout(std::uint32_t transmissions);

  /// The plan has passed `check_network`; it need not outlive the constructor. Sites are the zones
  /// and, numbered after them, `further` ones: each stands in the zone it names there, uses the
  /// links of that zone, and can be cut from it.
  ///
  /// Where the plan has a topology, `nodes` is where each site stands in it, and messages go hop by
  /// hop: models/network/fabric.hpp.
  Network(sim::Simulation& simulation, const NetworkPlan& plan, std::span<const std::string> zones,
          std::span<const std::uint16_t> further = {}, std::span<const std::uint32_t> nodes = {});
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  sim::Simulation& simulation() const { return simulation_; }
  /// Whether messages between these sites take no time and cannot be cut.
  bool is_local(std::uint16_t from, std::uint16_t to) const {
    return from == to && (fabric_ != nullptr || path(from, to).link == no_link);
  }
  /// One leg of the way of `message`: `while (message.under_way()) co_await
  /// network.carry(message);` The message stays where it is while it is carried. One that nobody
  /// will ever receive ends as gone, for its carrier to wait for `sim::Never`.
  Transit carry(Message& message) { return Transit(*this, message); }
  /// The same by hand: gives the message to the network. Where it then is under way, it is to be
  /// received when it is due, and sent again if it is under way still.
  void send(Message& message);
  void receive(Message& message) {
    if (message.state != Message::State::on_the_way) return;
    if (fabric_ != nullptr) [[unlikely]]
      return receive_from_fabric(message);
    const Cuts& begun = path(message.from, message.to).begun;
    message.state = Message::State::arrived;
    if (begun != message.cuts) [[unlikely]]
      cut(message, begun);
  }

  /// Messages of `threshold_bytes` or more become transfers of `carrier` where a link of their way
  /// has a limited bandwidth; shorter ones find what those leave of it. Transfers are not lost: a
  /// lossy link bounds their rate (`mathis_bytes_per_s`). Before the first message.
  void attach(FlowCarrier& carrier, std::int64_t threshold_bytes);
  void begin_transfer(Message& message, Transit& waiting, double most_bytes_per_s);
  void forget(Transit& waiting);
  bool carries_flows() const { return carrier_ != nullptr; }
  /// Null where the plan has no topology.
  Fabric* fabric() { return fabric_.get(); }

  void begin_partition(const Partition& partition) override;
  void end_partition(const Partition& partition) override;
  /// Latency and loss of what is sent from then on. What waits for a link of the delay engine
  /// leaves it at the new bandwidth from then on, and transfers feel that at once.
  void expect_degradation(const Degradation& degradation) override;
  void begin_degradation(const Degradation& degradation) override;
  void end_degradation(const Degradation& degradation) override;

  void start_measuring();
  const NetworkCounts& counts() const { return counts_; }
  /// Links with their names, as they were since measuring started.
  std::vector<LinkReport> links() const;
  /// A key for the draws of a message that belongs to no request.
  std::uint64_t next_key() { return probes_(); }

 private:
  static constexpr std::uint32_t no_link = UINT32_MAX;

  /// From one site to another.
  struct Path {
    std::uint32_t link = no_link;
    std::uint32_t silent = 0, refusing = 0;  ///< Partitions in force.
    Cuts begun;                              ///< Partitions ever begun.
  };

  std::uint32_t number_of(const DelayLink& link) const {
    return static_cast<std::uint32_t>(&link - links_.data());
  }
  bool is_transfer(const Message& message, const DelayLink& link) const {
    return message.bytes >= flow_threshold_ && link.ns_per_byte > 0;
  }
  void receive_from_fabric(Message& message);
  void cut(Message& message, const Cuts& begun);
  void transmit(DelayLink& link, Message& message);
  void lose(Message& message, sim::Time left);
  std::uint32_t add_link(const LinkPlan& plan, std::string name);
  void degrade_links();
  template <class Change>
  void each_cut(const Partition& partition, Change change);

  const Path& path(std::size_t from, std::size_t to) const { return paths_[from * sites_ + to]; }
  Path& path(std::size_t from, std::size_t to) { return paths_[from * sites_ + to]; }

  sim::Simulation& simulation_;
  std::size_t sites_;
  std::vector<DelayLink> links_;
  std::vector<std::string> link_names_;
  std::vector<DelayLink> sound_links_;  ///< As the plan describes them; once one was degraded.
  std::vector<const Degradation*> degradations_;  ///< In force, as they began.
  std::vector<Path> paths_;
  NetworkCounts counts_;
  sim::Stream probes_;
  FlowCarrier* carrier_ = nullptr;
  std::int64_t flow_threshold_ = INT64_MAX;
  std::unique_ptr<Fabric> fabric_;
  std::vector<FlowCounts> carried_before_;  ///< By the carrier, until measuring started.
};

inline Transit::Transit(Network& network, Message& message)
    : Wait(network.simulation()), network_(network), message_(message) {}

inline bool Transit::await_ready() {
  network_.send(message_);
  return !message_.under_way();
}

inline void Transit::await_resume() {
  if (link_ != nullptr) [[unlikely]]
    leave_link();
  network_.receive(message_);
}

}  // namespace headroom
