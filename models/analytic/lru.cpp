#include "models/analytic/lru.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace headroom {

namespace {

/// Items that are asked for alike.
struct Group {
  double items;
  double weight;  ///< Of each.
};

std::vector<Group> groups_of(std::uint64_t items, double exponent) {
  const double growth = exponent > 0 ? 0.01 / std::max(1.0, exponent) : 1;
  std::vector<Group> groups;
  double sum = 0;
  for (double first = 1; first <= static_cast<double>(items);) {
    const double count =
        std::min(std::floor(std::max(1.0, first * growth)), static_cast<double>(items) - first + 1);
    const double middle = first + (count - 1) / 2;
    groups.push_back({count, std::pow(middle, -exponent)});
    sum += count * groups.back().weight;
    first += count;
  }
  for (Group& group : groups)
    group.weight /= sum;
  return groups;
}

/// Entries in the cache, in the mean, that were asked for during the last `gets` gets.
double held(const std::vector<Group>& groups, double gets) {
  double sum = 0;
  for (const Group& group : groups)
    sum -= group.items * std::expm1(-group.weight * gets);
  return sum;
}

}  // namespace

double zipf_lru_hit_ratio(std::uint64_t items, double exponent, double entries) {
  if (entries >= static_cast<double>(items)) return 1;
  if (entries <= 0) return 0;
  const auto groups = groups_of(items, exponent);
  double low = 0, high = entries;
  while (held(groups, high) < entries && high < 1e300)
    high *= 2;
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = (low + high) / 2;
    (held(groups, middle) < entries ? low : high) = middle;
  }
  double hits = 0;
  for (const Group& group : groups)
    hits -= group.items * group.weight * std::expm1(-group.weight * low);
  return hits;
}

}  // namespace headroom
