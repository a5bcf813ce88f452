#include "app/study/arithmetic_workers.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "app/scenario/tiers.hpp"

namespace headroom {

namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();

double number_of(const Limit& limit) {
  return limit.is_unlimited() ? no_limit : static_cast<double>(limit.count);
}

std::uint32_t most_instances(const ScenarioPlan& plan, const std::string& worker) {
  return tier_of(plan, worker)->most;
}

/// Slots that can be busy at once, all workers of the queue being alike in what they may hold.
double slots_of(const ScenarioPlan& plan, const std::string& name, const WorkerPlan& worker,
                double held) {
  // Chosen: where there is no end to them, they are many more than those of others.
  const double of_one = std::min({number_of(worker.concurrency), held, 1e6});
  return of_one * most_instances(plan, name);
}

}  // namespace

GroupMembers members_beside(const ScenarioPlan& plan, const std::string& worker) {
  const WorkerPlan& own = *plan.worker(worker);
  const std::string group = own.group.value_or(worker);
  GroupMembers members;
  for (const auto& [name, other] : plan.workers_of(own.consumes.name)) {
    if (other->group.value_or(name) != group) continue;
    if (name == worker) members.before = members.all;
    members.all += most_instances(plan, name);
  }
  return members;
}

WorkerShare::WorkerShare(const ScenarioPlan& plan, const std::string& worker) {
  const WorkerPlan& own = *plan.worker(worker);
  const ServicePlan& broker = *plan.services.find(own.consumes.name);
  if (const auto* log = std::get_if<LogPlan>(&broker.kind))
    divide_partitions(plan, worker, *log);
  else
    divide_queue(plan, worker, std::get<QueuePlan>(broker.kind));
}

/// Who has a slot free gets the next message, so all are equally busy.
void WorkerShare::divide_queue(const ScenarioPlan& plan, const std::string& worker,
                               const QueuePlan& queue) {
  const WorkerPlan& own = *plan.worker(worker);
  const double held = queue.prefetch ? number_of(*queue.prefetch) : no_limit;
  const double slots = std::min(number_of(own.concurrency), held);
  batch_ = own.batch;
  if (queue.prefetch && slots < no_limit) batch_ = std::min(batch_, held / slots);
  double all = 0;
  for (const auto& [name, other] : plan.workers_of(own.consumes.name))
    all += slots_of(plan, name, *other, held);
  const std::uint32_t instances = most_instances(plan, worker);
  of_messages_ = slots_of(plan, worker, own, held) / all;
  shares_.assign(instances, of_messages_ / instances);
  at_once_.assign(instances, held);
}

/// As `ConsumerGroup` does.
void WorkerShare::divide_partitions(const ScenarioPlan& plan, const std::string& worker,
                                    const LogPlan& log) {
  const WorkerPlan& own = *plan.worker(worker);
  const std::string group = own.group.value_or(worker);
  const GroupPlan usual;
  const GroupPlan* terms = log.groups.find(group);
  batch_ = std::min(own.batch, terms ? terms->max_poll : usual.max_poll);
  is_divided_ = true;
  const auto [members, first] = members_beside(plan, worker);
  for (std::uint32_t member = first; member < first + most_instances(plan, worker); ++member) {
    const std::uint32_t more = member < log.partitions % members ? 1 : 0;
    at_once_.push_back(log.partitions / members + more);
    shares_.push_back(at_once_.back() / log.partitions);
  }
  of_messages_ = std::accumulate(at_once_.begin(), at_once_.end(), 0.0) / log.partitions;
}

WorkerShare::Units WorkerShare::usable(const Limit& of_one, double pieces) const {
  double sum = 0, busiest = 0;
  bool by_partitions = false;
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    const double held = at_once_[i] > 0 ? at_once_[i] * pieces : 0;
    const double units = std::min(number_of(of_one), held);
    sum += units;
    if (units <= 0 || shares_[i] / units <= busiest) continue;
    busiest = shares_[i] / units;
    by_partitions = is_divided_ && units == held;
  }
  if (sum == no_limit) return {};
  const double imbalance = of_messages_ > 0 ? busiest * sum / of_messages_ : 1;
  return {sum, imbalance > 1 + 1e-9 ? imbalance : 1, by_partitions};
}

}  // namespace headroom
