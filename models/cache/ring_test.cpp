// What it costs that replicas of a cache come and go.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <set>

#include "models/cache/local_caches.hpp"
#include "models/cache/test_cache.hpp"

namespace headroom {
namespace {

using KeySet = std::set<std::uint64_t>;
constexpr std::uint64_t key_count = 3000;

/// Up to three replicas, of which two are there to begin with, with room for all keys.
struct Tier {
  Tier() {
    plan.capacity = Limit{100'000};
    plan.concurrency = Limit{8};
    keys.count = key_count;
    spaces.emplace_back(keys, std::uint8_t{1}, "item");
    cache.emplace(simulation_, plan, "cache", std::vector<std::uint16_t>{0}, spaces, versions,
                  Measurement{}, 3, 2);
    std::vector<Endpoint*> replicas;
    for (std::size_t i = 0; i < cache->size(); ++i)
      replicas.push_back(&cache->instance(i));
    ring.emplace(simulation_, replicas, &cache->members());
  }
  ~Tier() { simulation_.close(); }

  static Request about(std::uint64_t key, Operation operation) {
    Request request;
    request.key = key;
    request.key_space = 1;
    request.operation = operation;
    return request;
  }
  sim::Task<> ask(KeySet* missed) {
    for (std::uint64_t key = 0; key < key_count; ++key) {
      const Reply reply = co_await ring->call(about(key, Operation::get));
      if (reply.lookup == Lookup::hit) continue;
      missed->insert(key);
      co_await ring->call(about(key, Operation::fill));
    }
  }
  /// Gets every key once and fetches what is missed: which keys those were.
  KeySet missed() {
    KeySet missed;
    simulation_.spawn(ask(&missed));
    simulation_.run_until(simulation_.now() + sim::Duration::seconds(1));
    return missed;
  }
  void join(std::size_t index) {
    cache->set_present(index, true);
    cache->members().set_present(index, true);
  }
  void leave(std::size_t index) {
    cache->members().begin_drain(index);
    cache->members().set_present(index, false);
    cache->members().end_drain(index);
    cache->set_present(index, false);
  }

  CachePlan plan;
  KeySpacePlan keys;
  sim::Simulation simulation_;
  sim::Simulation& simulation() { return simulation_; }
  Versions versions{simulation_};
  std::vector<KeySpace> spaces;
  std::optional<Cache> cache;
  std::optional<CacheRing> ring;
};

/// The keys of one replica where all three serve.
KeySet owned_by(std::size_t replica) {
  const HashRing ring(3, 160, "cache");
  KeySet owned;
  for (std::uint64_t key = 0; key < key_count; ++key)
    if (ring.owner(Tier::about(key, Operation::get).item()) == replica) owned.insert(key);
  return owned;
}

TEST_CASE("A replica that joins takes over its keys and no others, and begins empty") {
  Tier tier;
  CHECK(tier.missed().size() == key_count);
  CHECK(tier.missed().empty());
  tier.join(2);
  CHECK(tier.missed() == owned_by(2));
  CHECK(tier.missed().empty());
  // A third of all keys, as 160 points each divide them: within three tenths.
  const auto third = static_cast<double>(key_count) / 3;
  CHECK(std::abs(static_cast<double>(owned_by(2).size()) - third) < 0.3 * third);

  // The others still have what was theirs; what is on the one that goes is lost.
  tier.leave(2);
  CHECK(tier.missed().empty());
  tier.join(2);
  CHECK(tier.missed() == owned_by(2));
}

TEST_CASE("The keys of a replica that leaves are fetched again by those that stay") {
  Tier tier;
  tier.join(2);
  CHECK(tier.missed().size() == key_count);
  tier.leave(0);
  CHECK(tier.missed() == owned_by(0));
  CHECK(tier.missed().empty());
  const CacheResult result = *tier.cache->result().cache;
  CHECK(result.misses == key_count + owned_by(0).size());
  CHECK(result.hits == 3 * key_count - result.misses);
}

sim::Task<> ask_own(sim::Simulation&, LocalCaches* caches, std::uint8_t host, Operation operation,
                    Lookup* found) {
  Request request = Tier::about(3, operation);
  request.sender = host;
  const Reply reply = co_await caches->call(request);
  *found = reply.lookup;
}

TEST_CASE("Each host asks the cache in its own memory, and loses it when it stops") {
  Tier tier;
  LocalCaches caches(tier.simulation_, *tier.cache);
  const auto ask = [&](std::uint8_t host, Operation operation) {
    Lookup found = Lookup::none;
    tier.simulation_.spawn(ask_own(tier.simulation_, &caches, host, operation, &found));
    tier.simulation_.run_until(tier.simulation_.now() + sim::Duration::ms(1));
    return found;
  };
  ask(0, Operation::fill);
  CHECK(ask(0, Operation::get) == Lookup::hit);
  CHECK(ask(1, Operation::get) == Lookup::miss);
  ask(1, Operation::fill);
  ask(0, Operation::erase);
  CHECK(ask(0, Operation::get) == Lookup::miss);
  CHECK(ask(1, Operation::get) == Lookup::hit);
  ask(0, Operation::fill);
  caches.on_life(1, false);
  caches.on_life(1, true);
  CHECK(ask(0, Operation::get) == Lookup::hit);
  CHECK(ask(1, Operation::get) == Lookup::miss);
}

sim::Task<> write_once(Cache& cache) {
  auto write = cache.instance(0).call(Tier::about(3, Operation::set));
  co_await write;
}

TEST_CASE("A replica that must write to the store is not idle before it has") {
  CachePlan plan;
  plan.capacity = Limit{10};
  plan.concurrency = Limit{8};
  plan.write = WritePolicy::behind;
  plan.flush_interval = sim::Duration::ms(100);
  sim::Simulation simulation;
  Versions versions(simulation);
  KeySpacePlan keys;
  keys.count = 10;
  std::vector<KeySpace> spaces;
  spaces.emplace_back(keys, std::uint8_t{1}, "item");
  KeepingStore store(simulation, versions);
  Cache cache(simulation, plan, "cache", {0}, spaces, versions, Measurement{});
  cache.set_store(store, 0);
  CHECK(cache.is_idle(0));
  simulation.spawn(write_once(cache));
  simulation.run_until(sim::Time() + sim::Duration::ms(50));
  CHECK_FALSE(cache.is_idle(0));
  simulation.run_until(sim::Time() + sim::Duration::ms(200));
  CHECK(cache.is_idle(0));
  CHECK(store.writes == 1);
  simulation.close();
}

}  // namespace
}  // namespace headroom
