#include "models/balancer/sticky.hpp"

#include <algorithm>

#include "models/balancer/policy.hpp"

namespace headroom {

std::uint64_t Sticky::name_of(const Request& request) const {
  if (by_ == StickyBy::key) return request.item();
  return std::uint64_t{request.workload} << 32 | session_place(request.session);
}

std::uint8_t Sticky::generation_of(const Request& request) const {
  return by_ == StickyBy::key ? 0 : session_generation(request.session);
}

std::size_t Sticky::pinned(const Request& request, const Backends& backends) const {
  const Pin* found = table_.find(name_of(request));
  if (found == nullptr || found->generation != generation_of(request)) return Policy::nobody;
  const std::uint32_t backend = found->backend;
  const auto may_stay = static_cast<std::uint8_t>(Out::draining);
  return (backends[backend].out & ~may_stay) == 0 ? backend : Policy::nobody;
}

void Sticky::pin(const Request& request, std::size_t backend) {
  const Pin pin{static_cast<std::uint32_t>(backend), generation_of(request)};
  Pin& before = table_.at(name_of(request));
  if (before.backend != Pin::nowhere) {
    moved_ += before.generation == pin.generation ? 1 : 0;
    --pins_[before.backend];
  }
  before = pin;
  ++pins_[backend];
}

double Sticky::imbalance(const Backends& backends) const {
  std::uint64_t most = 0, all = 0;
  for (const std::uint32_t i : backends.healthy()) {
    most = std::max(most, pins_[i]);
    all += pins_[i];
  }
  if (all == 0) return 1;
  return static_cast<double>(most) * static_cast<double>(backends.healthy().size()) /
         static_cast<double>(all);
}

}  // namespace headroom
