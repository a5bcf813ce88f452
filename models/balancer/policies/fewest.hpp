#pragma once

#include <cstddef>
#include <cstdint>

#include "models/balancer/policy.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

/// The smallest of the candidates offered one after the other; among equals anyone with equal
/// chances. Source: Vitter 1985 (reservoir of one) for the ties.
template <class Score>
class Fewest {
 public:
  explicit Fewest(sim::Stream& random) : random_(random) {}

  void offer(std::size_t candidate, Score score) {
    if (best_ != Policy::nobody && score > least_) return;
    if (best_ == Policy::nobody || score < least_) {
      equals_ = 0;
      least_ = score;
    }
    if (++equals_ == 1 || random_.below(equals_) == 0) best_ = candidate;
  }
  std::size_t best() const { return best_; }

 private:
  sim::Stream& random_;
  std::size_t best_ = Policy::nobody;
  Score least_{};
  std::uint64_t equals_ = 0;
};

}  // namespace headroom
