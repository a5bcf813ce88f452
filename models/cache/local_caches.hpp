#pragma once

#include <cstddef>

#include "models/cache/component.hpp"

namespace headroom {

/// The replicas of a cache that are in the memory of the replicas of another service, one in each,
/// as their hosts see them: each asks its own. What one holds is gone when its host is killed or
/// stopped.
class LocalCaches final : public Endpoint, public LifeWatcher {
 public:
  LocalCaches(sim::Simulation& simulation, Cache& cache) : Endpoint(simulation), cache_(cache) {}

  sim::Task<Reply> call(Request request) override {
    return cache_.instance(request.sender).call(request);
  }
  sim::Task<bool> probe(std::uint16_t zone) override { return cache_.instance(0).probe(zone); }
  void on_life(std::size_t host, bool is_up) override {
    if (!is_up) cache_.instance(host).flush();
  }

 private:
  Cache& cache_;
};

}  // namespace headroom
