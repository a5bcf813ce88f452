#pragma once

#include <cstdint>
#include <span>

namespace headroom {

// Shares of requests that hit a cache in the long run, where each request asks for item i with
// probability p[i], whatever was asked for before (independent references). All p are above 0 and
// sum to 1; caches hold `room` items of one size, from 1; where that is all, every request hits.

/// LRU, within about 1 % or better from a room of ten on. Time and memory in proportion to the
/// items. Source: Che, Tung, Wang 2002, "Hierarchical Web caching systems"; Fricker, Robert,
/// Roberts 2012 on why it is so good.
double lru_hit_ratio_che(std::span<const double> p, std::uint64_t room);

/// The same where the item of rank r among `items` is asked for in proportion to r^-exponent. Any
/// number of items takes milliseconds: far ranks are taken together. Of no room nothing hits.
double zipf_lru_hit_ratio_che(std::uint64_t items, double exponent, double room);

/// LRU, exact to about 1e-9; for small cases, as time grows with items^2 x room. The last
/// request of item i, t ago, left fewer than `room` others since: with requests at the events of a
/// Poisson process these are independent. Source: King 1971; Fill, Holst 1996 (the same integral).
double lru_hit_ratio(std::span<const double> p, std::uint64_t room);

/// FIFO and RANDOM, which have the same: exact, in time items x room.
/// Source: Gelenbe 1973, "A unified approach to the evaluation of a class of replacement
/// algorithms" (the product form); its sums are computed as probabilities, so nothing overflows.
double fifo_hit_ratio(std::span<const double> p, std::uint64_t room);

/// The same approximately, in time in proportion to the items. Source: Fricker, Robert, Roberts
/// 2012, sec. 5; Martina, Garetto, Leonardi 2014.
double fifo_hit_ratio_che(std::span<const double> p, std::uint64_t room);

/// The best that stays the same: always the most popular; perfect LFU. `p` descends.
double static_hit_ratio(std::span<const double> p, std::uint64_t room);

/// How a time to live counts: from the fill, or anew from each request.
enum class TtlKind : std::uint8_t { from_fill, from_last_request };

/// A cache without limit of room but with a time to live.
struct TtlCache {
  double hit_ratio;
  double entries;  ///< Mean number not expired.
};
/// Requests come as a Poisson process; `requests_per_ttl` is their mean number, of all items, in
/// one time to live. Source: renewal argument, Jung, Berger, Balakrishnan 2003 (from the fill).
TtlCache ttl_cache(std::span<const double> p, double requests_per_ttl, TtlKind kind);

}  // namespace headroom
