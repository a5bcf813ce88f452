#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "models/distribution.hpp"

namespace headroom {

/// What becomes of some links for a time. What is absent stays as it is.
struct Degradation {
  std::vector<std::pair<std::uint16_t, std::uint16_t>> ways;  ///< From one zone to another.
  std::optional<Distribution> latency;
  std::optional<double> loss;         ///< At least 0, below 1.
  std::optional<double> bytes_per_s;  ///< Above 0.
};

/// What can be degraded. Degradations may overlap: of two of one link, what began later counts.
class Degradable {
 public:
  virtual ~Degradable() = default;
  /// Before the run: that one may begin at some time.
  virtual void expect_degradation(const Degradation& degradation) = 0;
  /// `degradation` stays where it is until it has ended.
  virtual void begin_degradation(const Degradation& degradation) = 0;
  virtual void end_degradation(const Degradation& degradation) = 0;
};

}  // namespace headroom
