#pragma once

#include "models/cache/policy.hpp"

namespace headroom {

using EvictionFactory = std::unique_ptr<EvictionPolicy>(CacheRoom room, sim::Stream random);

EvictionFactory make_lru;
EvictionFactory make_fifo;
EvictionFactory make_clock;
EvictionFactory make_random;
EvictionFactory make_lfu;
EvictionFactory make_gdsf;
EvictionFactory make_slru;
EvictionFactory make_two_q;
EvictionFactory make_arc;
EvictionFactory make_sieve;
EvictionFactory make_s3_fifo;
EvictionFactory make_w_tinylfu;

}  // namespace headroom
