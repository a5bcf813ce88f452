#include "models/balancer/backends.hpp"

#include <algorithm>
#include <utility>

namespace headroom {

Backends::Backends(std::vector<Backend> backends, const sim::Simulation* simulation)
    : all_(std::move(backends)), simulation_(simulation) {
  for (std::uint32_t i = 0; i < all_.size(); ++i) {
    if (!all_[i].healthy) all_[i].out |= static_cast<std::uint8_t>(Out::unhealthy);
    all_[i].healthy = all_[i].out == 0;
    if (all_[i].healthy) healthy_.push_back(i);
  }
}

bool Backends::set_out(std::size_t index, Out reason, bool is_out) {
  Backend& backend = all_[index];
  const auto bit = static_cast<std::uint8_t>(reason);
  backend.out = static_cast<std::uint8_t>(is_out ? backend.out | bit : backend.out & ~bit);
  const bool healthy = backend.out == 0;
  if (std::exchange(backend.healthy, healthy) == healthy) return false;
  const auto number = static_cast<std::uint32_t>(index);
  const auto place = std::lower_bound(healthy_.begin(), healthy_.end(), number);
  if (healthy) {
    healthy_.insert(place, number);
  } else {
    healthy_.erase(place);
  }
  return true;
}

}  // namespace headroom
