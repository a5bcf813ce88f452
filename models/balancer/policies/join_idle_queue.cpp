// Source: Lu et al. 2011, "Join-Idle-Queue", sec. 2. Replicas that have become idle stand in a
// queue, first in first out; a call takes the first of them, or anyone at random when there is
// none. Departs from source: a replica counts as idle when this balancer has no call outstanding
// there, and stands in the queue of every such balancer; in the source it knows all its work itself
// and joins the queue of one balancer. The first queue is in the order of the replicas.
#include "models/balancer/policies/policies.hpp"
#include "sim/kernel/ring.hpp"

namespace headroom {

namespace {

class JoinIdleQueue final : public Policy {
 public:
  JoinIdleQueue(const Backends& backends, sim::Stream random)
      : random_(random), queued_(backends.size()) {
    for (const std::uint32_t i : backends.healthy())
      join_if_idle(backends, i);
  }

  std::size_t choose(const Request&, const Backends& backends) override {
    while (!idle_.empty()) {
      const std::uint32_t first = idle_.pop();
      queued_[first] = 0;
      if (backends[first].healthy && backends[first].outstanding == 0) return first;
    }
    const auto healthy = backends.healthy();
    return healthy.empty() ? nobody : healthy[random_.below(healthy.size())];
  }

  void on_end(const Backends& backends, std::size_t backend, sim::Duration) override {
    join_if_idle(backends, backend);
  }
  void on_health(const Backends& backends, std::size_t backend) override {
    join_if_idle(backends, backend);
  }

 private:
  void join_if_idle(const Backends& backends, std::size_t backend) {
    const Backend& one = backends[backend];
    if (!one.healthy || one.outstanding > 0 || queued_[backend]) return;
    queued_[backend] = 1;
    idle_.push(static_cast<std::uint32_t>(backend));
  }

  sim::Stream random_;
  sim::Ring<std::uint32_t> idle_;
  std::vector<std::uint8_t> queued_;  ///< By replica: whether it stands in `idle_`.
};

}  // namespace

std::unique_ptr<Policy> make_join_idle_queue(const BalancerPlan&, const Backends& backends,
                                             sim::Stream random) {
  return std::make_unique<JoinIdleQueue>(backends, random);
}

}  // namespace headroom
