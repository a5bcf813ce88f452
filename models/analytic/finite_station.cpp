#include "models/analytic/finite_station.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

/// Probabilities of 0, 1, .. `room` in the system, from the logarithms of up / down rates, so that
/// nothing overflows.
template <typename Down>
std::vector<double> birth_and_death(double rate, std::uint64_t room, Down down) {
  std::vector<double> probability(room + 1);
  double largest = 0;
  for (std::uint64_t n = 1; n <= room; ++n) {
    probability[n] = probability[n - 1] + std::log(rate / down(n));
    largest = std::max(largest, probability[n]);
  }
  double sum = 0;
  for (double& each : probability)
    sum += each = std::exp(each - largest);
  for (double& each : probability)
    each /= sum;
  return probability;
}

/// Everything but the sojourn of the served.
StationSolution solution_of(const std::vector<double>& probability, double service,
                            std::uint64_t c) {
  StationSolution solution;
  double busy = 0;
  for (std::uint64_t n = 0; n < probability.size(); ++n) {
    const auto number = static_cast<double>(n);
    const double serving = std::min(number, static_cast<double>(c));
    solution.in_system += number * probability[n];
    solution.queue += (number - serving) * probability[n];
    busy += serving * probability[n];
    if (n >= c) solution.waits += probability[n];
  }
  solution.throughput = busy / service;
  solution.utilization = busy / static_cast<double>(c);
  return solution;
}

/// The largest number in an M/M/c+M that has any weight: there the way down outweighs the way up
/// so much that what lies beyond is below 1e-18.
std::uint64_t enough_room(double rate, double service, std::uint64_t c, double patience) {
  double weight = 0;  // logarithm, from the mode on
  std::uint64_t n = c;
  while (weight > -45) {
    ++n;
    const double down = static_cast<double>(c) / service + static_cast<double>(n - c) / patience;
    weight = std::min(0.0, weight + std::log(rate / down));
    if (rate > down) weight = 0;
  }
  return n;
}

}  // namespace

double erlang_b(std::uint64_t c, double offered) {
  HEADROOM_CHECK(offered >= 0);
  double blocked = 1;
  for (std::uint64_t servers = 1; servers <= c; ++servers)
    blocked = offered * blocked / (static_cast<double>(servers) + offered * blocked);
  return blocked;
}

StationSolution limited_station(double rate, double service, std::uint64_t c, std::uint64_t room) {
  HEADROOM_CHECK(rate > 0 && service > 0 && c >= 1 && room >= c);
  const auto probability = birth_and_death(
      rate, room, [&](std::uint64_t n) { return static_cast<double>(std::min(n, c)) / service; });
  StationSolution solution = solution_of(probability, service, c);
  solution.loss = probability[room];
  solution.waits -= probability[room];
  solution.sojourn = solution.in_system / solution.throughput;
  return solution;
}

StationSolution impatient_station(double rate, double service, std::uint64_t c, double patience) {
  HEADROOM_CHECK(rate > 0 && service > 0 && c >= 1 && patience > 0);
  const std::uint64_t room = enough_room(rate, service, c, patience);
  const double all_busy = static_cast<double>(c) / service;
  const auto probability = birth_and_death(rate, room, [&](std::uint64_t n) {
    return static_cast<double>(std::min(n, c)) / service +
           (n > c ? static_cast<double>(n - c) / patience : 0);
  });
  StationSolution solution = solution_of(probability, service, c);
  solution.loss = 1 - solution.throughput / rate;
  // With j others in front of it in the queue: the chance to be served, and its mean wait where it
  // is served (0 otherwise). Somebody in front leaves at all_busy + j / patience, it itself gives
  // up at 1 / patience.
  double served = 1, wait = 0, served_sum = 0, wait_sum = 0;
  for (std::uint64_t n = 0; n < c; ++n)
    served_sum += probability[n];
  for (std::uint64_t j = 0; c + j <= room; ++j) {
    const double leave = all_busy + static_cast<double>(j) / patience;
    const double any = leave + 1 / patience;
    wait = leave / any * (wait + served / any);
    served *= leave / any;
    served_sum += probability[c + j] * served;
    wait_sum += probability[c + j] * wait;
  }
  solution.sojourn = service + wait_sum / served_sum;
  return solution;
}

}  // namespace headroom
