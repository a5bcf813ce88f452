#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace headroom {

// A closed network of one class with a product form: `users` think for a mean time, then visit
// stations, and start over. Times are in units of one another.

/// What one round needs of one station: visits x mean service time. Product form holds for
/// exponential service first come first served, and for any service where the servers are shared
/// among all (processor sharing) or nobody waits. Source: Baskett, Chandy, Muntz, Palacios 1975.
struct ClosedStation {
  double demand = 0;                        ///< At least 0.
  std::optional<std::uint64_t> servers{1};  ///< At least 1; none where nobody ever waits.
};

struct ClosedSolution {
  double throughput = 0;          ///< Rounds per unit of time.
  double response = 0;            ///< Mean time of a round without thinking.
  std::vector<double> residence;  ///< Mean time of a round spent at each station.
  std::vector<double> queue;      ///< Mean number at each station, those in service included.
};

/// Exact mean value analysis; stations have one server, or nobody waits there. `users` from 1.
/// Source: Reiser, Lavenberg 1980.
ClosedSolution mean_value_analysis(const std::vector<ClosedStation>& stations, double think,
                                   std::uint64_t users);

/// The same for any number of servers, by convolution in logarithms, which neither overflows nor
/// cancels; time in proportion to stations^2 x users^2. Source: Buzen 1973.
ClosedSolution closed_network(const std::vector<ClosedStation>& stations, double think,
                              std::uint64_t users);

/// Rounds per unit of time at most and at least; the least for networks with a product form.
/// Source: Denning, Buzen 1978; Zahorjan, Sevcik, Eager, Galler 1982.
struct ClosedBounds {
  double most_throughput = 0, least_throughput = 0;
  double saturation_users = 0;  ///< From here on the busiest station decides.
};
ClosedBounds closed_bounds(const std::vector<ClosedStation>& stations, double think,
                           std::uint64_t users);

}  // namespace headroom
