#pragma once

#include <cstdint>

namespace headroom {

// One station with Poisson arrivals and an unlimited queue, in its steady state. Rates and times
// are in units of one another; nobody gives up, and the order of service does not look at its
// length.

/// The probability that an arrival waits in M/M/c: `offered` (rate x mean service time) below `c`,
/// c at least 1. By the recursion for Erlang's B, which neither overflows nor cancels.
/// Source: Erlang 1917; Cooper 1981, Introduction to Queueing Theory, sec. 3.3.
double erlang_c(std::uint64_t c, double offered);

/// Mean time from arrival to departure in M/M/c: rate x service < c.
double mmc_sojourn(double rate, double service, std::uint64_t c);

/// The same in M/G/1, from the squared coefficient of variation of service times (finite):
/// rate x service < 1. Source: Pollaczek 1930, Khinchine 1932.
double mg1_sojourn(double rate, double service, double squared_cv);

}  // namespace headroom
