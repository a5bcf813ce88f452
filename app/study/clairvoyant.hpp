#pragma once

#include <optional>
#include <string>

#include "app/scenario/plan.hpp"

namespace headroom {

/// What a cache of that room would hit at best if it knew the future: one pass over the recorded
/// keys from empty, all replicas as one. Nothing where what comes to the cache is not one recorded
/// key space, or where a ratio stands for its contents. With sizes that differ it is a good guess
/// and no strict bound: models/cache/trace.hpp.
std::optional<double> clairvoyant_hit_ratio(const ScenarioPlan& plan, const std::string& cache);

}  // namespace headroom
