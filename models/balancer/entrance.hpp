#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/balancer/balancer.hpp"

namespace headroom {

/// The way into a balancer of several instances: a caller uses those of its own zone in turn, as
/// with a round-robin DNS name for each zone. Callers of other zones take all instances in turn.
/// Nobody knows anything of their health.
class Entrance final : public Endpoint {
 public:
  /// `instances` with the zones they stand in, at least one. `further`: the zones of callers at
  /// sites of the network beyond its zones, which are numbered from `zones` on.
  Entrance(sim::Simulation& simulation, const std::vector<BackendTarget>& instances,
           std::size_t zones = SIZE_MAX, std::vector<std::uint16_t> further = {})
      : Endpoint(simulation), zones_(zones), further_(std::move(further)) {
    for (const BackendTarget& instance : instances) {
      if (instance.zone >= of_zone_.size()) of_zone_.resize(instance.zone + 1u);
      of_zone_[instance.zone].endpoints.push_back(instance.endpoint);
      all_.endpoints.push_back(instance.endpoint);
    }
  }

  sim::Task<Reply> call(Request request) override {
    Turns& turns = turns_of(request.zone);
    Endpoint* taken = turns.endpoints[turns.next];
    if (++turns.next == turns.endpoints.size()) turns.next = 0;
    return taken->call(request);
  }
  /// Of the one that a call would get; takes no turn.
  sim::Task<bool> probe(std::uint16_t zone) override {
    const Turns& turns = turns_of(zone);
    return turns.endpoints[turns.next]->probe(zone);
  }

 private:
  struct Turns {
    std::vector<Endpoint*> endpoints;
    std::size_t next = 0;
  };
  Turns& turns_of(std::uint16_t site) {
    const std::uint16_t zone = site < zones_ ? site : further_[site - zones_];
    const bool has_own = zone < of_zone_.size() && !of_zone_[zone].endpoints.empty();
    return has_own ? of_zone_[zone] : all_;
  }

  std::size_t zones_;
  std::vector<std::uint16_t> further_;
  std::vector<Turns> of_zone_;
  Turns all_;
};

}  // namespace headroom
