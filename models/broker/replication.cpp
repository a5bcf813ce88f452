// How the copies of a partition follow its leader, and what happens when one of them dies.
#include <algorithm>

#include "models/broker/broker.hpp"
#include "sim/kernel/call.hpp"
#include "sim/kernel/scope.hpp"

namespace headroom {

namespace {

// Chosen: long against the way there and back, short against what it takes to give a replica up.
constexpr sim::Duration between_tries = sim::Duration::ms(500);
// As of TCP: the first timeout is of a second, and doubles while nothing comes (RFC 6298).
constexpr sim::Duration first_patience = sim::Duration::seconds(1);

}  // namespace

std::string Broker::name_of(std::uint32_t partition) const {
  return partitions_.size() == 1 ? name_ : name_ + ".partition[" + std::to_string(partition) + "]";
}

std::int64_t Broker::bytes_of(BrokerPartition& partition, std::uint64_t from, std::uint64_t to) {
  std::int64_t bytes = 0;
  for (std::uint64_t offset = std::max(from, partition.begin()); offset < to; ++offset)
    if (partition.at(offset) != BrokerPartition::no_message)
      bytes += messages_[partition.at(offset)].request.size;
  return bytes;
}

namespace {

/// Whether there is something to send to it, if only the question whether it is there again.
bool lacks(const BrokerPartition& partition, const PartitionCopy& copy) {
  return copy.known < partition.end() || !copy.in_sync;
}

}  // namespace

void Broker::replicate(std::uint32_t number) {
  BrokerPartition& here = partitions_[number];
  if (!here.is_led()) return;
  for (std::size_t i = 0; i < here.copies().size(); ++i) {
    const PartitionCopy& to = here.copies()[i];
    if (i != here.leader() && !to.copying && lacks(here, to)) simulation_.spawn(copy(number, i));
  }
}

/// Sends a copy all that it lacks, until it lacks nothing.
sim::Task<> Broker::copy(std::uint32_t number, std::size_t to) {
  BrokerPartition& here = partitions_[number];
  PartitionCopy& there = here.copies()[to];
  const std::uint64_t epoch = here.epoch();
  there.copying = true;
  there.caught_up_at = simulation_.now();
  sim::Duration patience = first_patience;
  while (here.epoch() == epoch && here.is_led() && lacks(here, there)) {
    const sim::Time sent_at = simulation_.now();
    auto parcel = std::make_shared<Parcel>();
    *parcel = {number, {}, {}, true, to, epoch, here.end(), false};
    Request request;
    request.draw_key = sim::mix(sim::hash_name(name_), ++copies_sent_);
    request.zone = nodes_[here.leader_node()]->zone();
    request.size = bytes_of(here, there.known, here.end());
    request.number = next_parcel_++;
    const std::uint64_t end = here.end();
    parcels_.at(request.number) = parcel;
    sim::Call call(simulation_, ways_[there.node]->call(request));
    call.give_up(sent_at + patience, sim::Lane());
    const auto answer = co_await call;
    parcels_.erase(request.number);
    if (here.epoch() != epoch) co_return;
    if (answer && answer->is_ok()) {
      patience = first_patience;
      there.known = end;
      there.caught_up_at = sent_at;
      if (there.known == here.end()) there.in_sync = true;
      advance(number);
      continue;
    }
    if (there.in_sync && simulation_.now() - there.caught_up_at >= terms_.replica_timeout) {
      there.in_sync = false;
      note("out of sync", name_of(number), {{"broker", static_cast<double>(there.node)}});
      advance(number);
    }
    if (answer) {
      co_await simulation_.delay(between_tries);
    } else {
      patience = std::min(patience + patience, terms_.replica_timeout);
    }
  }
  if (here.epoch() == epoch) there.copying = false;
}

Reply Broker::take_copy(const Parcel& parcel) {
  BrokerPartition& here = partitions_[parcel.partition];
  if (here.epoch() != parcel.epoch) return Reply::rejected(DropCause::no_backend);
  PartitionCopy& own = here.copies()[parcel.copy];
  own.end = std::max(own.end, parcel.end);
  return Reply::ok();
}

void Broker::advance(std::uint32_t number) {
  BrokerPartition& here = partitions_[number];
  const std::uint64_t from = here.visible();
  if (!here.advance()) return;
  const bool enough = terms_.by_majority || here.in_sync() >= terms_.min_insync;
  while (!here.waiters().empty() && here.waiters().front().end <= here.visible()) {
    here.waiters().front().answer.fire(enough);
    here.waiters().pop_front();
  }
  on_visible(number, from);
}

void Broker::on_life(std::size_t index, bool is_up) {
  const auto node = static_cast<std::uint32_t>(index);
  if (!is_up) simulation_.spawn(fence_later(node, ++downs_[node]));
  if (!cut_off_[node]) set_there(node, is_up);
}

/// A node is there for the others, or not.
void Broker::set_there(std::uint32_t node, bool is_up) {
  for (std::uint32_t number = 0; number < partitions_.size(); ++number) {
    BrokerPartition& here = partitions_[number];
    for (PartitionCopy& each : here.copies())
      if (each.node == node) each.is_up = is_up;
    if (is_up && here.leader() == BrokerPartition::nobody) elect(number);
    if (here.leader() != BrokerPartition::nobody && here.leader_node() == node) on_leader(number);
    replicate(number);
  }
}

sim::Task<> Broker::fence_later(std::uint32_t node, std::uint64_t down) {
  co_await simulation_.delay(terms_.failover);
  if (!nodes_[node]->up() && downs_[node] == down) fence(node);
}

/// A node that stays away is taken out of what it was in sync with, and others lead.
void Broker::fence(std::uint32_t node) {
  for (std::uint32_t number = 0; number < partitions_.size(); ++number) {
    BrokerPartition& here = partitions_[number];
    for (std::size_t i = 0; i < here.copies().size(); ++i) {
      if (here.copies()[i].node != node) continue;
      const bool led = here.leader() == i;
      // The last one in sync stays so: only it has all that was acknowledged.
      if (here.in_sync() > 1) here.copies()[i].in_sync = false;
      if (led) elect(number);
    }
    advance(number);
    replicate(number);
  }
}

/// Who cannot be reached by most of the others, or by as many as not with node 0 among them, is cut
/// off: after `failover` others lead, until he is back.
sim::Task<> Broker::watch_nodes() {
  const std::size_t size = nodes_.size();
  const auto interval =
      sim::Duration::ns(std::max<std::int64_t>(1, terms_.failover.count_ns() / 3));
  answers_.assign(size * size, true);
  std::vector<sim::Time> reached_at(size);
  for (;;) {
    co_await simulation_.delay(interval);
    const sim::Time now = simulation_.now();
    for (std::uint32_t node = 0; node < size; ++node) {
      std::size_t reached = 1;  // by itself
      for (std::uint32_t from = 0; from < size; ++from)
        reached += from != node && answers_[from * size + node] ? 1 : 0;
      const bool with_first = node == 0 || answers_[node];
      const bool is_reached = 2 * reached > size || (2 * reached == size && with_first);
      if (is_reached || !nodes_[node]->up()) reached_at[node] = now;
      const bool was_cut_off = cut_off_[node];
      cut_off_[node] = !is_reached && nodes_[node]->up() &&
                       (was_cut_off || now - reached_at[node] >= terms_.failover);
      if (cut_off_[node] == was_cut_off) continue;
      note(was_cut_off ? "broker back" : "broker cut off",
           name_ + "[" + std::to_string(node) + "]");
      set_there(node, was_cut_off && nodes_[node]->up());
      if (!was_cut_off) fence(node);
    }
    for (std::uint32_t from = 0; from < size; ++from)
      for (std::uint32_t to = 0; to < size; ++to)
        if (from != to && nodes_[from]->up()) simulation_.spawn(look(from, to, interval));
  }
}

/// Whether one node reaches another, or the other is down, which is for others to find out.
sim::Task<> Broker::look(std::uint32_t from, std::uint32_t to, sim::Duration patience) {
  const std::size_t place = from * nodes_.size() + to;
  sim::Scope probe(simulation_);
  sim::Event<bool> answer(simulation_);
  probe.spawn(ask_node(to, nodes_[from]->zone(), answer.trigger()));
  const auto heard = co_await sim::before(simulation_.now() + patience, answer.happens());
  answers_[place] = (heard && *heard) || !nodes_[to]->up();
}

sim::Task<> Broker::ask_node(std::uint32_t node, std::uint16_t zone, sim::Trigger<bool> answer) {
  const bool heard = co_await ways_[node]->probe(zone);
  answer.fire(heard);
}

void Broker::start() {
  if (nodes_.size() > 1) simulation_.spawn(watch_nodes());
}

void Broker::elect(std::uint32_t number) {
  BrokerPartition& here = partitions_[number];
  if (!here.elect()) return;
  while (!here.waiters().empty()) {
    here.waiters().front().answer.fire(false);
    here.waiters().pop_front();
  }
  if (here.leader() != BrokerPartition::nobody) {
    truncate(here);
    ++failovers_;
    note("leader elected", name_of(number), {{"broker", static_cast<double>(here.leader_node())}});
  }
  on_leader(number);
  advance(number);
}

/// What the new leader does not hold is gone.
void Broker::truncate(BrokerPartition& partition) {
  const std::uint64_t held = partition.copies()[partition.leader()].end;
  HEADROOM_CHECK_IN(simulation_, held >= partition.visible());
  while (partition.end() > held) {
    const Messages::Number number = partition.pop_back();
    if (number == BrokerPartition::no_message) continue;
    BrokerMessage& message = messages_[number];
    for (auto& books : books_) {
      if (message.acknowledged)
        books->lose(message, Loss::failover);
      else
        books->withdraw(message);
    }
    messages_.release(number);
  }
}

}  // namespace headroom
