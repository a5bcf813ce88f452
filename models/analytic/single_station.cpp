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

namespace {

/// P(sojourn > t) in M/M/c: who waits does so for an exponential time, then is served.
double mmc_sojourn_tail(double rate, double service, std::uint64_t c, double t) {
  const double waits = erlang_c(c, rate * service);
  const double mu = 1 / service;
  const double drain = static_cast<double>(c) * mu - rate;
  const double served = std::exp(-mu * t);
  // Equal rates make the difference quotient a derivative.
  if (std::abs(drain - mu) < 1e-9 * mu) return served + waits * mu * t * served;
  return served + waits * mu * (served - std::exp(-drain * t)) / (drain - mu);
}

}  // namespace

double mmc_sojourn_quantile(double rate, double service, std::uint64_t c, double p) {
  HEADROOM_CHECK(p > 0 && p < 1);
  double low = 0, high = service;
  while (mmc_sojourn_tail(rate, service, c, high) > 1 - p)
    high *= 2;
  for (int halvings = 0; halvings < 200 && high - low > 1e-15 * high; ++halvings) {
    const double middle = (low + high) / 2;
    (mmc_sojourn_tail(rate, service, c, middle) > 1 - p ? low : high) = middle;
  }
  return (low + high) / 2;
}

double mmc_wait_quantile(double rate, double service, std::uint64_t c, double p) {
  HEADROOM_CHECK(p > 0 && p < 1);
  const double waits = erlang_c(c, rate * service);
  if (waits <= 1 - p) return 0;
  return std::log(waits / (1 - p)) / (static_cast<double>(c) / service - rate);
}

double sharing_sojourn(double rate, double service, std::uint64_t c) {
  return mmc_sojourn(rate, service, c);
}

namespace {

/// What is left of the service that an arrival meets, of the first `count` classes.
double residual_work(std::span<const PriorityClass> classes, std::size_t count) {
  double work = 0;
  for (const PriorityClass& each : classes.first(count))
    work += each.rate * each.service * each.service * (1 + each.squared_cv) / 2;
  return work;
}

double busy_share(std::span<const PriorityClass> classes) {
  double busy = 0;
  for (const PriorityClass& each : classes)
    busy += each.rate * each.service;
  HEADROOM_CHECK(busy < 1);
  return busy;
}

}  // namespace

std::vector<double> priority_sojourns(std::span<const PriorityClass> classes) {
  const double met = residual_work(classes, classes.size());
  HEADROOM_CHECK(busy_share(classes) < 1);
  std::vector<double> sojourns;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const double above = busy_share(classes.first(i));
    const double with = busy_share(classes.first(i + 1));
    sojourns.push_back(classes[i].service + met / ((1 - above) * (1 - with)));
  }
  return sojourns;
}

std::vector<double> preemptive_sojourns(std::span<const PriorityClass> classes) {
  std::vector<double> sojourns;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const double above = busy_share(classes.first(i));
    const double with = busy_share(classes.first(i + 1));
    const double met = residual_work(classes, i + 1);
    sojourns.push_back(classes[i].service / (1 - above) + met / ((1 - above) * (1 - with)));
  }
  return sojourns;
}

}  // namespace headroom
