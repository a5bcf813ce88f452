#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/cache/instance.hpp"
#include "models/hash_ring.hpp"

namespace headroom {

/// A service of kind "cache": replicas with keys of their own, one set of books.
class Cache final : public VersionListener {
 public:
  /// Replica i stands in zone `zones[i % zones.size()]`. `keys` by number less one.
  Cache(sim::Simulation& simulation, const CachePlan& plan, std::string name,
        const std::vector<std::uint16_t>& zones, std::span<const KeySpace> keys, Versions& versions,
        const Measurement& measurement);

  sim::Simulation& simulation() const { return simulation_; }
  std::size_t size() const { return instances_.size(); }
  CacheInstance& instance(std::size_t index) { return *instances_[index]; }
  /// Where sets are written to, and its endpoint; only where the plan writes.
  void set_store(Endpoint& store, std::uint16_t endpoint);

  void on_commit(std::uint64_t item) override;
  void start_measuring();
  ServiceCounts counts() const;
  ServiceResult result() const;

 private:
  sim::Task<> invalidate(std::uint64_t item, sim::Duration delay);

  sim::Simulation& simulation_;
  const CachePlan& plan_;
  Station station_;
  CacheShared shared_;
  sim::Stream feed_;  ///< Delays and losses of the store's feed.
  std::vector<std::unique_ptr<CacheInstance>> instances_;
};

/// The replicas of a cache as its callers see them: each key has one owner on a consistent-hash
/// ring. Nobody takes over for an owner that is down, as with a memcached client that does not
/// eject servers; a balancer with health checks in front does.
class CacheRing final : public Endpoint {
 public:
  CacheRing(sim::Simulation& simulation, std::vector<Endpoint*> replicas)
      : Endpoint(simulation),
        replicas_(std::move(replicas)),
        ring_(replicas_.size(), points_each, "cache") {}
  sim::Task<Reply> call(Request request) override {
    return replicas_[ring_.owner(request.item())]->call(request);
  }
  sim::Task<bool> probe(std::uint16_t zone) override { return replicas_.front()->probe(zone); }

 private:
  static constexpr std::uint32_t points_each = 160;  // Chosen: as ketama, Richard Jones 2007.

  std::vector<Endpoint*> replicas_;
  HashRing ring_;
};

}  // namespace headroom
