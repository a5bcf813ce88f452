#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/network/link_plan.hpp"

namespace headroom {

/// A machine on which replicas and clients stand. Hosts do not pass on messages of others.
struct HostPlan {
  std::optional<std::string> zone;  ///< The first of the scenario when absent.
};
const FieldTable& fields_of(const HostPlan*);

/// Hosts around one switch.
struct StarPlan {
  std::uint32_t hosts = 0;
  LinkPlan link;
};
const FieldTable& fields_of(const StarPlan*);

/// Two tiers: each leaf has its hosts, and a link to every spine.
struct LeafSpinePlan {
  std::uint32_t leaves = 0, spines = 0, hosts_per_leaf = 0;
  LinkPlan host_link, spine_link;
};
const FieldTable& fields_of(const LeafSpinePlan*);

/// k pods of k/2 edge and k/2 aggregation switches, k/2 hosts an edge switch, (k/2)^2 cores.
struct FatTreePlan {
  std::uint32_t k = 0;
  LinkPlan link;
};
const FieldTable& fields_of(const FatTreePlan*);

/// Each zone is a region of a cloud by its name; between them the latencies that were measured.
struct RegionsPlan {
  std::uint32_t hosts = 1;             ///< In each region.
  std::optional<Bandwidth> bandwidth;  ///< Between two regions.
  std::optional<Distribution> jitter;  ///< Between two regions.
  std::optional<LinkPlan> inside;      ///< From each host to its region's switch.
};
const FieldTable& fields_of(const RegionsPlan*);

struct GeneratePlan {
  std::variant<StarPlan, LeafSpinePlan, FatTreePlan, RegionsPlan> kind;
};
const FieldTable& fields_of(const GeneratePlan*);

/// Which of several equally short routes a message takes.
enum class Ecmp : std::uint8_t {
  message,  ///< By a hash of each message.
  pair,     ///< By a hash of its two hosts: always the same one.
  off,      ///< The first.
};
Choices choices_of(Ecmp);

/// Connections are set up before a request is sent, and kept.
struct ConnectionsPlan {
  std::uint32_t tls_round_trips = 1;  ///< 1: TLS 1.3, 2: TLS 1.2, 0: none.
  std::uint32_t keep_alive = 2;       ///< Idle ones kept by each site for each instance.
  sim::Duration idle_timeout = sim::Duration::seconds(90);
};
const FieldTable& fields_of(const ConnectionsPlan*);

/// Bytes that are copied from one place to another: a backup, a catch-up, an image.
struct BulkPlan {
  /// Hosts, zones, or replicas such as "db[0]". The n-th of one sends to the n-th of the other;
  /// the shorter list is gone through again.
  std::vector<std::string> from, to;
  Bytes bytes;                                 ///< Of each copy; above 0.
  std::optional<Bandwidth> throttle;           ///< Of each copy.
  std::optional<sim::Duration> at;             ///< From the end of the warm-up.
  std::optional<std::uint32_t> after_failure;  ///< When that failure begins, from 0.
  sim::Duration delay;                         ///< After `at` or the failure.
  std::optional<sim::Duration> every;  ///< Again, that long after it began, when it has ended.
  Bytes window{1 << 20};               ///< Under way at once, in the delay engine.
};
const FieldTable& fields_of(const BulkPlan*);

/// A topology as a file draws it: nodes, links, and hops over them, by number.
struct PlatformPlan {
  struct Node {
    std::string name;
    bool is_host = false;
    std::optional<std::string> zone;  ///< The first of the scenario when absent.
  };
  struct Link {
    std::string name;
    LinkPlan plan;
    std::uint32_t back;  ///< The link for the other way; itself where both ways share it.
  };
  struct Hop {
    std::uint32_t from, to, link;
  };
  std::vector<Node> nodes;
  std::vector<Link> links;
  std::vector<Hop> hops;
};

/// Hosts, switches and the links between them, and who stands where.
struct TopologyPlan {
  Named<HostPlan> hosts;
  std::vector<std::string> switches;
  Named<LinkPlan> links;  ///< By "a <-> b" or "a -> b", of hosts and switches.
  std::optional<GeneratePlan> generate;
  std::optional<std::string> platform;  ///< A SimGrid XML file.
  PlatformPlan drawn;                   ///< What it holds, once read.
  /// Hosts of the replicas of a service, or of the clients of a workload, by its name.
  Named<std::vector<std::string>> placement;
  Ecmp ecmp = Ecmp::message;
  /// From the death or the repair of a link until routes know of it. Chosen: three probes of
  /// 50 ms, as bidirectional forwarding detection (RFC 5880) is often configured.
  sim::Duration reroute_after = sim::Duration::ms(150);

  bool empty() const { return hosts.empty() && !generate && !platform; }
};
const FieldTable& fields_of(const TopologyPlan*);

}  // namespace headroom
