#pragma once

#include <cstdint>

namespace headroom {

// Poisson arrivals at one station of `c` servers with exponential service, from which some leave
// unserved. Rates and times are in units of one another.

/// What a station does in its steady state.
struct StationSolution {
  double loss = 0;        ///< Of all arrivals: turned away, or gone before they were served.
  double waits = 0;       ///< Of all arrivals: those that find every server busy and stay at first.
  double in_system = 0;   ///< Mean number.
  double queue = 0;       ///< Mean number that wait.
  double throughput = 0;  ///< Served per unit of time.
  double sojourn = 0;     ///< Mean time from arrival to departure, of those served.
  double utilization = 0;  ///< Mean share of the servers that are busy.
};

/// M/M/c/K: at most `room` in the system, c <= room; the rest are turned away. Erlang's loss system
/// where room is c. Source: birth and death, Cooper 1981, ch. 2.
StationSolution limited_station(double rate, double service, std::uint64_t c, std::uint64_t room);

/// M/M/c+M, Erlang A: each leaves the queue after a patience that is exponential with this mean,
/// first come first served. Source: Palm 1957; Garnett, Mandelbaum, Reiman 2002.
StationSolution impatient_station(double rate, double service, std::uint64_t c, double patience);

/// Erlang's B: the share of `offered` (rate x service) that c servers without a queue turn away.
double erlang_b(std::uint64_t c, double offered);

}  // namespace headroom
