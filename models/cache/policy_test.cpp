#include "models/cache/policy.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

#include "models/popularity.hpp"

namespace headroom {

namespace {

std::unique_ptr<EvictionPolicy> make(std::string_view name, CacheRoom room) {
  return make_eviction_policy(name, room, sim::Stream(7, 0, "cache"));
}

/// Checks a policy against what its callers are told: a map of slots to keys.
class Owner {
 public:
  explicit Owner(EvictionPolicy& policy) : policy_(policy) {}

  void request(std::uint64_t key, std::uint64_t size) {
    const CacheSlot slot = policy_.lookup(key);
    REQUIRE((slot != no_slot) == keys_.contains(key));
    if (slot == no_slot) {
      insert(key, size);
    } else {
      REQUIRE(values_[slot] == key);
    }
  }
  void insert(std::uint64_t key, std::uint64_t size) {
    const auto old = keys_.find(key);
    if (old != keys_.end() && old->second != size && size <= policy_.capacity()) keys_.erase(old);
    const CacheSlot slot = policy_.insert(key, size);
    for (const EvictedEntry& gone : policy_.evicted()) {
      REQUIRE((gone.key != key || slot == no_slot));
      REQUIRE(values_[gone.slot] == gone.key);
      REQUIRE(keys_.at(gone.key) == gone.size);
      keys_.erase(gone.key);
    }
    if (slot != no_slot) {
      if (slot >= values_.size()) values_.resize(slot + 1);
      values_[slot] = key;
      keys_[key] = size;
    }
    check();
  }
  void erase(std::uint64_t key) {
    REQUIRE(policy_.erase(key) == (keys_.erase(key) == 1));
    check();
  }
  void clear() {
    policy_.clear();
    keys_.clear();
    check();
  }

 private:
  void check() {
    std::uint64_t used = 0;
    for (const auto& [key, size] : keys_)
      used += size;
    REQUIRE(policy_.size() == keys_.size());
    REQUIRE(policy_.used() == used);
    REQUIRE(used <= policy_.capacity());
  }

  EvictionPolicy& policy_;
  std::map<std::uint64_t, std::uint64_t> keys_;  ///< Those cached, and their sizes.
  std::vector<std::uint64_t> values_;            ///< By slot.
};

void disturb(Owner& owner, bool sizes, std::uint64_t seed) {
  sim::Stream random(seed, 0, "requests");
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t key = random.below(1 + random.below(300)) << 40;
    const std::uint64_t size = sizes ? 1 + random.below(20) : 1;
    switch (random.below(50)) {
      case 0:
        owner.insert(key, size);
        break;
      case 1:
        owner.erase(key);
        break;
      case 2:
        if (random.below(20) == 0) owner.clear();
        break;
      default:
        owner.request(key, size);
    }
  }
}

}  // namespace

TEST_CASE("every policy tells its owner all it needs, whatever is done to it") {
  for (const Choice& choice : eviction_policies()) {
    INFO(choice.name);
    for (const std::uint64_t capacity : {1u, 2u, 3u, 10u, 100u, 1000u}) {
      INFO("room for " << capacity);
      const auto entries = make(choice.name, CacheRoom::entries(capacity));
      Owner owner(*entries);
      disturb(owner, false, capacity);
      const auto bytes = make(choice.name, CacheRoom::bytes(capacity));
      Owner owner_of_bytes(*bytes);
      disturb(owner_of_bytes, true, capacity);
    }
  }
}

TEST_CASE("what does not fit is not taken, and its old entry goes") {
  for (const Choice& choice : eviction_policies()) {
    INFO(choice.name);
    const auto policy = make(choice.name, CacheRoom::bytes(100));
    CHECK(policy->insert(1, 101) == no_slot);
    CHECK(policy->insert(1, std::uint64_t{1} << 40) == no_slot);
    CHECK(policy->size() == 0);
    CHECK(policy->insert(2, 0) != no_slot);
    CHECK(policy->used() == 0);
    const CacheSlot slot = policy->find(2);
    CHECK(policy->insert(2, 101) == no_slot);
    REQUIRE(policy->evicted().size() == 1);
    CHECK(policy->evicted()[0].key == 2);
    CHECK(policy->evicted()[0].slot == slot);
  }
}

TEST_CASE("the least recently used goes first, the first in goes first") {
  const auto lru = make("lru", CacheRoom::entries(2));
  const auto fifo = make("fifo", CacheRoom::entries(2));
  for (EvictionPolicy* policy : {lru.get(), fifo.get()}) {
    policy->insert(1);
    policy->insert(2);
    policy->lookup(1);
    policy->insert(3);
    REQUIRE(policy->evicted().size() == 1);
  }
  CHECK(lru->evicted()[0].key == 2);
  CHECK(fifo->evicted()[0].key == 1);
}

TEST_CASE("gdsf lets a large entry go for smaller ones, and forgets old popularity") {
  const auto gdsf = make("gdsf", CacheRoom::bytes(100));
  gdsf->insert(1, 60);  // priority 1/60
  gdsf->insert(2, 20);  // 1/20
  gdsf->lookup(1);      // 2/60: still less than the smaller one
  gdsf->insert(3, 30);
  REQUIRE(gdsf->evicted().size() == 1);
  CHECK(gdsf->evicted()[0].key == 1);
  // From here on 2/60 is added: 3 has 2/60 + 1/30 = 4/60, above the 3/60 of 2, which came before.
  gdsf->insert(4, 60);
  REQUIRE(gdsf->evicted().size() == 1);
  CHECK(gdsf->evicted()[0].key == 2);
}

TEST_CASE("what a policy costs, and nothing more once it is full") {
  constexpr std::uint64_t room = 100'000;
  const Popularity popularity(2 * room, 0.5);
  for (const Choice& choice : eviction_policies()) {
    INFO(choice.name);
    for (const bool in_bytes : {false, true}) {
      const auto policy = make(choice.name, {room, in_bytes});
      sim::Stream random(3, 0, "keys");
      CacheSlot largest = 0;
      const auto request = [&](std::uint64_t times) {
        for (std::uint64_t i = 0; i < times; ++i) {
          const std::uint64_t key = popularity.draw(random);
          if (policy->lookup(key) != no_slot) continue;
          const CacheSlot slot = policy->insert(key);
          if (slot != no_slot) largest = std::max(largest, slot);
        }
      };
      request(10 * room);
      REQUIRE(policy->size() == room);
      const std::size_t before = policy->memory_bytes();
      request(3 * room);
      CHECK(policy->memory_bytes() == before);
      CHECK(policy->memory_bytes() <= 42 * room);
      if (!in_bytes) CHECK(largest <= room);
    }
  }
}

}  // namespace headroom
