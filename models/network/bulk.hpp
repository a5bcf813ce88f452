#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/network/network.hpp"
#include "models/network/report.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/task.hpp"

namespace headroom {

/// Bytes to be copied from one site to another.
struct Copy {
  std::uint16_t from = 0, to = 0;  ///< Sites of the network.
  std::int64_t bytes = 0;
  double throttle_bytes_per_s = 0;      ///< 0: as much as the links give.
  std::int64_t window_bytes = 1 << 20;  ///< Under way at once, in the delay engine; above 0.
  std::uint64_t key = 0;                ///< Draws of its messages derive from it.
  std::uint64_t* cuts = nullptr;        ///< Counts pieces that had to be sent anew, where given.
};

/// Copies: ends when all of it has arrived and was acknowledged.
///
/// In the delay engine it goes in pieces of 64 KiB, of which a window is under way at once, each
/// until its acknowledgement is back: so never more than window / round trip, and other messages
/// wait behind no more than the window. With a throttle the n-th piece is not sent before n pieces
/// would have been at that rate. In the flow engine it is one transfer of at most that rate.
/// What a partition cuts is sent again after a second, until it passes.
///
/// Departs from TCP: the window is constant, so a full queue shows as losses and timeouts only.
sim::Task<> copy_over(Network& network, Copy copy);

/// The copies of one entry of a scenario.
class Bulk {
 public:
  /// The n-th of `from` sends to the n-th of `to`, neither empty; first at `begins`. The plan
  /// outlives it.
  Bulk(Network& network, const BulkPlan& plan, std::string name, std::vector<std::uint16_t> from,
       std::vector<std::uint16_t> to, sim::Time begins);

  /// Once, before the simulation runs.
  void start();
  const BulkReport& report() const { return report_; }

 private:
  sim::Simulation& simulation() { return network_.simulation(); }
  static sim::Task<> rounds(sim::Simulation& simulation, Bulk* bulk);
  static sim::Task<> one(sim::Simulation& simulation, Bulk* bulk, std::uint32_t number,
                         std::uint32_t* left, sim::Trigger<bool>* all);

  Network& network_;
  const BulkPlan& plan_;
  std::vector<std::uint16_t> from_, to_;
  sim::Time begins_;
  std::uint64_t key_;
  BulkReport report_;
};

}  // namespace headroom
