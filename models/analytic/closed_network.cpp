#include "models/analytic/closed_network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

constexpr double nothing = -std::numeric_limits<double>::infinity();

/// Logarithms of the weights of 0, 1, .. users at a station.
using Weights = std::vector<double>;

Weights weights_of(double demand, std::optional<std::uint64_t> servers, std::uint64_t users) {
  Weights weights(users + 1, nothing);
  weights[0] = 0;
  for (std::uint64_t n = 1; n <= users && demand > 0; ++n) {
    const std::uint64_t busy = servers ? std::min(*servers, n) : n;
    weights[n] = weights[n - 1] + std::log(demand) - std::log(static_cast<double>(busy));
  }
  return weights;
}

/// log(sum over k of exp(a[k] + b[n - k])).
double convolved(const Weights& a, const Weights& b, std::uint64_t n) {
  double largest = nothing;
  for (std::uint64_t k = 0; k <= n; ++k)
    largest = std::max(largest, a[k] + b[n - k]);
  if (largest == nothing) return nothing;
  double sum = 0;
  for (std::uint64_t k = 0; k <= n; ++k)
    sum += std::exp(a[k] + b[n - k] - largest);
  return largest + std::log(sum);
}

Weights convolved(const Weights& a, const Weights& b) {
  Weights result(a.size());
  for (std::uint64_t n = 0; n < a.size(); ++n)
    result[n] = convolved(a, b, n);
  return result;
}

double demand_of_all(const std::vector<ClosedStation>& stations) {
  double sum = 0;
  for (const auto& station : stations)
    sum += station.demand;
  return sum;
}

}  // namespace

ClosedSolution mean_value_analysis(const std::vector<ClosedStation>& stations, double think,
                                   std::uint64_t users) {
  HEADROOM_CHECK(users >= 1 && think >= 0 && think + demand_of_all(stations) > 0);
  ClosedSolution solution;
  solution.residence.resize(stations.size());
  solution.queue.resize(stations.size());
  for (std::uint64_t n = 1; n <= users; ++n) {
    solution.response = 0;
    for (std::size_t i = 0; i < stations.size(); ++i) {
      HEADROOM_CHECK(!stations[i].servers || *stations[i].servers == 1);
      const double met = stations[i].servers ? solution.queue[i] : 0;
      solution.residence[i] = stations[i].demand * (1 + met);
      solution.response += solution.residence[i];
    }
    solution.throughput = static_cast<double>(n) / (think + solution.response);
    for (std::size_t i = 0; i < stations.size(); ++i)
      solution.queue[i] = solution.throughput * solution.residence[i];
  }
  return solution;
}

ClosedSolution closed_network(const std::vector<ClosedStation>& stations, double think,
                              std::uint64_t users) {
  HEADROOM_CHECK(users >= 1 && think >= 0 && think + demand_of_all(stations) > 0);
  std::vector<Weights> weights;
  for (const auto& station : stations)
    weights.push_back(weights_of(station.demand, station.servers, users));
  const Weights thinking = weights_of(think, std::nullopt, users);
  Weights all = thinking;
  for (const Weights& each : weights)
    all = convolved(all, each);
  ClosedSolution solution;
  solution.throughput = std::exp(all[users - 1] - all[users]);
  for (std::size_t i = 0; i < stations.size(); ++i) {
    Weights others = thinking;
    for (std::size_t other = 0; other < stations.size(); ++other)
      if (other != i) others = convolved(others, weights[other]);
    double mean = 0;
    for (std::uint64_t n = 1; n <= users; ++n)
      mean += static_cast<double>(n) * std::exp(weights[i][n] + others[users - n] - all[users]);
    solution.queue.push_back(mean);
    solution.residence.push_back(mean / solution.throughput);
    solution.response += solution.residence.back();
  }
  return solution;
}

ClosedBounds closed_bounds(const std::vector<ClosedStation>& stations, double think,
                           std::uint64_t users) {
  const double alone = think + demand_of_all(stations);
  double largest = 0, fullest = 0;
  for (const auto& station : stations) {
    if (!station.servers) continue;
    largest = std::max(largest, station.demand);
    fullest = std::max(fullest, station.demand / static_cast<double>(*station.servers));
  }
  HEADROOM_CHECK(users >= 1 && alone > 0);
  const auto n = static_cast<double>(users);
  // At best nobody waits; at worst every other user stands in front at the busiest station, and of
  // its servers one works.
  ClosedBounds bounds{n / alone, n / (alone + (n - 1) * largest), 0};
  if (largest == 0) return bounds;
  bounds.most_throughput = std::min(bounds.most_throughput, 1 / fullest);
  bounds.saturation_users = alone / fullest;
  return bounds;
}

}  // namespace headroom
