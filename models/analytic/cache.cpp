#include "models/analytic/cache.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

/// Whether an item that is asked for x times in the characteristic time is cached.
double occupancy_lru(double x) {
  return -std::expm1(-x);
}
double occupancy_fifo(double x) {
  return x / (1 + x);
}

/// Items that are asked for alike.
struct Group {
  double items;
  double p;  ///< Of each.
};

std::vector<Group> each_alone(std::span<const double> p) {
  std::vector<Group> groups;
  groups.reserve(p.size());
  for (const double probability : p)
    groups.push_back({1, probability});
  return groups;
}

/// The time, in requests, in which `occupancy` sums to the room: by bisection of its logarithm,
/// as the sum only grows with time.
double characteristic_time(const std::vector<Group>& groups, double room,
                           double (*occupancy)(double)) {
  double low = 0, high = 700;  // Of the logarithm.
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    const double time = std::exp(middle);
    double sum = 0;
    for (const Group& group : groups)
      sum += group.items * occupancy(group.p * time);
    (sum < room ? low : high) = middle;
  }
  return std::exp((low + high) / 2);
}

/// For a room that does not hold all.
double hit_ratio_che(const std::vector<Group>& groups, double room, double (*occupancy)(double)) {
  const double time = characteristic_time(groups, room, occupancy);
  double sum = 0;
  for (const Group& group : groups)
    sum += group.items * group.p * occupancy(group.p * time);
  return sum;
}

double hit_ratio_che(std::span<const double> p, std::uint64_t room, double (*occupancy)(double)) {
  HEADROOM_CHECK(room > 0);
  if (room >= p.size()) return 1;
  return hit_ratio_che(each_alone(p), static_cast<double>(room), occupancy);
}

/// Ranks whose popularity differs by 1 % at most, taken together.
std::vector<Group> zipf_groups(std::uint64_t items, double exponent) {
  const double growth = exponent > 0 ? 0.01 / std::max(1.0, exponent) : 1;
  std::vector<Group> groups;
  double sum = 0;
  for (double first = 1; first <= static_cast<double>(items);) {
    const double count =
        std::min(std::floor(std::max(1.0, first * growth)), static_cast<double>(items) - first + 1);
    const double middle = first + (count - 1) / 2;
    groups.push_back({count, std::pow(middle, -exponent)});
    sum += count * groups.back().p;
    first += count;
  }
  for (Group& group : groups)
    group.p /= sum;
  return groups;
}

/// The distribution of how many of independent events happen, up to `counts.size() - 1`.
class HowMany {
 public:
  explicit HowMany(std::size_t most) : counts_(most + 1, 0.0) { clear(); }
  void clear() {
    std::fill(counts_.begin(), counts_.end(), 0.0);
    counts_[0] = 1;
    reached_ = 0;
  }
  void add(double probability) {
    reached_ = std::min(reached_ + 1, counts_.size() - 1);
    for (std::size_t k = reached_; k > 0; --k)
      counts_[k] += probability * (counts_[k - 1] - counts_[k]);
    counts_[0] *= 1 - probability;
  }
  double operator[](std::size_t k) const { return counts_[k]; }
  double sum() const { return std::accumulate(counts_.begin(), counts_.end(), 0.0); }

 private:
  std::vector<double> counts_;
  std::size_t reached_ = 0;
};

}  // namespace

double lru_hit_ratio_che(std::span<const double> p, std::uint64_t room) {
  return hit_ratio_che(p, room, occupancy_lru);
}

double zipf_lru_hit_ratio_che(std::uint64_t items, double exponent, double room) {
  if (room >= static_cast<double>(items)) return 1;
  if (room <= 0) return 0;
  return hit_ratio_che(zipf_groups(items, exponent), room, occupancy_lru);
}

double fifo_hit_ratio_che(std::span<const double> p, std::uint64_t room) {
  return hit_ratio_che(p, room, occupancy_fifo);
}

double lru_hit_ratio(std::span<const double> p, std::uint64_t room) {
  HEADROOM_CHECK(room > 0);
  if (room >= p.size()) return 1;
  // Over the logarithm of the age of the last request; both ends of the integrand fall at least
  // exponentially, so the trapezoidal rule is as exact as its range.
  constexpr double step = 0.1;
  const double oldest = std::log(50 / *std::min_element(p.begin(), p.end()));
  HowMany others(room - 1);
  double sum = 0;
  for (double log_age = -24; log_age < oldest; log_age += step) {
    const double age = std::exp(log_age);
    for (std::size_t i = 0; i < p.size(); ++i) {
      const double density = p[i] * p[i] * std::exp(-p[i] * age) * age;
      if (density < 1e-18) continue;
      others.clear();
      for (std::size_t other = 0; other < p.size(); ++other)
        if (other != i) others.add(occupancy_lru(p[other] * age));
      sum += step * density * others.sum();
    }
  }
  return sum;
}

double fifo_hit_ratio(std::span<const double> p, std::uint64_t room) {
  HEADROOM_CHECK(room > 0);
  if (room >= p.size()) return 1;
  // A set of items is cached in proportion to the product of their p. Let item i be in a random
  // set with odds p[i] x time, independently: among sets as large as the room this is the same
  // law, and misses are (room + 1) P(room + 1) / (time P(room)); any time will do, and the
  // characteristic one keeps both probabilities far from 0.
  const double time = characteristic_time(each_alone(p), static_cast<double>(room), occupancy_fifo);
  HowMany cached(room + 1);
  for (const double probability : p)
    cached.add(occupancy_fifo(probability * time));
  const double misses = static_cast<double>(room + 1) * cached[room + 1] / (time * cached[room]);
  return 1 - misses;
}

double static_hit_ratio(std::span<const double> p, std::uint64_t room) {
  const std::size_t cached = std::min<std::uint64_t>(room, p.size());
  return std::accumulate(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(cached), 0.0);
}

TtlCache ttl_cache(std::span<const double> p, double requests_per_ttl, TtlKind kind) {
  TtlCache cache{0, 0};
  for (const double probability : p) {
    const double x = probability * requests_per_ttl;
    const double cached = kind == TtlKind::from_fill ? occupancy_fifo(x) : occupancy_lru(x);
    cache.hit_ratio += probability * cached;
    cache.entries += cached;
  }
  return cache;
}

}  // namespace headroom
