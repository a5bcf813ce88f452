#include <fmt/format.h>

#include <algorithm>

#include "app/scenario/call_graph.hpp"
#include "app/scenario/checks.hpp"
#include "app/scenario/suggest.hpp"
#include "app/scenario/tiers.hpp"
#include "app/study/arithmetic_workers.hpp"

namespace headroom {

namespace {

std::vector<std::string_view> brokers_of(const ScenarioPlan& plan) {
  std::vector<std::string_view> names;
  for (const auto& [name, service] : plan.services)
    if (is_broker(service)) names.push_back(name);
  return names;
}

std::string hint_for(const ScenarioPlan& plan, const std::string& name) {
  const auto brokers = brokers_of(plan);
  return brokers.empty() ? "there is none: add a service of kind \"queue\" or \"log\""
                         : suggestion(name, brokers);
}

/// Messages are published to brokers, and only that; what is called answers.
void check_step(const Checking& checking, const CallStep& step, const std::string& at) {
  const ScenarioPlan& plan = checking.plan;
  const std::string& name = step.target.service;
  if (plan.services.find(name) == nullptr) return;
  const bool publishes = at.ends_with("/publish");
  if (publishes && !plan.is_broker(name))
    checking.error(at, fmt::format("\"{}\" is neither a queue nor a log", name),
                   hint_for(plan, name));
  if (!publishes && plan.is_broker(name))
    checking.error(at, fmt::format("\"{}\" is a broker: it does nothing for its callers", name),
                   fmt::format("write {{\"publish\": \"{}\"}}", name));
  if (!publishes && plan.worker(name) != nullptr)
    checking.error(at, fmt::format("\"{}\" is a worker: it is not called", name),
                   fmt::format("write {{\"publish\": \"{}\"}}", plan.worker(name)->consumes.name));
}

void check_partitions(const Checking& checking, const std::string& name, const WorkerPlan& worker,
                      const LogPlan& log) {
  const std::string at = service_pointer(name);
  const std::uint32_t own = tier_of(checking.plan, name)->most;
  const auto [members, before] = members_beside(checking.plan, name);
  const std::uint32_t idle = std::min(own, before + own - std::min(before + own, log.partitions));
  const bool is_scaled = checking.plan.services.find(name)->autoscale.has_value();
  if (idle > 0)
    checking.warning(at + (is_scaled ? "/autoscale/max" : "/replicas"),
                     fmt::format("{} workers share {} partitions of \"{}\": {} have nothing to do",
                                 members, log.partitions, worker.consumes.name, idle),
                     "a partition is worked on by one worker of a group at a time");
  if (is_scaled || idle == own || worker.concurrency.is_unlimited()) return;
  const std::int64_t of_one = (log.partitions + members - 1) / members;
  if (worker.concurrency.count > of_one)
    checking.warning(at + "/concurrency",
                     fmt::format("{} slots of a worker that gets {} of {} partitions of \"{}\" at "
                                 "most: {} are never busy",
                                 worker.concurrency.count, of_one, log.partitions,
                                 worker.consumes.name, worker.concurrency.count - of_one),
                     "of a partition there is one piece of work at a time");
}

void check_worker(const Checking& checking, const std::string& name, const WorkerPlan& worker) {
  const ScenarioPlan& plan = checking.plan;
  const std::string at = service_pointer(name);
  const ServicePlan* broker = plan.services.find(worker.consumes.name);
  if (worker.endpoints.size() > 1)
    checking.error(at + "/endpoints", "a worker does one thing with each message",
                   "one endpoint, or one worker for each kind of work");
  if (broker == nullptr) return;
  if (!is_broker(*broker)) {
    checking.error(at + "/consumes",
                   fmt::format("\"{}\" is neither a queue nor a log", worker.consumes.name),
                   hint_for(plan, worker.consumes.name));
    return;
  }
  if (worker.on_error == OnError::dead_letter && dead_letter_of(*broker) == nullptr)
    checking.error(at + "/on_error",
                   fmt::format("\"{}\" has no queue for dead letters", worker.consumes.name),
                   fmt::format("give it a \"dead_letter\"", worker.consumes.name));
  if (worker.on_error != OnError::retry && worker.retry_after != WorkerPlan().retry_after &&
      checking.is_given(at + "/retry_after"))
    checking.warning(at + "/retry_after", "does nothing here: it belongs to on_error retry");
  const auto* log = std::get_if<LogPlan>(&broker->kind);
  if (worker.group && log == nullptr) {
    checking.error(at + "/group", "groups are of a log; all workers of a queue share its messages",
                   "take it out");
  } else if (worker.group && !log->groups.empty() && log->groups.find(*worker.group) == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& [group, terms] : log->groups)
      names.push_back(group);
    checking.error(at + "/group",
                   fmt::format("\"{}\" has no group \"{}\"", worker.consumes.name, *worker.group),
                   suggestion(*worker.group, names));
  }
  if (log != nullptr) check_partitions(checking, name, worker, *log);
}

void check_broker(const Checking& checking, const std::string& name, const ServicePlan& service,
                  bool is_live) {
  const ScenarioPlan& plan = checking.plan;
  const Node* node = at_pointer(checking.document, service_pointer(name));
  const Place place = node ? node->heading() : Place{};
  const auto workers = plan.workers_of(name);
  bool is_aside = false;
  for (const auto& [other, one] : plan.services)
    if (const ServiceRef* aside = dead_letter_of(one)) is_aside = is_aside || aside->name == name;
  if (!is_live)
    checking.diagnostics.error(place, service_pointer(name),
                               fmt::format("nobody publishes to \"{}\"", name),
                               fmt::format("write {{\"publish\": \"{}\"}} in a step that requests "
                                           "get to, or take it out",
                                           name));
  if (workers.empty() && !is_aside)
    checking.diagnostics.error(place, service_pointer(name),
                               fmt::format("nobody consumes the messages of \"{}\"", name),
                               "add a service of kind \"worker\" that consumes it");
  if (const ServiceRef* aside = dead_letter_of(service)) {
    const ServicePlan* to = plan.services.find(aside->name);
    if (to != nullptr && !std::holds_alternative<QueuePlan>(to->kind))
      checking.error(service_pointer(name) + "/dead_letter",
                     fmt::format("\"{}\" is no queue", aside->name),
                     "dead letters go to a service of kind \"queue\"");
  }
  const auto* log = std::get_if<LogPlan>(&service.kind);
  if (log == nullptr) return;
  if (log->groups.size() == 0 && workers.size() > most_groups)
    checking.error(service_pointer(name), "more groups than a log keeps books of",
                   fmt::format("{} at most", most_groups));
  for (const auto& [group, terms] : log->groups) {
    const bool has_member = std::any_of(workers.begin(), workers.end(), [&](const auto& worker) {
      return worker.second->group.value_or(worker.first) == group;
    });
    if (!has_member)
      checking.error(service_pointer(name) + "/groups" + pointer_step(group),
                     fmt::format("no worker is in group \"{}\"", group),
                     fmt::format("write \"group\": \"{}\" in a worker", group));
  }
}

}  // namespace

