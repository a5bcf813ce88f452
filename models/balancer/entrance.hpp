#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/balancer/balancer.hpp"

namespace headroom {

/// The way into a balancer of several instances: a caller uses the one of its own zone, as with an
/// address per zone. Callers of other zones take the instances in turn, as with a round-robin DNS
/// name, and know nothing of their health.
class Entrance final : public Endpoint {
 public:
  /// `instances` with the zones they stand in, at least one; of several in one zone the first is
  /// that zone's own.
  Entrance(sim::Simulation& simulation, std::vector<BackendTarget> instances)
      : Endpoint(simulation), instances_(std::move(instances)) {}

  sim::Task<Reply> call(Request request) override {
    Endpoint* own = own_of(request.zone);
    return own != nullptr ? own->call(request) : take()->call(request);
  }
  /// Of the one that a call would get; takes no turn.
  sim::Task<bool> probe(std::uint16_t zone) override {
    Endpoint* own = own_of(zone);
    return own != nullptr ? own->probe(zone) : instances_[next_].endpoint->probe(zone);
  }

 private:
  Endpoint* own_of(std::uint16_t zone) const {
    for (const BackendTarget& instance : instances_) {
      if (instance.zone == zone) return instance.endpoint;
    }
    return nullptr;
  }
  Endpoint* take() {
    Endpoint* taken = instances_[next_].endpoint;
    if (++next_ == instances_.size()) next_ = 0;
    return taken;
  }

  std::vector<BackendTarget> instances_;
  std::size_t next_ = 0;
};

}  // namespace headroom
