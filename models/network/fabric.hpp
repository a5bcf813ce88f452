#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/degradable.hpp"
#include "models/faultable.hpp"
#include "models/network/carrier.hpp"
#include "models/network/forwarding.hpp"
#include "models/network/link.hpp"
#include "models/network/message.hpp"
#include "models/network/network.hpp"
#include "models/partitionable.hpp"

namespace headroom {

/// The delay engine over a topology: a message goes hop by hop, one event each. At every hop it
/// waits until the link has sent all that came before it, takes bytes / bandwidth, then the
/// latency; where it is then, the next hop is chosen.
///
/// What is lost at any hop (by chance, for want of room, on a dead link, for want of a route) is
/// sent again by its sender, `Network::retransmission_timeout` after the loss, over whatever route
/// there is by then. Departs from RFC 6298 as `Network` does.
///
/// A dead link loses what is on it and what is sent to it. Routes avoid it `reroute_after` later,
/// and use it again as long after its repair.
class Fabric final {
 public:
  /// `nodes` by site, which must be hosts. The counts belong to the network and outlive it.
  Fabric(sim::Simulation& simulation, const TopologyPlan& plan, std::span<const std::string> zones,
         std::span<const std::uint32_t> nodes, NetworkCounts& counts);
  ~Fabric();
  Fabric(const Fabric&) = delete;
  Fabric& operator=(const Fabric&) = delete;

  const Topology& topology() const { return topology_; }
  const Forwarding& forwarding() const { return forwarding_; }
  /// What stands for some hops where failures are concerned: killed, all of them are dead.
  Faultable& power_of(std::vector<std::uint32_t> edges);

  /// As `Network::send` and `Network::receive`; true where it is to be a transfer.
  bool send(Message& message);
  void receive(Message& message);

  void attach(FlowCarrier& carrier, std::int64_t threshold_bytes);
  void begin_transfer(Message& message, Transit& waiting, double most_bytes_per_s);
  void forget(Transit& waiting);

  void begin_partition(const Partition& partition);
  void end_partition(const Partition& partition);
  /// The ways of a degradation are pairs of nodes.
  void expect(const Degradation& degradation);
  void degrade(std::span<const Degradation* const> in_force);

  void start_measuring();
  std::vector<LinkReport> links() const;

 private:
  class Power;
  static constexpr std::uint16_t no_hop = UINT16_MAX;

  struct Edge {
    std::uint32_t to = 0, link = 0;
    std::uint32_t dead = 0;  ///< Failures in force.
  };
  struct Cut {
    const Partition* partition;
    std::vector<std::uint32_t> group_of;  ///< By site.
    std::uint32_t in_force = 0;
  };
  struct Transfer {
    Transit* waiting;
    Message* message;
    std::vector<std::uint32_t> hops;
  };

  std::uint32_t host(std::uint16_t site) const { return nodes_[site]; }
  std::uint32_t next_hop(std::uint32_t node, std::uint32_t destination, const Message& message);
  std::uint64_t choice_of(const Message& message) const;
  bool depart(Message& message);
  bool hop_over(std::uint32_t hop, Message& message);
  bool pass_on(Message& message);
  bool is_transfer(const Message& message);
  void lose(Message& message);
  void arrive(Message& message);
  static bool separates(const Cut& cut, std::uint16_t from, std::uint16_t to);
  void set_dead(std::span<const std::uint32_t> edges, bool dead);
  void end_transfers_over(std::uint32_t edge);
  void lose_all_over(std::uint32_t edge);
  static sim::Task<> learn(sim::Simulation& simulation, Fabric* fabric,
                           std::vector<std::uint32_t> edges, bool dead);
  void route_around(std::span<const std::uint32_t> edges, bool dead);

  sim::Simulation& simulation_;
  const Topology topology_;
  Forwarding forwarding_;
  const Ecmp ecmp_;
  const sim::Duration reroute_after_;
  std::vector<std::uint32_t> nodes_;
  std::vector<DelayLink> links_;
  std::vector<Edge> edges_;
  std::vector<bool> known_dead_;
  std::vector<Cut> cuts_;
  std::vector<std::uint32_t> begun_;  ///< Cuts, as they began.
  std::uint32_t cuts_in_force_ = 0;
  std::vector<std::unique_ptr<Power>> powers_;
  std::vector<Transfer> transfers_;
  NetworkCounts& counts_;
  FlowCarrier* carrier_ = nullptr;
  std::int64_t flow_threshold_ = INT64_MAX;
};

}  // namespace headroom
