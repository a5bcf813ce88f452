#include "models/cache/trace.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "models/popularity.hpp"

namespace headroom {

namespace {

using Keys = std::vector<std::uint64_t>;

std::uint64_t misses(EvictionPolicy& policy, const Keys& keys) {
  return replay(policy, keys.size(),
                [&](std::size_t i) {
                  return TraceRequest{keys[i], 1};
                })
      .misses;
}

std::uint64_t clairvoyant_misses(const Keys& keys, std::uint64_t room) {
  return misses(*make_clairvoyant(CacheRoom::entries(room), next_requests(keys)), keys);
}

/// The fewest misses of all possible choices, among them not to take a key: every set of cached
/// keys that can be reached is followed.
std::uint64_t fewest_misses(const Keys& keys, std::size_t room) {
  std::map<std::set<std::uint64_t>, std::uint64_t> reached{{{}, 0}};
  for (const std::uint64_t key : keys) {
    std::map<std::set<std::uint64_t>, std::uint64_t> after;
    const auto reach = [&](const std::set<std::uint64_t>& cached, std::uint64_t missed) {
      const auto [at, is_new] = after.try_emplace(cached, missed);
      if (!is_new) at->second = std::min(at->second, missed);
    };
    for (const auto& [cached, missed] : reached) {
      if (cached.contains(key)) {
        reach(cached, missed);
        continue;
      }
      reach(cached, missed + 1);
      std::set<std::uint64_t> more = cached;
      more.insert(key);
      if (more.size() <= room) {
        reach(more, missed + 1);
        continue;
      }
      for (const std::uint64_t gone : cached) {
        std::set<std::uint64_t> other = more;
        other.erase(gone);
        reach(other, missed + 1);
      }
    }
    reached = std::move(after);
  }
  std::uint64_t fewest = keys.size();
  for (const auto& [cached, missed] : reached)
    fewest = std::min(fewest, missed);
  return fewest;
}

Keys zipf(std::uint64_t items, double exponent, std::size_t requests, std::uint64_t seed) {
  const Popularity popularity(items, exponent);
  sim::Stream random(seed, 0, "keys");
  Keys keys(requests);
  for (std::uint64_t& key : keys)
    key = popularity.draw(random);
  return keys;
}

}  // namespace

TEST_CASE("the clairvoyant has the fewest misses of all choices") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Keys keys = zipf(4 + seed % 4, seed % 3 * 0.5, 24, seed);
    for (const std::size_t room : {1u, 2u, 3u}) {
      INFO("seed " << seed << ", room " << room);
      CHECK(clairvoyant_misses(keys, room) == fewest_misses(keys, room));
    }
  }
}

TEST_CASE("no policy beats the clairvoyant, and more room never hurts it, nor LRU") {
  const Keys keys = zipf(2'000, 0.9, 40'000, 5);
  std::uint64_t before = keys.size(), lru_before = keys.size();
  for (const std::uint64_t room : {1u, 2u, 5u, 10u, 50u, 51u, 52u, 200u, 500u, 1000u, 2000u}) {
    const std::uint64_t fewest = clairvoyant_misses(keys, room);
    CHECK(fewest <= before);
    before = fewest;
    for (const Choice& choice : eviction_policies()) {
      INFO(choice.name << ", room " << room);
      const auto policy =
          make_eviction_policy(choice.name, CacheRoom::entries(room), sim::Stream(1, 0, "cache"));
      const std::uint64_t missed = misses(*policy, keys);
      CHECK(missed >= fewest);
      if (choice.name != "lru") continue;
      CHECK(missed <= lru_before);
      lru_before = missed;
    }
  }
}

TEST_CASE("first in first out may suffer from more room") {
  // Source: Belady, Nelson, Shedler 1969.
  const Keys keys{1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};
  const auto with = [&](std::uint64_t room) {
    return misses(*make_eviction_policy("fifo", CacheRoom::entries(room), sim::Stream(1)), keys);
  };
  CHECK(with(3) == 9);
  CHECK(with(4) == 10);
}

}  // namespace headroom
