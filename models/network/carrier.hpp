#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "models/network/plan.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

class Transit;

/// One bulk transfer over a way.
struct FlowRequest {
  std::span<const std::uint32_t> there, back;  ///< Links of limited bandwidth.
  sim::Duration latency;                       ///< Of the whole way, one way.
  std::int64_t bytes = 0;
  double most_bytes_per_s = 0;  ///< 0: as much as the links give.
};

/// What transfers have made of a link up to now.
struct FlowCounts {
  double bytes = 0;             ///< Moved over it.
  std::uint64_t transfers = 0;  ///< Begun.
  std::uint64_t waiting = 0;    ///< Under way now, where they have all of it.
};

/// Carries what is too large to go link by link: transfers that share the links they cross. It has
/// a clock of its own, which drives that of the simulation.
class FlowCarrier {
 public:
  virtual ~FlowCarrier() = default;

  /// Links are numbered from 0 as they are added, before the first run. One that is not `shared`
  /// gives each transfer all of its bandwidth.
  virtual void add_link(double bytes_per_s, bool shared) = 0;
  /// From now on; `bytes_per_s` is above 0.
  virtual void set_bandwidth(std::uint32_t link, double bytes_per_s) = 0;
  /// `waiting` is told when it has arrived, unless it is forgotten before.
  virtual void start(const FlowRequest& request, Transit& waiting) = 0;
  /// Nobody waits for that transfer any more. What is under way goes on to use the links.
  virtual void forget(Transit& waiting) = 0;
  /// The same, and what is under way leaves the links now.
  virtual void cancel(Transit& waiting) = 0;
  /// What transfers leave of a link, in bytes a second: all that is unused, or the share that one
  /// transfer more would get where that is more.
  virtual double residual_bytes_per_s(std::uint32_t link) const = 0;
  virtual FlowCounts counts(std::uint32_t link) const = 0;

  /// What `Simulation::run_until` does, with the transfers that end on the way.
  virtual sim::Simulation::Status run_until(sim::Time limit) = 0;
};

/// A carrier by SimGrid; null in a program that is not linked with it. There can be one in a
/// process, ever.
std::unique_ptr<FlowCarrier> make_flow_carrier(sim::Simulation& simulation, FlowModel model);

}  // namespace headroom
