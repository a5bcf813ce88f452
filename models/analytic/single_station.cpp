#include "models/analytic/single_station.hpp"

#include <cmath>

#include "sim/kernel/check.hpp"

namespace headroom {

double erlang_c(std::uint64_t c, double offered) {
  HEADROOM_CHECK(c >= 1 && offered >= 0 && offered < static_cast<double>(c));
  double blocked = 1;  // Erlang's B with 0, 1, .. c servers
  for (std::uint64_t servers = 1; servers <= c; ++servers)
    blocked = offered * blocked / (static_cast<double>(servers) + offered * blocked);
  const double busy = offered / static_cast<double>(c);
  return blocked / (1 - busy * (1 - blocked));
}

double mmc_sojourn(double rate, double service, std::uint64_t c) {
  const double offered = rate * service;
  return service + erlang_c(c, offered) * service / (static_cast<double>(c) - offered);
}

double mg1_sojourn(double rate, double service, double squared_cv) {
  const double busy = rate * service;
  HEADROOM_CHECK(busy >= 0 && busy < 1 && std::isfinite(squared_cv));
  return service * (1 + busy * (1 + squared_cv) / (2 * (1 - busy)));
}

}  // namespace headroom
