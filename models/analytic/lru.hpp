#pragma once

#include <cstdint>

namespace headroom {

/// The share of gets that an LRU cache of `entries` answers, where each get asks for the item of
/// rank r among `items` in proportion to r^-exponent, independently of all others, and nothing
/// expires. Good to a tenth of a percent from a hundred entries on. Any number of items takes
/// milliseconds: far ranks are taken together, in groups within which popularity differs by 1 %.
/// Source: Che, Tung, Wang 2002; why it is so good: Fricker, Robert, Roberts 2012.
double zipf_lru_hit_ratio(std::uint64_t items, double exponent, double entries);

}  // namespace headroom
