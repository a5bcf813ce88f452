#pragma once

#include "models/consistency/registers.hpp"

namespace headroom::consistency {

/// Read your writes, monotonic reads, monotonic writes, writes follow reads, key by key: whether
/// there is one order of the writes of each key in which no process sees what the guarantee
/// forbids. And coherence: whether each key by itself is sequential. Linear in time but for
/// sorting.
///
/// Sources: Terry et al. 1994, "Session guarantees for weakly consistent replicated data";
/// Brzezinski et al. 2004, "From session causality to causal consistency"; for coherence Gibbons
/// and Korach 1997.
Finding session_guarantee(const Registers& registers, Guarantee guarantee);

}  // namespace headroom::consistency
