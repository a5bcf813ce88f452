// Every policy against its naive twin: the same requests hit, one by one.
#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/cache/policy.hpp"
#include "models/cache/test_naive_learning_policies.hpp"
#include "models/popularity.hpp"

namespace headroom {

namespace {

using Keys = std::vector<std::uint64_t>;
using Twin = std::unique_ptr<naive::Cache>;

const sim::Stream random_stream(11, 0, "cache");

template <class Policy>
Twin make(std::uint64_t room, naive::SizeOf size_of) {
  return std::make_unique<Policy>(room, std::move(size_of));
}

struct Pair {
  std::string_view name;
  Twin (*make)(std::uint64_t room, naive::SizeOf size_of);
  bool any_sizes;  ///< Else its twin knows one size only.
};

const Pair pairs[] = {
    {"lru", make<naive::Lru>, true},
    {"fifo", make<naive::Fifo>, true},
    {"clock", make<naive::Clock>, false},
    {"random",
     [](std::uint64_t room, naive::SizeOf size_of) -> Twin {
       return std::make_unique<naive::Random>(room, std::move(size_of), random_stream);
     },
     true},
    {"lfu", make<naive::Lfu>, true},
    {"gdsf", make<naive::Gdsf>, true},
    {"slru", make<naive::Slru>, true},
    {"two_q", make<naive::TwoQ>, true},
    {"arc", make<naive::Arc>, false},
    {"sieve", make<naive::Sieve>, true},
    {"s3_fifo", make<naive::S3Fifo>, true},
    {"w_tinylfu", make<naive::WTinyLfu>, false},
};

Keys zipf(double exponent) {
  const Popularity popularity(400, exponent);
  sim::Stream random(1, 0, "keys");
  Keys keys(6'000);
  for (std::uint64_t& key : keys)
    key = popularity.draw(random);
  return keys;
}

Keys loop(std::uint64_t length) {
  Keys keys(3'000);
  for (std::size_t i = 0; i < keys.size(); ++i)
    keys[i] = i % length;
  return keys;
}

/// A popularity that shifts, among scans of keys that never come again.
Keys scans() {
  Keys keys;
  sim::Stream random(2, 0, "keys");
  const Popularity popularity(100, 0.9);
  std::uint64_t fresh = 1'000'000;
  for (int phase = 0; phase < 30; ++phase) {
    for (int i = 0; i < 150; ++i)
      keys.push_back(50 * static_cast<std::uint64_t>(phase) + popularity.draw(random));
    for (int i = 0; i < 50; ++i)
      keys.push_back(fresh++);
  }
  return keys;
}

std::vector<std::pair<std::string, Keys>> traces() {
  return {{"zipf 0.7", zipf(0.7)},  {"zipf 1.1", zipf(1.1)},    {"uniform", zipf(0)},
          {"loop of 90", loop(90)}, {"loop of 110", loop(110)}, {"scans", scans()}};
}

/// The first request that only one of both hits; as many as there are where they agree.
std::size_t first_difference(EvictionPolicy& policy, naive::Cache& twin, const Keys& keys,
                             const naive::SizeOf& size_of, std::uint64_t& misses) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool hit = policy.lookup(keys[i]) != no_slot;
    if (hit != twin.request(keys[i])) return i;
    if (hit) continue;
    ++misses;
    policy.insert(keys[i], size_of(keys[i]));
  }
  return keys.size();
}

}  // namespace

TEST_CASE("every policy has a naive twin") {
  REQUIRE(std::size(pairs) == eviction_policies().size());
  for (std::size_t i = 0; i < std::size(pairs); ++i)
    CHECK(pairs[i].name == eviction_policies()[i].name);
}

TEST_CASE("policies hit and miss exactly as their naive twins do") {
  const naive::SizeOf one = [](std::uint64_t) { return 1; };
  for (const auto& [trace, keys] : traces()) {
    for (const Pair& pair : pairs) {
      for (const std::uint64_t room : {1u, 2u, 3u, 4u, 10u, 17u, 40u, 100u, 130u, 250u}) {
        INFO(pair.name << ", room " << room << ", " << trace);
        const auto policy =
            make_eviction_policy(pair.name, CacheRoom::entries(room), random_stream);
        std::uint64_t misses = 0;
        CHECK(first_difference(*policy, *pair.make(room, one), keys, one, misses) == keys.size());
        if (room >= 40 && !trace.starts_with("loop")) CHECK(misses < keys.size());
      }
    }
  }
}

TEST_CASE("policies of sized entries hit and miss exactly as their naive twins do") {
  const naive::SizeOf size_of = [](std::uint64_t key) { return 1 + sim::mix(key) % 37; };
  for (const auto& [trace, keys] : traces()) {
    for (const Pair& pair : pairs) {
      if (!pair.any_sizes) continue;
      for (const std::uint64_t room : {50u, 401u, 1'000u, 3'000u}) {
        INFO(pair.name << ", room " << room << ", " << trace);
        const auto policy = make_eviction_policy(pair.name, CacheRoom::bytes(room), random_stream);
        std::uint64_t misses = 0;
        CHECK(first_difference(*policy, *pair.make(room, size_of), keys, size_of, misses) ==
              keys.size());
      }
    }
  }
}

TEST_CASE("bytes are entries where all entries have one byte") {
  for (const auto& [trace, keys] : traces()) {
    for (const Choice& choice : eviction_policies()) {
      INFO(choice.name << ", " << trace);
      const auto entries =
          make_eviction_policy(choice.name, CacheRoom::entries(128), random_stream);
      const auto bytes = make_eviction_policy(choice.name, CacheRoom::bytes(128), random_stream);
      for (const std::uint64_t key : keys) {
        const bool hit = entries->lookup(key) != no_slot;
        REQUIRE((bytes->lookup(key) != no_slot) == hit);
        if (hit) continue;
        entries->insert(key);
        bytes->insert(key, 1);
      }
    }
  }
}

}  // namespace headroom
