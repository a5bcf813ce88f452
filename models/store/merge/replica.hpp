#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/courier.hpp"
#include "models/item_table.hpp"
#include "models/store/copy_routes.hpp"
#include "models/store/node.hpp"
#include "models/store/peer_replica.hpp"
#include "models/store/replication.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/scope.hpp"

namespace headroom {

class MergeGroup;

/// The value of an item at one copy. Of two values of a register the one with the later stamp
/// counts, of equal stamps that of the higher copy; counters and sets have what each copy did.
struct MergeValue {
  std::int64_t stamp = 0;     ///< By the clock of the copy that wrote it, ns.
  std::uint32_t version = 0;  ///< Of the write; of a counter or a set: how much is in it.
  std::uint8_t copy = 0;      ///< That wrote it.
  std::vector<std::uint32_t> by_copy{};

  /// Takes what `other` has and this has not; whether there was any.
  bool merge(const MergeValue& other);
};

struct MergeMessage {
  std::uint8_t from = 0;
  bool is_answer = false;
  std::uint64_t number = 0;  ///< Of the message that is answered.
  std::vector<std::pair<std::uint64_t, MergeValue>> items;
};

/// One copy that reads and writes by itself and exchanges what is new with the others: with all of
/// them as soon as it can, or by gossip, with one at random now and then. What it holds, and what
/// it has to tell, survives a crash.
class MergeReplica final : public PeerReplica {
 public:
  MergeReplica(MergeGroup& group, StoreNode& node, std::uint8_t index);
  ~MergeReplica() override { scope_.close(); }

  void start();
  void receive(MergeMessage message);

  std::optional<Reply> decline(const Request&) override { return std::nullopt; }
  sim::Task<Reply> finish(Request request) override;
  void on_kill() override;
  void on_up() override { start(); }
  void on_resume() override;

  const MergeValue* value(std::uint64_t item) const { return values_.find(item); }

 private:
  /// What another copy was not told yet.
  struct Peer {
    std::vector<std::uint64_t> items;  ///< Each once.
    ItemTable<bool> waits;             ///< Of these.
    std::vector<std::uint64_t> flying;
    std::uint64_t number = 0;
  };
  void write(const Request& request, Reply& reply);
  void changed(std::uint64_t item, const MergeValue& value, std::uint8_t except);
  bool take_news(MergeValue& mine, const MergeValue& theirs) const;
  void add(Peer& peer, std::uint64_t item);
  void tell(std::uint8_t to);
  std::vector<std::pair<std::uint64_t, MergeValue>> take(Peer& peer);
  void put_back(Peer& peer);
  sim::Task<> exchange();

  MergeGroup& group_;
  ItemTable<MergeValue> values_;
  std::vector<Peer> peers_;
  std::vector<MergeMessage> inbox_;
  std::uint64_t drawn_ = 0;
};

/// The copies of one shard that write each by itself.
class MergeGroup {
 public:
  MergeGroup(const ReplicationSetup& setup, std::string name, std::span<StoreNode* const> nodes,
             bool gossips);
  sim::Simulation& simulation() const { return setup_.simulation; }
  const ReplicationSetup& setup() const { return setup_; }
  const ReplicationPlan& plan() const { return setup_.plan.replication; }
  const std::string& name() const { return name_; }
  bool gossips() const { return gossips_; }
  /// Values are what was done, not what was written last.
  bool counts() const { return plan().counts(); }
  std::size_t size() const { return replicas_.size(); }
  MergeReplica& replica(std::size_t index) { return *replicas_[index]; }
  void start(Courier* courier);
  void post(std::uint8_t from, std::uint8_t to, MergeMessage message);
  /// A write that nobody will read was merged away: another one had a later stamp.
  void on_overwritten() { ++overwritten_; }
  std::uint64_t overwritten() const { return overwritten_; }
  void start_measuring() { overwritten_ = 0; }

 private:
  static sim::Task<> deliver(sim::Simulation& simulation, MergeGroup* group, std::uint8_t to,
                             MergeMessage message, std::uint64_t key);

  const ReplicationSetup setup_;
  std::string name_;
  bool gossips_;
  std::vector<std::unique_ptr<MergeReplica>> replicas_;
  Courier* courier_ = nullptr;
  std::uint64_t draws_, sent_ = 0, overwritten_ = 0;
};

/// Every copy of a shard reads and writes; callers ask the one in their place.
class MergeReplication final : public Replication {
 public:
  MergeReplication(const ReplicationSetup& setup, bool gossips);
  sim::Simulation& simulation() const { return setup_.simulation; }
  sim::Task<Reply> read(const Shard* shard, Request request) override {
    return routes_.read_from(shard, nearest(*shard, request), request);
  }
  sim::Task<Reply> write(const Shard* shard, Request request) override {
    return ask(shard, request);
  }
  void start(Courier* courier, EventLog* log) override;
  void start_measuring() override;
  void add_to(ServiceResult& result) const override;
  std::uint32_t counted(std::uint64_t item) const override;

 private:
  sim::Task<Reply> ask(const Shard* shard, Request request);
  std::uint32_t nearest(const Shard& shard, const Request& request) const;

  const ReplicationSetup setup_;
  CopyRoutes routes_;
  std::vector<std::unique_ptr<MergeGroup>> groups_;
};

}  // namespace headroom
