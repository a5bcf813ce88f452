#include "models/balancer/backends.hpp"

#include <algorithm>
#include <utility>

namespace headroom {

Backends::Backends(std::vector<Backend> backends) : all_(std::move(backends)) {
  for (std::uint32_t i = 0; i < all_.size(); ++i) {
    if (all_[i].healthy) healthy_.push_back(i);
  }
}

bool Backends::set_healthy(std::size_t index, bool healthy) {
  if (std::exchange(all_[index].healthy, healthy) == healthy) return false;
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
