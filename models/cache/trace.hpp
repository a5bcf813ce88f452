#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/cache/policy.hpp"

namespace headroom {

/// One request of a trace.
struct TraceRequest {
  std::uint64_t key = 0;
  std::uint32_t size = 1;  ///< Bytes.
};

/// By place: where the key there is asked for next, or `never_again`.
inline constexpr std::uint64_t never_again = UINT64_MAX;
std::vector<std::uint64_t> next_requests(std::span<const std::uint64_t> keys);

/// A bound that knows the future: the entry goes that is asked for last, and
/// what is asked for later still is not taken. For `room` in entries it has the fewest misses
/// possible (tested against all possible choices); for sizes that differ it is a good choice but no
/// bound: finding the best one is NP-hard (Chrobak et al. 2012). Every request is looked up, in
/// order, and inserted at once on a miss; `next` is `next_requests` of the trace.
/// Source: Belady 1966; Mattson et al. 1970.
std::unique_ptr<EvictionPolicy> make_clairvoyant(CacheRoom room, std::vector<std::uint64_t> next);

/// What came of a replay.
struct ReplayCounts {
  std::uint64_t requests = 0;
  std::uint64_t misses = 0;
  std::uint64_t requested_bytes = 0;
  std::uint64_t missed_bytes = 0;
};
/// Looks every request up, in order, and inserts what is not cached. `request_at(i)` is a
/// TraceRequest. The size of a cached key stays what it was when it came in.
template <class RequestAt>
ReplayCounts replay(EvictionPolicy& policy, std::size_t requests, RequestAt request_at) {
  ReplayCounts counts;
  for (std::size_t i = 0; i < requests; ++i) {
    const TraceRequest request = request_at(i);
    ++counts.requests;
    counts.requested_bytes += request.size;
    if (policy.lookup(request.key) != no_slot) continue;
    policy.insert(request.key, request.size);
    ++counts.misses;
    counts.missed_bytes += request.size;
  }
  return counts;
}

}  // namespace headroom
