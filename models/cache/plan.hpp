#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/client_plan.hpp"
#include "models/crash.hpp"
#include "models/fields.hpp"

namespace headroom {

/// What keeps a popular key that is gone from being fetched by everybody at once.
enum class Stampede : std::uint8_t { none, coalesce, lease, early_expiry, stale_while_revalidate };
Choices choices_of(Stampede);

/// Who brings a new value to the store behind.
enum class WritePolicy : std::uint8_t { aside, through, behind };
Choices choices_of(WritePolicy);

/// The store behind a cache that writes for its callers.
struct StorePlan {
  CallTarget target;
  ClientPlan client;  ///< inlined
};
const FieldTable& fields_of(const StorePlan*);

/// Copies of what a store commits are taken out of the cache by a feed from the store.
struct InvalidationPlan {
  Distribution delay;  ///< From the commit.
  Ratio loss;          ///< Of the feed's messages; nobody repeats them.
};
const FieldTable& fields_of(const InvalidationPlan*);

/// A cache of real keys. Kind "cache".
struct CachePlan {
  static constexpr std::uint32_t most_hosts = 256;  ///< A request says in a byte who asks.

  std::vector<ZoneRef> zones;  ///< The first zone of the scenario when empty.
  std::uint32_t replicas = 1;
  std::optional<ServiceRef> local_to;  ///< In whose memory they are; in nobody's when absent.
  Limit concurrency{0};                ///< Slots of one replica; required.
  Limit queue_limit{1000};
  Distribution service_time;
  Crash crash = Crash::reset;
  sim::Duration restart_time;

  // How much one replica holds: one of the first two, or a share of hits in place of contents.
  std::optional<Limit> capacity;  ///< Entries.
  std::optional<Bytes> memory;
  std::optional<Ratio> hit_ratio;
  std::string eviction = "lru";  ///< A name of the catalogue.

  std::optional<sim::Duration> ttl;
  Ratio ttl_jitter;
  bool sliding_ttl = false;
  std::optional<InvalidationPlan> invalidation;

  Stampede stampede = Stampede::none;
  sim::Duration refill_timeout = sim::Duration::seconds(10);
  sim::Duration look_again_after = sim::Duration::ms(10);
  double beta = 1;
  std::optional<sim::Duration> stale_for;

  WritePolicy write = WritePolicy::aside;
  std::optional<StorePlan> store;
  sim::Duration flush_interval = sim::Duration::seconds(1);
};
const FieldTable& fields_of(const CachePlan*);

}  // namespace headroom
