// Source: van Renesse, Schneider 2004, "Chain replication for supporting high throughput and
// availability". Writes enter at the head and pass from copy to copy; a write is done when the tail
// has it, reads are answered by the tail. Departs from source: the tail tells the head, which
// answers the client; how copies leave and join is told in models/store/chain/group.hpp.
#include "models/store/chain/group.hpp"
#include "models/store/copy_routes.hpp"
#include "models/store/protocols/protocols.hpp"

namespace headroom {

namespace {

class Chain final : public Replication {
 public:
  explicit Chain(const ReplicationSetup& setup)
      : setup_(setup),
        heads_(setup.simulation, setup.plan, 0, setup.plan.replication.failover),
        tails_(setup.simulation, setup.plan, setup.plan.replicas - 1,
               setup.plan.replication.failover) {
    const std::span<StoreNode* const> nodes = setup.nodes;
    const std::size_t copies = setup.plan.replicas;
    for (std::uint32_t shard = 0; shard < setup.plan.shards.count; ++shard) {
      groups_.push_back(
          std::make_unique<ChainGroup>(setup, setup.name + ".shard[" + std::to_string(shard) + "]",
                                       nodes.subspan(shard * copies, copies)));
      for (std::size_t copy = 0; copy < copies; ++copy)
        nodes[shard * copies + copy]->set_replica(groups_.back()->replica(copy));
    }
  }

  sim::Task<Reply> read(const Shard* shard, Request request) override {
    if (const auto copy = reader_for(setup_, *shard, request))
      return tails_.read_from(shard, *copy, request);
    return tails_.ask(shard, request);
  }
  sim::Task<Reply> write(const Shard* shard, Request request) override {
    return heads_.ask(shard, request);
  }
  void start(Courier* courier, EventLog* log) override {
    for (auto& group : groups_)
      group->start(courier, log);
  }
  std::optional<std::uint32_t> leader(std::uint32_t shard) const override {
    return groups_[shard]->head();
  }
  void start_measuring() override {
    for (auto& group : groups_)
      group->start_measuring();
  }
  void add_to(ServiceResult& result) const override {
    double changes = 0;
    for (const auto& group : groups_)
      changes += static_cast<double>(group->changes());
    result.counts.emplace_back("chain_changes", changes);
  }

 private:
  const ReplicationSetup setup_;
  CopyRoutes heads_, tails_;
  std::vector<std::unique_ptr<ChainGroup>> groups_;
};

}  // namespace

std::unique_ptr<Replication> make_chain(const ReplicationSetup& setup) {
  return std::make_unique<Chain>(setup);
}

}  // namespace headroom
