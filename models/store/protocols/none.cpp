// One copy of each key: the node that holds it is asked, and what it says is the truth.
#include "models/store/node.hpp"
#include "models/store/protocols/protocols.hpp"

namespace headroom {

namespace {

class Unreplicated final : public Replication {
 public:
  explicit Unreplicated(const ReplicationSetup& setup)
      : setup_(setup), simulation_(setup.simulation) {}

  sim::Simulation& simulation() const { return simulation_; }
  sim::Task<Reply> read(const Shard* shard, Request request) override {
    return shard->nodes.front()->call(request);
  }
  sim::Task<Reply> write(const Shard* shard, Request request) override {
    // What a cas brings along is what it expects; the node numbers it.
    if (request.operation != Operation::cas)
      request.version = setup_.versions.assign(request.item(), request.draw_key);
    const Reply reply = co_await shard->nodes.front()->call(request);
    if (reply.is_ok()) setup_.versions.commit(request.item(), reply.version);
    co_return reply;
  }
  std::vector<std::uint32_t> holders(std::uint32_t shard) const override {
    if (!setup_.nodes[shard]->up()) return {};
    return {0};
  }

 private:
  ReplicationSetup setup_;
  sim::Simulation& simulation_;
};

}  // namespace

std::unique_ptr<Replication> make_unreplicated(const ReplicationSetup& setup) {
  return std::make_unique<Unreplicated>(setup);
}

}  // namespace headroom
