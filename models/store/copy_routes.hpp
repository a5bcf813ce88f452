#pragma once

#include <cstdint>
#include <vector>

#include "models/store/replica.hpp"
#include "models/store/replication.hpp"

namespace headroom {

/// By shard, the copies that callers know, where they change.
using KnownCopies = std::vector<std::vector<std::uint32_t>>;

/// The copy that is asked to read where any is good: a random one, or one in the caller's place if
/// there is one. Nothing where reads are not for any copy.
std::optional<std::uint32_t> reader_for(const ReplicationSetup& setup, const Shard& shard,
                                        const Request& request, const KnownCopies* known = nullptr);

/// How callers find the one copy of a shard that does an operation: its leader, say.
///
/// Callers in one place share what they know of it. Who is asked and is not the one names him if it
/// knows him; else the next copy is asked, after pauses that double, as where a partition refuses.
/// Who waits for an answer goes on doing so until his own timeout, as a copy may be slow and what
/// it was asked may be done; only a read whose connection is reset is asked of another one. What
/// comes when a copy has owed answers for longer than `patience` is asked of the next copy, which
/// names it again where it is the one still. An operation that nobody took is rejected in the end.
class CopyRoutes {
 public:
  /// To begin with callers ask copy `first`. `known` outlives this; null: copies do not change.
  CopyRoutes(sim::Simulation& simulation, const DatabasePlan& plan, std::uint32_t first,
             sim::Duration patience, const KnownCopies* known = nullptr)
      : simulation_(simulation),
        known_(known),
        copies_(plan.copies()),
        first_(first),
        patience_(patience),
        routes_(plan.most_shards()) {}
  sim::Simulation& simulation() const { return simulation_; }
  sim::Task<Reply> ask(const Shard* shard, Request request);
  /// A read of that copy, or of the next ones in turn where it is not there.
  sim::Task<Reply> read_from(const Shard* shard, std::uint32_t copy, Request request);

 private:
  /// What callers in one place know of one shard.
  struct Route {
    std::uint32_t copy;
    bool owes = false;  ///< It has not answered since `asked`.
    sim::Time asked{};
  };
  Route& route(const Shard* shard, std::uint16_t zone);
  sim::Task<Reply> read_at(Endpoint* node, Request request);
  std::uint32_t choose(const Shard* shard, std::uint16_t zone);
  std::uint32_t next(const Shard* shard, std::uint32_t copy) const;

  sim::Simulation& simulation_;
  const KnownCopies* known_;
  std::uint32_t copies_, first_;
  sim::Duration patience_;
  std::vector<std::vector<Route>> routes_;  ///< By shard and place.
};

}  // namespace headroom
