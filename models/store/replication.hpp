#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/courier.hpp"
#include "models/endpoint.hpp"
#include "models/event_log.hpp"
#include "models/field_types.hpp"
#include "models/keys.hpp"
#include "models/results.hpp"
#include "models/store/plan.hpp"
#include "models/store/stamps.hpp"
#include "models/versions.hpp"

namespace headroom {

class StoreNode;

/// The nodes that hold one shard, as a caller reaches them.
struct Shard {
  std::uint32_t number = 0;
  std::vector<Endpoint*> nodes;
};

/// How one operation is done on the copies of a shard. The request is that of the caller; it is
/// about a key. The answer brings the version read, or written.
class Replication {
 public:
  virtual ~Replication() = default;
  virtual sim::Task<Reply> read(const Shard* shard, Request request) = 0;
  virtual sim::Task<Reply> write(const Shard* shard, Request request) = 0;

  /// Once, before anything happens: what copies do of their own accord begins. Without a courier
  /// their messages take no time; without a log nobody is told.
  virtual void start(Courier*, EventLog*) {}
  /// The copy of that shard that leads, or led last; nothing where none ever does.
  virtual std::optional<std::uint32_t> leader(std::uint32_t) const { return std::nullopt; }
  virtual void start_measuring() {}
  /// Its own figures.
  virtual void add_to(ServiceResult&) const {}
  /// Where values are how much was added: how much copies know of together.
  virtual std::uint32_t counted(std::uint64_t) const { return 0; }

  // ---- where shards change; `why_keys_stay` says where they cannot -----------------------------

  /// Copies of that shard which together hold every write that was acknowledged and have it on
  /// their disks now; nothing while nobody knows.
  virtual std::vector<std::uint32_t> holders(std::uint32_t) const { return {}; }
  /// What a shard had begun to write when it was asked for the first time.
  struct Fence {
    std::uint32_t term = 0;
    std::uint64_t last = 0;
  };
  /// Whether all of that has taken effect at the `holders` of now, or never will. `fence` is a new
  /// one to begin with and is asked for again and again.
  virtual bool is_drained(std::uint32_t, Fence&) const { return true; }
  /// So many copies must hold what moves to a shard before it may serve it.
  virtual std::uint32_t takers() const { return 1; }
  /// The shard is about to stop.
  virtual void leave(std::uint32_t) {}
  /// The shard is about to start, with empty disks; it may have been there before.
  virtual void come(std::uint32_t) {}

  /// Once, where copies change: the planned changes come so long after `measuring_starts`. All
  /// shards together hold `stored_bytes` that new copies have to get.
  virtual void change_members(sim::Time, double) {}
};

/// Why keys cannot move between the shards of a database with that replication; null where they
/// can.
const char* why_keys_stay(const ReplicationPlan& plan);

/// What every protocol knows. All of it outlives the protocol.
struct ReplicationSetup {
  sim::Simulation& simulation;
  const DatabasePlan& plan;
  Versions& versions;
  Stamps& stamps;
  std::string name;                ///< Of the database.
  std::span<const KeySpace> keys;  ///< By number less one.
  std::vector<StoreNode*> nodes;   ///< All of them.
  const std::vector<Shard>* shards = nullptr;
  const std::vector<std::uint16_t>* zones = nullptr;  ///< By site; else a site is a zone.

  bool are_in_one_zone(std::uint16_t site, std::uint16_t other) const {
    const auto zone_of = [this](std::uint16_t each) {
      return zones != nullptr && each < zones->size() ? (*zones)[each] : each;
    };
    return zone_of(site) == zone_of(other);
  }
};

std::unique_ptr<Replication> make_replication(const ReplicationSetup& setup);
/// The protocols, with a sentence and the source of each.
Choices replication_protocols();

}  // namespace headroom
