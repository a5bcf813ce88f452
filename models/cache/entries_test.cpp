// Values of a cache against plain books of them, and what they take.
#include "models/cache/entries.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace headroom {
namespace {

CachePlan plan_of(std::string_view eviction, std::int64_t capacity) {
  CachePlan plan;
  plan.capacity = Limit{capacity};
  plan.eviction = std::string(eviction);
  return plan;
}

sim::Time at_ms(std::int64_t ms) {
  return sim::Time() + sim::Duration::ms(ms);
}

/// An entry as one would write it down.
struct Plain {
  std::uint32_t version = 0;
  sim::Time since, expires = sim::Time::never(), stale_since = sim::Time::never();
  sim::Duration fetch_time;
};

/// Nanoseconds from `from` to `now` for which it could be found.
__int128 lived(const Plain& entry, sim::Time from, sim::Time now) {
  const sim::Time begin = std::max(entry.since, from), end = std::min(entry.expires, now);
  return end > begin ? (end - begin).count_ns() : 0;
}

TEST_CASE("Entries are what was set, in as few bytes as the end of the run takes") {
  // Up to five, six, seven and eight bytes an instant.
  for (const std::int64_t end_ms : {1'000'000LL, 200'000'000LL, 70'000'000'000LL, 0LL}) {
    CachePlan plan = plan_of("fifo", 300);
    plan.ttl = sim::Duration::seconds(1);
    plan.stampede = Stampede::early_expiry;
    Entries entries(plan, sim::Stream(1, 0, "e"), at_ms(end_ms));
    const std::int64_t last_ms = end_ms > 0 ? end_ms : 9'000'000'000'000LL;
    std::map<std::uint64_t, Plain> plain;
    std::vector<std::uint64_t> order;
    sim::Stream random(static_cast<std::uint64_t>(end_ms), 0, "test");
    const auto below = [&](std::int64_t n) {
      return static_cast<std::int64_t>(random.uniform() * static_cast<double>(n));
    };
    __int128 area = 0;
    sim::Time from;
    for (std::int64_t step = 1; step <= 3000; ++step) {
      const sim::Time now = at_ms(last_ms / 3001 * step);
      const auto item = static_cast<std::uint64_t>(below(400));
      const double what = random.uniform();
      const auto drop = [&](std::uint64_t key) {
        area += lived(plain.at(key), from, now);
        plain.erase(key);
      };
      if (what < 0.6) {
        const bool is_new = !plain.contains(item);
        if (!is_new) drop(item);
        const CacheSlot slot = entries.set(item, 1, now);
        REQUIRE(slot != no_slot);
        Plain& set = plain[item];
        if (is_new) order.push_back(item);
        if (order.size() > 300) {
          drop(order.front());
          order.erase(order.begin());
        }
        set.since = now;
        set.version = static_cast<std::uint32_t>(random());
        set.expires = now + sim::Duration::ns(below(last_ms * 1'000));
        set.fetch_time = sim::Duration::ns(below(last_ms));
        entries.set_version(slot, set.version);
        entries.set_expires(slot, set.expires);
        entries.set_fetch_time(slot, set.fetch_time);
      } else if (what < 0.75) {
        const CacheSlot slot = entries.find(item);
        REQUIRE((slot != no_slot) == plain.contains(item));
        if (slot == no_slot) continue;
        entries.set_stale_since(slot, now);
        plain[item].stale_since = now;
      } else if (what < 0.9) {
        const bool was_there = plain.contains(item);
        if (was_there) drop(item);
        std::erase(order, item);
        REQUIRE(entries.erase(item, now) == was_there);
      } else if (what < 0.901) {
        while (!plain.empty())
          drop(plain.begin()->first);
        order.clear();
        entries.clear(now);
      } else if (what < 0.903) {
        entries.start_measuring(now);
        from = now;
        area = 0;
      }
      __int128 sum = area;
      for (const auto& [key, entry] : plain)
        sum += lived(entry, from, now);
      REQUIRE(entries.area(now) == sum);
      REQUIRE(entries.size() == plain.size());
    }
    for (const auto& [key, entry] : plain) {
      const CacheSlot slot = entries.get(key);
      REQUIRE(slot != no_slot);
      REQUIRE(entries.version(slot) == entry.version);
      REQUIRE(entries.expires(slot) == std::min(entry.expires, entries.expires(slot)));
      if (entry.expires <= at_ms(last_ms)) REQUIRE(entries.expires(slot) == entry.expires);
      REQUIRE(entries.stale_since(slot) == entry.stale_since);
      REQUIRE(entries.fetch_time(slot) == entry.fetch_time);
    }
  }
}

TEST_CASE("What is after the end of a run never comes") {
  CachePlan plan = plan_of("lru", 10);
  plan.ttl = sim::Duration::seconds(1);
  Entries entries(plan, sim::Stream(1, 0, "e"), at_ms(1000));
  const CacheSlot slot = entries.set(1, 1, at_ms(0));
  entries.set_expires(slot, at_ms(1000));
  CHECK(entries.expires(slot) == at_ms(1000));
  entries.set_expires(slot, at_ms(2'000'000));
  CHECK(entries.expires(slot) == sim::Time::never());
  CHECK(entries.stale_since(slot) == sim::Time::never());
}

constexpr std::int64_t room_for = 30'000;  // Entries.
constexpr std::int64_t mean_size = 2'000;  // Bytes.

/// What a scenario may ask for that an entry has to remember.
struct Setting {
  const char* name;
  bool has_ttl;
  Stampede stampede;
  double invalidated;  ///< Share of requests that are followed by a write of the item.
};
const Setting settings[] = {
    {"ttl and early_expiry", true, Stampede::early_expiry, 0},
    {"stale_while_revalidate", true, Stampede::stale_while_revalidate, 0},
    {"invalidation", false, Stampede::none, 0.01},
    {"ttl, early_expiry and invalidation", true, Stampede::early_expiry, 0.002},
};

/// The most bytes an entry while a cache of that setting fills and then works at its capacity.
double most_bytes_an_entry(CachePlan plan, const Setting& setting) {
  constexpr auto three_days = 3LL * 24 * 3600 * 1000;
  if (setting.has_ttl) plan.ttl = sim::Duration::seconds(3600);
  plan.stampede = setting.stampede;
  if (setting.stampede == Stampede::stale_while_revalidate) plan.stale_for = *plan.ttl;
  Entries entries(plan, sim::Stream(1, 0, "e"), at_ms(three_days));
  sim::Stream random(1, 0, "test");
  double most = 0;
  for (std::int64_t i = 0; i < 12 * room_for; ++i) {
    const std::uint64_t key = static_cast<std::uint64_t>(random.uniform() * random.uniform() * 3e5);
    const std::uint64_t item = key ^ std::uint64_t{1} << 56;
    const sim::Time now = at_ms(i);
    if (entries.get(item) == no_slot) {
      sim::Keyed of_item(sim::mix(key, 5));
      const double size = -std::log(1 - of_item.uniform()) * mean_size;
      const CacheSlot slot = entries.set(item, static_cast<std::int64_t>(size), now);
      if (slot != no_slot) {
        if (plan.ttl) entries.set_expires(slot, now + *plan.ttl);
        const auto fetch_ns = static_cast<std::int64_t>(random.uniform() * 4e9);
        entries.set_fetch_time(slot, sim::Duration::ns(fetch_ns));
      }
    }
    if (random.uniform() < setting.invalidated) entries.erase(item, now);
    if (entries.size() > 10'000 && i % 64 == 0)
      most = std::max(most, static_cast<double>(entries.memory_bytes()) / entries.size());
  }
  CHECK(entries.size() > 0.9 * room_for);
  return most;
}

TEST_CASE("An entry with its key takes 64 bytes at most, whatever the policy and the setting") {
  for (const Choice& choice : eviction_policies()) {
    for (const Setting& setting : settings) {
      CachePlan entries = plan_of(choice.name, room_for);
      CachePlan bytes = entries;
      bytes.capacity.reset();
      bytes.memory = Bytes{room_for * mean_size};
      INFO(choice.name << ", " << setting.name);
      CHECK(most_bytes_an_entry(entries, setting) <= 64);
      INFO("room in bytes");
      CHECK(most_bytes_an_entry(bytes, setting) <= 64);
    }
  }
}

}  // namespace
}  // namespace headroom
