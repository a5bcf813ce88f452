#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/endpoint.hpp"
#include "models/history.hpp"
#include "models/keys.hpp"
#include "models/store/node.hpp"
#include "models/store/rebalancer.hpp"
#include "models/store/replication.hpp"
#include "models/store/sharding.hpp"
#include "sim/kernel/poll.hpp"

namespace headroom {

/// A service of kind "database": nodes, and how callers find and ask them. The books are those of
/// the nodes, where one operation may be several requests; what callers saw of it is counted apart.
class Database final : public Endpoint {
 public:
  /// Node i stands on site `sites[i]`, which is a zone where nobody says otherwise. `keys` by
  /// number less one.
  Database(sim::Simulation& simulation, const DatabasePlan& plan, std::string name,
           const std::vector<std::uint16_t>& sites, std::span<const KeySpace> keys,
           Versions& versions, const Measurement& measurement);

  std::size_t size() const { return nodes_.size(); }
  StoreNode& node(std::size_t index) { return *nodes_[index]; }
  /// How callers reach a node; without it, at once.
  void set_way(std::size_t node, Endpoint& way);
  /// The zone of each site, of callers too.
  void set_zones(std::vector<std::uint16_t> of_sites) { zone_of_site_ = std::move(of_sites); }
  /// The key space by which callers find a shard, where one is named: `ShardsPlan::key`.
  void set_shard_key(const KeySpace& space) { shard_key_ = space.number(); }
  /// Who changes its shards; null where nobody does.
  Rebalancer* rebalancer() { return rebalancer_ ? &*rebalancer_ : nullptr; }

  /// The operation on the copies of the key's shard.
  sim::Task<Reply> call(Request request) override;
  sim::Task<bool> probe(std::uint16_t zone) override { return nodes_.front()->probe(zone); }

  /// Once, before anything happens: `Replication::start`.
  void start(Courier* courier, EventLog* log) { replication_->start(courier, log); }
  /// The node that leads a shard, or led it last; nothing where its protocol has no leader.
  std::optional<std::uint32_t> leader(std::uint32_t shard) const;
  Replication& replication() { return *replication_; }

  /// Once, before anything happens: the clocks of its nodes may be wrong.
  void expect_wrong_clocks() { stamps_.use(); }
  bool has_wrong_clocks() const { return stamps_.is_used(); }

  void start_measuring();
  ServiceCounts counts() const;
  ServiceResult result() const;
  /// How many values the answer of a node brings; one where it brings none.
  std::int64_t values_in(const Request& request, const Reply& reply);
  /// Adds what its nodes, up or not, hold now of the keys that the history is about.
  void tell_held(StoreHistory& history);

 private:
  sim::Task<Reply> operate(Request request);
  sim::Task<Reply> gather(Request request);
  sim::Task<> look_for(std::uint32_t shard, Request request, sim::Ballot ballot);
  sim::Task<Reply> call_owner(Request request, std::uint32_t* shard);
  sim::Task<Reply> ask(const Shard* shard, Request request);
  void renew_books();
  void book_shard(std::uint32_t shard, const Reply& reply, sim::Time came);
  void book_read(const Request& request, const Reply& reply, sim::Time came,
                 std::uint32_t expected);

  const DatabasePlan& plan_;
  Versions& versions_;
  Station station_;
  Sharding sharding_;
  std::optional<Ownership> ownership_;  ///< Where shards change.
  std::uint8_t shard_key_ = 0;          ///< 0: any.
  std::vector<std::uint16_t> zone_of_site_;
  Stamps stamps_;
  StoreShared shared_;
  std::vector<std::unique_ptr<StoreNode>> nodes_;
  std::vector<Shard> shards_;
  std::unique_ptr<Replication> replication_;
  StoreResult seen_;
  std::optional<Rebalancer> rebalancer_;
};

}  // namespace headroom
