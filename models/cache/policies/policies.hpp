#pragma once

#include "models/cache/policy.hpp"

namespace headroom {

using EvictionFactory = std::unique_ptr<EvictionPolicy>(CacheRoom room, sim::Stream random);

EvictionFactory make_lru;
EvictionFactory make_fifo;

}  // namespace headroom
