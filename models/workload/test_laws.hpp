#pragma once

#include <cstdint>

#include "models/distribution.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// For the tests of this folder: instants and distributions in one word.
constexpr sim::Time at_s(std::int64_t seconds) {
  return sim::Time() + sim::Duration::seconds(seconds);
}

inline Distribution law(Distribution::Kind kind, double a, double b = 0) {
  Distribution d;
  d.kind = kind;
  d.a = a;
  d.b = b;
  return d;
}

}  // namespace headroom
