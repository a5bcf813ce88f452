#pragma once

#include <cstdint>
#include <span>
#include <vector>

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

/// The time that no more than a share 1 - p of the sojourns in M/M/c exceeds, first come first
/// served; 0 < p < 1.
double mmc_sojourn_quantile(double rate, double service, std::uint64_t c, double p);
/// The same of the time before service; 0 where so many do not wait at all.
double mmc_wait_quantile(double rate, double service, std::uint64_t c, double p);

/// Mean sojourn where all share `c` servers evenly, nobody more than one: whatever the law of
/// service times. Source: Kleinrock 1976; Cohen 1979 (insensitivity).
double sharing_sojourn(double rate, double service, std::uint64_t c);

/// One class of several at one server, the most urgent first.
struct PriorityClass {
  double rate = 0, service = 0, squared_cv = 1;
};
/// Mean sojourn of each class where who is served is not interrupted; all rates x services together
/// below 1. Source: Cobham 1954.
std::vector<double> priority_sojourns(std::span<const PriorityClass> classes);
/// The same where who comes interrupts the less urgent, whose work is kept.
/// Source: Miller 1960; Jaiswal 1968.
std::vector<double> preemptive_sojourns(std::span<const PriorityClass> classes);

}  // namespace headroom
