// Source: Karger et al. 1997, "Consistent hashing and random trees"; virtual nodes after Stoica et
// al. 2001 (Chord). Each replica owns `virtual_nodes` points of a ring of 2^64; a key belongs to
// the first point at or after its own hash, clockwise, whose replica is healthy. All balancers of
// all services place replica i at the same points, so instances agree on who owns a key. Memory is
// 16 bytes a point; a choice costs time logarithmic in their number.
#include <algorithm>

#include "models/balancer/policies/policies.hpp"

namespace headroom {

namespace {

class ConsistentHash final : public Policy {
 public:
  ConsistentHash(const BalancerPlan& plan, const Backends& backends)
      : of_keys_(sim::hash_name("consistent_hash/keys")) {
    const std::uint64_t of_points = sim::hash_name("consistent_hash/points");
    ring_.reserve(backends.size() * plan.virtual_nodes);
    for (std::uint32_t i = 0; i < backends.size(); ++i) {
      const std::uint64_t of_replica = sim::mix(of_points, i);
      for (std::uint32_t node = 0; node < plan.virtual_nodes; ++node) {
        ring_.push_back({sim::mix(of_replica, node), i});
      }
    }
    std::sort(ring_.begin(), ring_.end(), before);
  }

  std::size_t choose(const Request& request, const Backends& backends) override {
    if (backends.healthy().empty()) return nobody;
    const Point key{sim::mix(of_keys_, request.key), 0};
    auto owner = std::lower_bound(ring_.begin(), ring_.end(), key, before);
    for (;; ++owner) {
      if (owner == ring_.end()) owner = ring_.begin();
      if (backends[owner->replica].healthy) return owner->replica;
    }
  }

 private:
  struct Point {
    std::uint64_t at;
    std::uint32_t replica;
  };
  static bool before(const Point& a, const Point& b) {
    return a.at != b.at ? a.at < b.at : a.replica < b.replica;
  }

  std::uint64_t of_keys_;
  std::vector<Point> ring_;
};

}  // namespace

std::unique_ptr<Policy> make_consistent_hash(const BalancerPlan& plan, const Backends& backends,
                                             sim::Stream) {
  return std::make_unique<ConsistentHash>(plan, backends);
}

}  // namespace headroom
