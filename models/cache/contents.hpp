#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/cache/entries.hpp"
#include "models/cache/plan.hpp"
#include "models/cache/refills.hpp"
#include "models/keys.hpp"
#include "models/request.hpp"
#include "models/results.hpp"
#include "models/versions.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

/// What one cache replica knows and answers, in no time.
///
/// What is stale: an entry carries the version of the value that was set, which is that of the read
/// or write that brought it to the caller, or the truth at the instant of the set where the caller
/// brought none. From the instant on at which the store commits a newer version (`Versions`), a
/// get that is answered with the entry is a stale read.
class Contents {
 public:
  /// `name` is that of the replica. `keys` by number less one. All of them outlive it. `end`: of
  /// the run, or 0.
  Contents(sim::Simulation& simulation, const CachePlan& plan, const std::string& name,
           std::span<const KeySpace> keys, Versions& versions, sim::Time end);

  /// The answer to a get: a hit or a miss, or that someone else fetches the value, for
  /// which it waits outside or inside.
  [[gnu::always_inline]] Reply look_up(const Request& request) {
    ++counts_.gets;
    if (!is_plain_) return look_up_with_care(request);
    const CacheSlot entry = entries_.get(request.item());
    return entry == no_slot ? missed(request) : hit(request, entry, Lookup::hit);
  }
  /// Whether this get waits in the cache, as `look_up` has answered.
  bool waits_inside(const Reply& reply) const {
    return reply.lookup == Lookup::wait && plan_.stampede == Stampede::coalesce;
  }
  /// Where a get that waits hears of the value, and until when it waits at most.
  sim::Time wait_for(const Request& request, sim::Trigger<Refills::News> trigger);
  /// The answer to a get that has waited, as far as what it heard is one; else it waits again, or
  /// it is up to its caller now to fetch the value.
  Reply look_again(const Request& request, const std::optional<Refills::News>& news);
  /// A get that waited is gone, with its caller or with the replica.
  void stop_waiting() {
    --waiting_;
    ++counts_.gone;
  }

  /// Sets the value in the hand of the request, or one made for it now.
  Reply set(const Request& request);
  Reply erase(const Request& request);
  void give_up(const Request& request);
  /// The version that the store gave to what was set here.
  void settle(const Request& request, std::uint32_t version);

  /// The store has committed a newer version of the item.
  void on_commit(std::uint64_t item);
  /// The store's feed says that the item was written.
  void invalidate(std::uint64_t item);
  void clear();

  void count_acknowledged() { ++counts_.acknowledged; }
  void count_lost(std::uint64_t writes) { counts_.lost_writes += writes; }
  void start_measuring();
  /// So far; that every get is accounted for is asserted.
  CacheResult result() const;

 private:
  Reply look_up_with_care(const Request& request);
  Reply chance(const Request& request);
  Reply missed(const Request& request);
  [[gnu::always_inline]] Reply hit(const Request& request, CacheSlot entry, Lookup lookup) {
    ++counts_.hits;
    if (entries_.is_stale(entry, now())) [[unlikely]]
      note_stale(entries_.stale_since(entry));
    return answer(request, entries_.version(entry), lookup);
  }
  void note_stale(sim::Time since);
  Reply delayed_hit(const Request& request, std::uint32_t version);
  static Reply answer(const Request& request, std::uint32_t version, Lookup lookup) {
    Reply reply;
    reply.version = version;
    reply.version_space = request.key_space;
    reply.lookup = lookup;
    return reply;
  }
  bool expires_early(const Request& request, CacheSlot entry) const;
  sim::Duration time_to_fetch(const Request& request);
  bool held_by(const Request& request) const;
  bool is_refused(const Request& request) const;
  sim::Time end_of_life(const Request& request) const;
  std::int64_t size_of(const Request& request) const;
  sim::Time now() const { return simulation_.now(); }

  sim::Simulation& simulation_;
  const CachePlan& plan_;
  bool is_plain_;        ///< What is here is a hit: there are contents, and none of them expires.
  std::uint64_t draws_;  ///< Hash of the service's name: a replica draws as any other would.
  std::span<const KeySpace> keys_;
  Versions& versions_;
  Entries entries_;
  Refills refills_;
  CacheResult counts_;
  std::int64_t waiting_ = 0;  ///< Gets that wait here for a value.
  std::int64_t waiting_at_start_ = 0;
};

}  // namespace headroom
