#include "models/popularity.hpp"

#include <algorithm>
#include <cmath>

#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

/// A share from 0 to 1 in units of 2^-64.
std::uint64_t in_units(double share) {
  return share >= 1 ? UINT64_MAX : static_cast<std::uint64_t>(share * 0x1p64);
}

}  // namespace

Popularity::Popularity(std::uint64_t items, double exponent) : items_(items), exponent_(exponent) {
  HEADROOM_CHECK(items >= 1 && items <= std::uint64_t{1} << 52);
  HEADROOM_CHECK(exponent >= 0 && exponent <= 20);
  if (exponent == 0) return;
  divide();
  share_columns();
}

void Popularity::divide() {
  constexpr std::uint64_t parts = 16;  // Chosen: few bins, and one rank in 20 needs a power.
  for (std::uint64_t first = 1; first <= items_;) {
    const std::uint64_t width =
        std::min(std::max<std::uint64_t>(1, first / parts), items_ - first + 1);
    const double last = static_cast<double>(first + width - 1);
    const double least = std::pow(last / static_cast<double>(first), -exponent_);
    bins_.push_back({first, width, in_units(least), UINT64_MAX, 0});
    first += width;
  }
}

void Popularity::share_columns() {
  const std::size_t count = bins_.size();
  std::vector<double> weights;
  double sum = 0;
  for (const Bin& bin : bins_) {
    const double weight = std::pow(static_cast<double>(bin.first), -exponent_);
    sum += weights.emplace_back(static_cast<double>(bin.width) * weight);
  }
  std::vector<std::uint32_t> small, large;
  for (std::uint32_t i = 0; i < count; ++i) {
    weights[i] *= static_cast<double>(count) / sum;
    (weights[i] < 1 ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const std::uint32_t less = small.back();
    const std::uint32_t more = large.back();
    small.pop_back();
    bins_[less].keep = in_units(weights[less]);
    bins_[less].other = more;
    weights[more] -= 1 - weights[less];
    if (weights[more] >= 1) continue;
    large.pop_back();
    small.push_back(more);
  }
}

bool Popularity::is_taken(const Bin& bin, const Scaled& place) const {
  const double rank = static_cast<double>(bin.first + place.whole);
  const double chance = std::pow(rank / static_cast<double>(bin.first), -exponent_);
  return static_cast<double>(place.rest) < chance * 0x1p64;
}

std::vector<double> zipf_probabilities(std::uint64_t items, double exponent) {
  std::vector<double> probabilities(items);
  double sum = 0;
  for (std::uint64_t i = items; i-- > 0;)  // The smallest first: their sum loses least.
    sum += probabilities[i] = std::pow(static_cast<double>(i + 1), -exponent);
  for (double& probability : probabilities)
    probability /= sum;
  return probabilities;
}

}  // namespace headroom
