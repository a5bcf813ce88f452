#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/cache/instance.hpp"
#include "models/hash_ring.hpp"
#include "models/scalable.hpp"

namespace headroom {

/// A service of kind "cache": replicas with keys of their own, one set of books. Where replicas
/// come and go, those that are absent exist all the same; whoever comes is empty, and what is on
/// one that goes is lost.
class Cache final : public VersionListener, public Scalable {
 public:
  /// Replica i stands in zone `zones[i % zones.size()]`. `keys` by number less one. There are
  /// `plan.replicas` of them, or `most`, of which the first `present` are there.
  Cache(sim::Simulation& simulation, const CachePlan& plan, std::string name,
        const std::vector<std::uint16_t>& zones, std::span<const KeySpace> keys, Versions& versions,
        const Measurement& measurement, std::uint32_t most = 0, std::uint32_t present = 0);

  sim::Simulation& simulation() const { return simulation_; }
  std::size_t size() const { return instances_.size(); }
  CacheInstance& instance(std::size_t index) { return *instances_[index]; }
  /// Where sets are written to, and its endpoint; only where the plan writes.
  void set_store(Endpoint& store, std::uint16_t endpoint);

  Members& members() override { return members_; }
  bool is_up(std::size_t index) const override { return instances_[index]->up(); }
  bool is_idle(std::size_t index) const override { return instances_[index]->owes_nothing(); }
  double waiting(std::size_t index) const override {
    return static_cast<double>(instances_[index]->waiting());
  }
  BusyArea used(std::size_t index) const override { return instances_[index]->result().used; }
  void set_present(std::size_t index, bool is_present) override {
    instances_[index]->set_present(is_present);
  }

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
  Members members_;
  sim::Stream feed_;  ///< Delays and losses of the store's feed.
  std::vector<std::unique_ptr<CacheInstance>> instances_;
};

/// The replicas of a cache as its callers see them: each key has one owner on a consistent-hash
/// ring. Nobody takes over for an owner that is down, as with a memcached client that does not
/// eject servers; a balancer with health checks in front does. Where replicas come and go, the keys
/// are divided among those that serve: who joins takes over his part of them, and begins empty.
class CacheRing final : public Endpoint, private Members::Watcher {
 public:
  /// `members`: null where they never change; outlives it.
  CacheRing(sim::Simulation& simulation, std::vector<Endpoint*> replicas, Members* members)
      : Endpoint(simulation),
        replicas_(std::move(replicas)),
        serves_(replicas_.size(), true),
        serving_(replicas_.size()),
        ring_(replicas_.size(), points_each, "cache") {
    if (members == nullptr) return;
    for (std::size_t i = 0; i < replicas_.size(); ++i)
      on_standing(i, members->standing(i));
    members->watch(*this);
  }
  sim::Task<Reply> call(Request request) override {
    return replicas_[owner(request.item())]->call(request);
  }
  sim::Task<bool> probe(std::uint16_t zone) override { return replicas_.front()->probe(zone); }

 private:
  static constexpr std::uint32_t points_each = 160;  // Chosen: as ketama, Richard Jones 2007.

  std::size_t owner(std::uint64_t item) const {
    if (serving_ == replicas_.size() || serving_ == 0) return ring_.owner(item);
    return ring_.owner(item, [this](std::size_t i) { return serves_[i]; });
  }
  void on_standing(std::size_t index, Standing standing) override {
    const bool serves = standing == Standing::serving;
    if (serves == serves_[index]) return;
    serves_[index] = serves;
    if (serves)
      ++serving_;
    else
      --serving_;
  }

  std::vector<Endpoint*> replicas_;
  std::vector<bool> serves_;
  std::size_t serving_;  ///< Of them; where it is none, keys stay with their owners.
  HashRing ring_;
};

}  // namespace headroom
