#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "sim/kernel/time.hpp"

namespace headroom {

/// What is measured of a pool when it is looked at.
struct PoolState {
  std::uint32_t current = 0;  ///< Instances that are there or starting, without those that go.
  std::uint32_t ready = 0;    ///< Of those: the ones that serve.
  double measured = 0;        ///< In the mean over the ready ones.
};

/// How many instances there should be: ceil(current x measured / target), and as many as there are
/// where measured / target is within `tolerance` of 1. Instances that are not ready yet count as
/// doing nothing where the pool is to grow, and not at all where it is to shrink, so that a pool
/// that is growing does not grow once more for the same load. Source: Kubernetes, "Horizontal Pod
/// Autoscaling, algorithm details"; replica_calculator.go.
std::uint32_t recommended(const PoolState& pool, double target, double tolerance);

/// The most that was recommended within a window, as a pool is to shrink.
/// Source: the same, "stabilization window".
class Stabilization {
 public:
  explicit Stabilization(sim::Duration window) : window_(window) {}

  /// `recommended` now; how many there should be of `current`: more at once, fewer only as far as
  /// nothing within the window speaks against it.
  std::uint32_t steady(sim::Time now, std::uint32_t current, std::uint32_t recommended);
  /// What there was counts as recommended, before the first look.
  void begin(sim::Time now, std::uint32_t current) { recent_.push_back({now, current}); }

 private:
  struct Recommendation {
    sim::Time at;
    std::uint32_t count;
  };
  sim::Duration window_;
  std::deque<Recommendation> recent_;
};

}  // namespace headroom
