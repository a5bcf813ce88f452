#include <utility>

#include "models/store/log/entry.hpp"
#include "models/store/merge/replica.hpp"

namespace headroom {

MergeGroup::MergeGroup(const ReplicationSetup& setup, std::string name,
                       std::span<StoreNode* const> nodes, bool gossips)
    : setup_(setup), name_(std::move(name)), gossips_(gossips), draws_(sim::hash_name(name_)) {
  for (std::uint8_t i = 0; i < nodes.size(); ++i)
    replicas_.push_back(std::make_unique<MergeReplica>(*this, *nodes[i], i));
}

void MergeGroup::start(Courier* courier) {
  courier_ = courier;
  for (auto& replica : replicas_)
    replica->start();
}

void MergeGroup::post(std::uint8_t from, std::uint8_t to, MergeMessage message) {
  message.from = from;
  const std::uint64_t key = sim::mix(draws_, ++sent_);
  simulation().spawn(deliver(simulation(), this, to, std::move(message), key));
}

sim::Task<> MergeGroup::deliver(sim::Simulation& simulation, MergeGroup* group, std::uint8_t to,
                                MergeMessage message, std::uint64_t key) {
  if (group->courier_ == nullptr) {
    co_await simulation.delay(sim::Duration());
  } else {
    std::int64_t bytes = message_bytes;
    for (const auto& [item, value] : message.items) {
      LogEntry entry;
      entry.item = item;
      entry.version = value.version;
      bytes += bytes_of(entry, group->setup_.keys);
    }
    const std::uint16_t here = group->replicas_[message.from]->node().zone();
    auto carried = group->courier_->carry(here, group->replicas_[to]->node().zone(), bytes, key);
    const bool arrived = co_await carried;
    if (!arrived) co_return;
  }
  group->replicas_[to]->receive(std::move(message));
}

MergeReplication::MergeReplication(const ReplicationSetup& setup, bool gossips)
    : setup_(setup), routes_(setup.simulation, setup.plan, 0, sim::Duration::seconds(1)) {
  const std::span<StoreNode* const> nodes = setup_.nodes;
  const std::size_t copies = setup.plan.replicas;
  for (std::uint32_t shard = 0; shard < setup.plan.shards.count; ++shard) {
    groups_.push_back(
        std::make_unique<MergeGroup>(setup_, setup.name + ".shard[" + std::to_string(shard) + "]",
                                     nodes.subspan(shard * copies, copies), gossips));
    for (std::size_t copy = 0; copy < copies; ++copy)
      nodes[shard * copies + copy]->set_replica(groups_.back()->replica(copy));
  }
}

void MergeReplication::start(Courier* courier, EventLog*) {
  for (auto& group : groups_)
    group->start(courier);
}

std::uint32_t MergeReplication::nearest(const Shard& shard, const Request& request) const {
  return reader_for(setup_, shard, request).value_or(0);
}

/// The copy in the caller's place, or a random one; where it is not there, the next ones in turn.
sim::Task<Reply> MergeReplication::ask(const Shard* shard, Request request) {
  const std::uint32_t copies = setup_.plan.replicas;
  const std::uint32_t first = nearest(*shard, request);
  for (std::uint32_t i = 0; i < copies; ++i) {
    const Reply reply = co_await shard->nodes[(first + i) % copies]->call(request);
    if (!is_untaken(reply)) co_return reply;
  }
  co_return Reply::rejected(DropCause::no_backend);
}

void MergeReplication::start_measuring() {
  for (auto& group : groups_)
    group->start_measuring();
}

std::uint32_t MergeReplication::counted(std::uint64_t item) const {
  MergeValue all;
  for (const auto& group : groups_)
    for (std::size_t copy = 0; copy < group->size(); ++copy)
      if (const MergeValue* value = group->replica(copy).value(item)) all.merge(*value);
  return all.version;
}

void MergeReplication::add_to(ServiceResult& result) const {
  double overwritten = 0;
  for (const auto& group : groups_)
    overwritten += static_cast<double>(group->overwritten());
  if (!groups_.front()->counts()) result.counts.emplace_back("overwritten_at_once", overwritten);
}

}  // namespace headroom
