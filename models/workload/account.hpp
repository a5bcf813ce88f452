#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/phase.hpp"
#include "models/results.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

/// Counts what the clients of a workload see, by endpoint of its mix. What happens at the start of
/// the measurement counts, what happens at its end does not. A request that was issued before the
/// start and ends after it counts among the finished ones, with its latency, and among those in
/// flight at the start; so issued + in flight at the start = finished + in flight at the end.
class Account {
 public:
  /// `goodput_limit`: an ok answer within it is in time; any is when absent. Of `parts` those are
  /// counted once more for themselves that were meant to be sent within them, and of `failures`
  /// how many were not ok.
  Account(sim::Simulation& simulation, std::string name, std::vector<std::string> endpoints,
          const Measurement& measurement, std::optional<sim::Duration> goodput_limit,
          bool by_second, std::vector<Part> parts = {}, std::vector<const Phase*> failures = {});

  /// A request to that endpoint is meant to be sent now.
  void issue(std::size_t endpoint);
  /// The request that was meant to be sent at `sent` has ended now.
  void finish(std::size_t endpoint, sim::Time sent, const Reply& reply);
  /// The request that was meant to be sent at `sent` will never be answered: as is known now, or at
  /// the end of what still waits for that then.
  void lose(std::size_t endpoint, sim::Time sent);

  /// Once, at the end of the run; checks conservation.
  WorkloadResult result() const;

 private:
  bool is_before() const { return simulation_.now() < measurement_.start; }
  bool is_over() const { return simulation_.now() >= measurement_.end; }
  void finish_ok(sim::Duration latency);
  void count(std::size_t endpoint, sim::Time sent, const Reply& reply);
  void book(EndpointResult& endpoint, const Reply& reply, sim::Duration latency) const;
  SecondResult* this_second();  ///< Null where seconds are not told apart.

  sim::Simulation& simulation_;
  Measurement measurement_;
  sim::Duration goodput_limit_;
  std::vector<Part> parts_;
  std::vector<const Phase*> failures_;
  WorkloadResult result_;
  std::vector<std::uint64_t> in_flight_;  ///< By endpoint, up to the end of the measurement.
};

}  // namespace headroom
