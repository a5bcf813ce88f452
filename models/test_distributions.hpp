#pragma once

// For tests: distributions of times.

#include "models/distribution.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

inline Distribution constant_ms(double ms) {
  Distribution distribution;
  distribution.a = ms * 1e6;
  return distribution;
}
inline Distribution exponential_ms(double mean_ms) {
  Distribution distribution = constant_ms(mean_ms);
  distribution.kind = Distribution::Kind::exponential;
  return distribution;
}

inline Distribution constant(sim::Duration time) {
  Distribution distribution;
  distribution.a = static_cast<double>(time.count_ns());
  return distribution;
}
inline Distribution exponential(sim::Duration mean) {
  Distribution distribution = constant(mean);
  distribution.kind = Distribution::Kind::exponential;
  return distribution;
}

}  // namespace headroom
