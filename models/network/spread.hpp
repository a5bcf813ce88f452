#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "models/network/forwarding.hpp"
#include "models/network/plan.hpp"

namespace headroom {

/// What many hosts send to many others, laid over the shortest routes of a topology: evenly over
/// equally short ones, as a hash of many messages does.
///
/// All that goes to one destination is followed at once, from node to node, so that the work is
/// that of the hops in use and not of the routes.
class Spread {
 public:
  /// A hop and what takes it.
  using Visit = std::function<void(std::uint32_t edge, double amount)>;

  /// Both outlive it. Routes avoid nothing, and every host reaches every other.
  Spread(const Topology& topology, Forwarding& forwarding, Ecmp ecmp);

  /// From one host to another; nothing where they are the same.
  void add(std::uint32_t from, std::uint32_t to, double amount);
  /// Calls `visit` for the hops of all that was added, some of them several times, and forgets it.
  void lay(const Visit& visit);

 private:
  void lay_towards(std::uint32_t to, const Visit& visit);
  std::span<const std::uint32_t> hops(std::uint32_t node, std::uint32_t to);

  const Topology& topology_;
  Forwarding& forwarding_;
  const bool all_;                                       ///< Of equally short hops; else the first.
  std::vector<std::uint32_t> destinations_, last_hops_;  ///< Those in use.
  /// By destination: where it begins, and how much.
  std::vector<std::vector<std::pair<std::uint32_t, double>>> towards_;
  std::vector<double> over_last_;       ///< By edge that alone ends at a host.
  std::vector<double> amount_;          ///< By node: what is there, while it is followed.
  std::vector<std::uint32_t> awaited_;  ///< By node: hops that lead there, not yet followed.
};

}  // namespace headroom
