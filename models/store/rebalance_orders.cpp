// Which changes of shards are made, and when: those of the plan, or those that an autoscaler
// orders.
#include <utility>

#include "models/store/rebalancer.hpp"

namespace headroom {

namespace {

constexpr auto leave_poll = sim::Duration::ms(100);  // Chosen: a removed shard is in no hurry.

}  // namespace

void Rebalancer::plan_change(const RebalancePlan& plan, std::uint32_t first) {
  changes_.push_back({plan, first});
  RebalanceResult& result = results_.emplace_back();
  result.change = change_text(plan, first);
  result.due_ns = plan.at.count_ns();
}

void Rebalancer::start(sim::Time measuring_starts) {
  simulation_.spawn(run(measuring_starts));
}

sim::Task<> Rebalancer::run(sim::Time measuring_starts) {
  while (made_ < setup_.plan.rebalance.size()) {
    const sim::Time due = measuring_starts + changes_[made_].plan.at;
    if (due > simulation_.now()) co_await simulation_.delay(due - simulation_.now());
    auto made = make_change(made_);
    co_await made;
  }
}

void Rebalancer::add(std::uint32_t shard) {
  RebalancePlan plan;
  plan.add = 1;
  order(plan, shard);
}

void Rebalancer::remove(std::uint32_t shard) {
  RebalancePlan plan;
  plan.remove = shard;
  order(plan, 0);
}

void Rebalancer::order(RebalancePlan plan, std::uint32_t first) {
  const bool is_idle = made_ == changes_.size();
  plan.move = setup_.plan.moves;
  plan_change(plan, first);
  if (is_idle) simulation_.spawn(work_off());
}

sim::Task<> Rebalancer::work_off() {
  while (made_ < changes_.size()) {
    auto made = make_change(made_);
    co_await made;
  }
}

/// A removed shard stops when callers have heard of it and it has answered all it had been asked.
sim::Task<> Rebalancer::leave(std::uint32_t shard) {
  co_await simulation_.delay(sim::Duration::seconds(1));
  for (std::uint32_t copy = 0; copy < copies(); ++copy)
    while (!node(shard, copy).idle())
      co_await simulation_.delay(leave_poll);
  setup_.replication.leave(shard);
  for (std::uint32_t copy = 0; copy < copies(); ++copy)
    node(shard, copy).set_present(false);
  --leaving_;
  note("shard stopped", shard_name(shard));
}

}  // namespace headroom
