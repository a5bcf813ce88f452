#include "models/store/chain/group.hpp"

#include <algorithm>
#include <utility>

#include "sim/kernel/call.hpp"

namespace headroom {

ChainGroup::ChainGroup(const ReplicationSetup& setup, std::string name,
                       std::span<StoreNode* const> nodes)
    : setup_(setup), name_(std::move(name)), draws_(sim::hash_name(name_)) {
  for (std::uint8_t i = 0; i < nodes.size(); ++i) {
    replicas_.push_back(std::make_unique<ChainReplica>(*this, *nodes[i], i));
    members_.push_back(i);
  }
}

void ChainGroup::start(Courier* courier, EventLog* log) {
  courier_ = courier;
  log_ = log;
  for (auto& replica : replicas_)
    replica->start();
}

std::uint8_t ChainGroup::neighbour(std::uint8_t copy, int way) const {
  const auto at = std::find(members_.begin(), members_.end(), copy);
  if (at == members_.end()) return nobody;
  const auto place = at - members_.begin() + way;
  const bool is_there = place >= 0 && place < static_cast<std::ptrdiff_t>(members_.size());
  return is_there ? members_[static_cast<std::size_t>(place)] : nobody;
}

sim::Task<bool> ChainGroup::carry(std::uint8_t from, std::uint8_t to, std::int64_t bytes) {
  if (courier_ == nullptr) {
    co_await simulation().delay(sim::Duration());
    co_return true;
  }
  const std::uint64_t key = sim::mix(draws_, ++sent_);
  auto carried =
      courier_->carry(replicas_[from]->node().zone(), replicas_[to]->node().zone(), bytes, key);
  co_return co_await carried;
}

void ChainGroup::post(std::uint8_t from, std::uint8_t to, ChainMessage message) {
  message.from = from;
  message.chain = number_;
  simulation().spawn(deliver(simulation(), this, to, std::move(message)));
}

sim::Task<> ChainGroup::deliver(sim::Simulation&, ChainGroup* group, std::uint8_t to,
                                ChainMessage message) {
  std::int64_t bytes = message_bytes;
  for (const LogEntry& entry : message.entries)
    bytes += bytes_of(entry, group->setup_.keys);
  auto carried = group->carry(message.from, to, bytes);
  const bool arrived = co_await carried;
  if (arrived) group->replicas_[to]->receive(std::move(message));
}

void ChainGroup::change(const char* event, std::uint8_t copy) {
  ++changes_;
  if (log_ != nullptr)
    log_->note(event, name_,
               {{"copy", static_cast<double>(copy)},
                {"head", static_cast<double>(head())},
                {"tail", static_cast<double>(tail())}});
  renumber();
}

void ChainGroup::renumber() {
  ++number_;
  for (const std::uint8_t member : members_)
    replicas_[member]->on_change();
}

void ChainGroup::on_down(std::uint8_t copy) {
  simulation().spawn(take_out(copy, replicas_[copy]->node().lives()));
}

sim::Task<> ChainGroup::take_out(std::uint8_t copy, std::uint64_t lives) {
  co_await simulation().delay(setup_.plan.replication.failover);
  StoreNode& node = replicas_[copy]->node();
  if (node.up() || node.lives() != lives || members_.size() == 1) co_return;
  if (std::erase(members_, copy) == 0) co_return;
  change("taken out of the chain", copy);
}

void ChainGroup::on_up(std::uint8_t copy) {
  const bool is_in = std::find(members_.begin(), members_.end(), copy) != members_.end();
  if (is_in) {
    // Nobody missed it. What it had not made durable comes again.
    return renumber();
  }
  simulation().spawn(take_in(copy, replicas_[copy]->node().lives()));
}

/// It is up, and has not crashed since.
bool ChainGroup::is_as_it_was(std::uint8_t copy, std::uint64_t lives) const {
  const StoreNode& node = replicas_[copy]->node();
  return node.up() && node.lives() == lives;
}

/// All that the tail has is sent, one copy after the other; then, while the tail stands still, what
/// came meanwhile, with which the copy is the tail.
sim::Task<> ChainGroup::take_in(std::uint8_t copy, std::uint64_t lives) {
  while (is_as_it_was(copy, lives)) {
    if (takes_in_ || !replicas_[tail()]->node().up()) {
      co_await simulation().delay(setup_.plan.replication.beat());
      continue;
    }
    takes_in_ = true;
    const std::uint8_t from = tail();
    ChainReplica& last = *replicas_[from];
    ChainReplica& comes = *replicas_[copy];
    const std::uint64_t lives_of_last = last.node().lives();
    const ItemTable<std::uint32_t> state = last.node().all();
    const std::uint64_t index = last.durable();
    last.keep_after(index);
    auto first = bring(from, copy, static_cast<std::int64_t>(state.size()) * snapshot_item_bytes);
    bool is_there = co_await first;
    is_there &= is_as_it_was(copy, lives) && tail() == from && is_as_it_was(from, lives_of_last);
    if (is_there) {
      comes.install(state, index);
      const std::vector<LogEntry> rest = last.freeze();
      auto second = bring(from, copy, static_cast<std::int64_t>(rest.size()) * snapshot_item_bytes);
      is_there = co_await second;
      is_there &= is_as_it_was(copy, lives) && tail() == from && is_as_it_was(from, lives_of_last);
      if (is_there) comes.add(rest);
    }
    takes_in_ = false;
    if (is_there) members_.push_back(copy);
    last.unfreeze();
    if (!is_there) {
      // A cut that refuses it says so at once, and would do so again at this very instant.
      co_await simulation().delay(setup_.plan.replication.beat());
      continue;
    }
    change("taken into the chain", copy);
    co_return;
  }
}

/// False where it is lost, which nobody says.
sim::Task<bool> ChainGroup::bring(std::uint8_t from, std::uint8_t to, std::int64_t bytes) {
  // Chosen: large ones take their time.
  const auto patience = 6 * setup_.plan.replication.failover;
  auto carried = sim::Call(simulation(), carry(from, to, bytes));
  const auto arrived = co_await sim::before(simulation().now() + patience, std::move(carried));
  co_return arrived.value_or(false);
}

}  // namespace headroom