void check_messages(const Checking& checking, const std::set<std::string>& live) {
  const ScenarioPlan& plan = checking.plan;
  for (const auto& [name, workload] : plan.workloads)
    if (plan.worker(workload.target.service) != nullptr)
      checking.error("/workloads" + pointer_step(name) + "/target",
                     fmt::format("\"{}\" is a worker: it is not called", workload.target.service),
                     fmt::format("\"{}\", whose messages it works on",
                                 plan.worker(workload.target.service)->consumes.name));
  for (const auto& [name, service] : plan.services) {
    if (const auto* balancer = std::get_if<BalancerPlan>(&service.kind)) {
      const bool is_wrong =
          plan.is_broker(balancer->to.name) || plan.worker(balancer->to.name) != nullptr;
      if (is_wrong)
        checking.error(service_pointer(name) + "/to",
                       fmt::format("\"{}\" takes messages: nobody balances it", balancer->to.name),
                       "publish to the queue or log itself");
    }
    if (const ServerPlan* server = server_of(service))
      for (const auto& [endpoint, steps] : server->endpoints)
        for_each_call(
            steps, service_pointer(name) + "/endpoints" + pointer_step(endpoint),
            [&](const CallStep& step, const std::string& at) { check_step(checking, step, at); });
    if (const auto* worker = std::get_if<WorkerPlan>(&service.kind))
      check_worker(checking, name, *worker);
    if (is_broker(service)) check_broker(checking, name, service, live.contains(name));
  }
}

}  // namespace headroom
