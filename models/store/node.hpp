#pragma once

#include "models/instance.hpp"
#include "models/item_table.hpp"
#include "models/store/ownership.hpp"
#include "models/store/plan.hpp"
#include "models/store/replica.hpp"
#include "models/store/stamps.hpp"
#include "models/versions.hpp"
#include "sim/kernel/work.hpp"

namespace headroom {

/// What the nodes of a database share.
struct StoreShared {
  const DatabasePlan& plan;
  Station& station;
  Versions& versions;
  Stamps& stamps;
  Ownership* ownership = nullptr;  ///< Null where shards never change.
};

/// One node: it waits for a slot, works, and reads or writes its copy of a key. A write that is
/// older than what it has changes nothing. What it holds survives a crash.
class StoreNode final : public Instance {
 public:
  StoreNode(sim::Simulation& simulation, const StoreShared& shared, std::uint32_t index,
            std::uint16_t zone);
  ~StoreNode() override { scope_.close(); }

  sim::Task<Reply> call(Request request) override;
  /// A read or write of many keys at once: it waits for a slot and takes as long as of one key;
  /// `work` happens at the end of it.
  sim::Task<Reply> do_bulk(Request request, BulkWork* work);

  /// What it holds of an item; 0 where it holds nothing of it but what there was before all writes.
  std::uint32_t version_of(std::uint64_t item) const {
    const std::uint32_t* held = versions_.find(item);
    return held != nullptr ? *held : 0;
  }
  /// An item that comes from another node; nothing where it holds a later version.
  void put(std::uint64_t item, std::uint32_t version);
  /// What it holds of an item from now on, unless the item has become another shard's.
  void set(std::uint64_t item, std::uint32_t version);
  /// All that it holds; and that it holds just this.
  const ItemTable<std::uint32_t>& all() const { return versions_; }
  void replace_all(const ItemTable<std::uint32_t>& all);
  /// Work as of a write that nobody waits for.
  void charge(std::uint64_t item, std::uint64_t draw_key);
  /// What decides on the operations of clients here; it outlives this node's work.
  void set_replica(Replica& replica) { replica_ = &replica; }
  /// What its disk and its work go as fast as.
  sim::Processor& processor() { return processor_; }
  /// The item is another node's.
  void forget(std::uint64_t item) { versions_.erase(item); }

  using Instance::result;
  using Instance::start_measuring;

 private:
  sim::Task<Reply> serve(Request request, BulkWork* work);
  bool owns(const Request& request) const;
  sim::Task<Reply> tell(Reply reply);
  sim::Task<Reply> tell_nobody_is_here();
  sim::Task<> work_for_nobody(Request request);
  Reply apply(const Request& request, bool writes);
  bool take(const Request& request, std::uint32_t& held);
  std::uint32_t shard() const { return index() / shared_.plan.copies(); }
  void on_speed(double speed) override;
  void on_kill() override;
  void on_up() override;

  const StoreShared& shared_;
  Replica* replica_ = nullptr;  ///< Null where the node alone decides.
  std::uint64_t service_;       ///< Hash of the name of the service.
  sim::Processor processor_;
  ItemTable<std::uint32_t> versions_;  ///< Of the items written here.
  ItemTable<std::uint32_t> dots_;      ///< For tests: given since it has started.
};

}  // namespace headroom
