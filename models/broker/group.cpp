#include "models/broker/group.hpp"

#include <algorithm>
#include <utility>

#include "models/broker/log.hpp"
#include "sim/kernel/scope.hpp"

namespace headroom {

namespace {

// Chosen: as heartbeat.interval.ms and session.timeout.ms of Kafka, 3 s and 45 s.
constexpr std::int64_t beats_in_a_session = 15;

}  // namespace

ConsumerGroup::ConsumerGroup(MessageLog& log, const GroupPlan& plan, Books& books)
    : log_(log),
      plan_(plan),
      books_(books),
      readings_(log.plan().partitions),
      interval_(sim::Duration::ns(
          std::max<std::int64_t>(1, plan.session_timeout.count_ns() / beats_in_a_session))),
      patience_(log.simulation().lane(interval_)) {}

ConsumerGroup::~ConsumerGroup() = default;

sim::Simulation& ConsumerGroup::simulation() const {
  return log_.simulation();
}

std::size_t ConsumerGroup::add(Consumer& consumer, Endpoint& way) {
  members_.push_back({&consumer, &way, false, consumer.lives(), sim::Time()});
  return members_.size() - 1;
}

void ConsumerGroup::start() {
  for (Member& member : members_)
    member.is_in = member.consumer->is_ready();
  deal_out();
  simulation().spawn(watch());
}

/// Partitions to members in turn. Who is still at work on a partition ends that first.
void ConsumerGroup::deal_out() {
  std::vector<std::size_t> there;
  for (std::size_t i = 0; i < members_.size(); ++i)
    if (members_[i].is_in && members_[i].consumer->is_ready()) there.push_back(i);
  for (std::size_t number = 0; number < readings_.size(); ++number) {
    Reading& reading = readings_[number];
    const std::size_t owner = there.empty() ? Reading::nobody : there[number % there.size()];
    if (std::exchange(reading.owner, owner) != owner) reading.reconnect = Reconnect();
    if (reading.chunk != nullptr && !is_alive(*reading.chunk)) reading.chunk = nullptr;
    if (reading.chunk == nullptr) reading.position = reading.committed;
  }
  feed_all();
}

void ConsumerGroup::rebalance() {
  ++log_.rebalances_;
  is_rebalancing_ = true;
  simulation().spawn(settle(++generation_));
}

sim::Task<> ConsumerGroup::settle(std::uint64_t generation) {
  if (plan_.rebalance > sim::Duration()) co_await simulation().delay(plan_.rebalance);
  if (generation != generation_) co_return;
  is_rebalancing_ = false;
  std::size_t in = 0;
  for (const Member& member : members_)
    in += member.is_in ? 1 : 0;
  log_.note("rebalanced", books_.group(), {{"members", static_cast<double>(in)}});
  deal_out();
}

/// Who begins to leave says so; who comes joins as soon as he is heard of.
void ConsumerGroup::on_member(std::size_t index) {
  Member& member = members_[index];
  const bool is_up = member.consumer->is_heard() || member.consumer->is_ready();
  if (member.consumer->is_ready()) {
    simulation().spawn(beat(index));
  } else if (is_up && member.is_in) {
    member.is_in = false;
    rebalance();
  }
}

sim::Task<> ConsumerGroup::watch() {
  for (;;) {
    co_await simulation().delay(interval_);
    for (std::size_t i = 0; i < members_.size(); ++i)
      if (members_[i].consumer->is_heard()) simulation().spawn(beat(i));
    const sim::Time now = simulation().now();
    bool has_changed = false;
    for (Member& member : members_) {
      if (!member.is_in || now - member.heard <= plan_.session_timeout) continue;
      member.is_in = false;
      has_changed = true;
    }
    if (has_changed) rebalance();
    for (std::uint32_t number = 0; number < readings_.size(); ++number)
      log_.expire(number);
    feed_all();
  }
}

/// A sign of life to whoever leads partition 0; without an answer there is none.
sim::Task<> ConsumerGroup::beat(std::size_t index) {
  const BrokerPartition& first = log_.partition(0);
  if (!first.is_led()) {
    for (Member& member : members_)
      member.heard = simulation().now();  // nobody is there to miss them
    co_return;
  }
  sim::Scope probe(simulation());
  sim::Event<bool> answer(simulation());
  probe.spawn(
      log_.ask_node(first.leader_node(), members_[index].consumer->zone(), answer.trigger()));
  const auto heard = co_await sim::before(patience_, answer.happens());
  if (!heard || !*heard) co_return;
  Member& member = members_[index];
  member.heard = simulation().now();
  const bool is_known = member.is_in && member.life == member.consumer->lives();
  if (is_known || !member.consumer->is_ready()) co_return;
  member.is_in = true;
  member.life = member.consumer->lives();
  rebalance();
}

void ConsumerGroup::feed_all() {
  for (std::uint32_t number = 0; number < readings_.size(); ++number)
    feed(number);
}

}  // namespace headroom
