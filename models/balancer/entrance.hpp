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
  /// that zone's own. `further`: the zones of callers at sites of the network beyond its zones,
  /// which are numbered from `zones` on.
  Entrance(sim::Simulation& simulation, std::vector<BackendTarget> instances,
           std::size_t zones = SIZE_MAX, std::vector<std::uint16_t> further = {})
      : Endpoint(simulation),
        instances_(std::move(instances)),
        zones_(zones),
        further_(std::move(further)) {}

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
  Endpoint* own_of(std::uint16_t site) const {
    const std::uint16_t zone = site < zones_ ? site : further_[site - zones_];
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
  std::size_t zones_;
  std::vector<std::uint16_t> further_;
  std::size_t next_ = 0;
};

}  // namespace headroom
